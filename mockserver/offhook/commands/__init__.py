"""The verbs of the command line, one a file. They import what is heavy only when they run."""
