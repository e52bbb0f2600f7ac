"""`offhook check` and `offhook replay`: a client through generated trouble, in virtual time."""
