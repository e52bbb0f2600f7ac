"""The exhaustive search: the real protocol against the real register, within a budget."""
