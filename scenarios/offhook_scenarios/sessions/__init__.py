"""Twelve troubled sessions, one file each."""
