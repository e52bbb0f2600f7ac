"""How a client, whatever it is, is started, used and believed."""
