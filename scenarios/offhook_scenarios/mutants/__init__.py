"""Mutants: the reference client with one bug each, to prove that the oracles have teeth."""
