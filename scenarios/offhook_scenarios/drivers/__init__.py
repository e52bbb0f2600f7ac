"""What makes plans and plays them: processes, clusters, Hypothesis; and what makes them shorter."""
