"""`offhook check` and `offhook replay`: a client through trouble, in virtual time or on a wire."""
