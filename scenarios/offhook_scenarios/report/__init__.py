"""What was found, as a table and as a picture."""
