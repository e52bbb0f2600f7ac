"""A plan is a troubled session as data: written down, generated from a seed, played, judged."""
