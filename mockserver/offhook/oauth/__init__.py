"""The pure authorization server: tokens, clients and one file a grant."""
