"""How patient the client is with the platform, beside its `Options`."""

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in seconds."""

    ping_s: float = 5.0
    """So long after a pong comes the next `{"message": "ping"}` …"""
    pong_s: float = 3.0
    """… and so long it is waited for: then the link is held for dead."""
    patience_s: float = 3.0
    """How long after a 202 what is read may still contradict it, for want of being applied."""
    audit_s: float = 15.0
    """A last event that was lost is found by nothing else: so often is everything read again."""
    renewal_s: float = 21_600.0
    """How often topics are subscribed again: it extends the channel's 24 hours."""


DEFAULT = Pace()
