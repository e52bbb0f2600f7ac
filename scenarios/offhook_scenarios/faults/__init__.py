"""The faults of a plan in play: one class each, begun, healed, counted."""
