"""Named sessions: each a plan in a file of its own, after something that people met in public."""
