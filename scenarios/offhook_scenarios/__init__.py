"""Troubled sessions, and the judges who say whether a client told the truth in them."""
