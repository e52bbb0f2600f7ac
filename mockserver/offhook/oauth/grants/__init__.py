"""One file a grant. `table` says which endpoint serves which."""
