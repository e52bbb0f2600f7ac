"""What must hold of every client in every session, one invariant a file."""
