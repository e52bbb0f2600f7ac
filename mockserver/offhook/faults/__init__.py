"""Faults as small named values that decide; the shell carries them out and counts that they bit."""
