"""The same plans over real sockets: a mock, a proxy that makes trouble, and any client."""
