"""Thin shells round the pure core: sockets, timers, the running loop. No rule of the domain."""
