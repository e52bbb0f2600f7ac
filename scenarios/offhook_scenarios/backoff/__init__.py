"""The backoff lab: what retries of many clients do to a server that is limited."""
