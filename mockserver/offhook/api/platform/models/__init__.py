"""Messages of the platform dialect, under the names that the official SDKs give them."""
