"""Requests read, answers written: one table of operations, one order of refusal. Pure."""
