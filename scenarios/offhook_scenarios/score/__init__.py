"""The backoff report card: what a client does with refusals, seen from the server."""
