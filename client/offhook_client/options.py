"""The client's declared constants. Bounds of the oracles are computed from them."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How patient the client is. Everything in seconds unless its name says otherwise."""

    interactive_deadline_s: float = 10.0
    """For a wish of a person."""
    background_deadline_s: float = 60.0
    """For what nobody waits for: snapshots, re-establishing."""
    request_timeout_s: float = 4.0
    """For one attempt of one request."""
    connect_timeout_s: float = 3.0
    attempts: int = 4
    """Of one request, the first one counted."""
    backoff_base_s: float = 0.25
    backoff_cap_s: float = 20.0
    spread: float = 0.2
    """Share of a `Retry-After` over which its obeyers are spread; 1 for batches."""
    budget_ratio: float = 0.1
    """Retries allowed per request made."""
    budget_floor_per_s: float = 1.0
    budget_life_s: float = 10.0
    ping_interval_s: float = 5.0
    ping_timeout_s: float = 3.0
    close_timeout_s: float = 1.0
    open_timeout_s: float = 5.0
    silence_s: float = 12.0
    """Without any frame for so long the link is held for dead; half-way one is asked for."""
    reconnect_first_s: float = 1.0
    reconnect_cap_s: float = 30.0
    restart_spread_s: float = 5.0
    """Over how long desks come back to a server that said that it restarts or is busy."""
    reset_after_s: float = 60.0
    """The reconnect backoff starts anew after a link this long healthy."""
    poll_s: float = 5.0
    """Fallback: how often a device that is not connected is looked at, should no event come."""
    refresh_at: float = 0.8
    """Share of a token's life after which it is refreshed …"""
    refresh_jitter: float = 0.1
    """… less a random share of up to this."""
    reassertions: int = 5
    """How often a mute is re-asserted within the window before `MuteConflictError`."""
    reassertion_window_s: float = 60.0


DEFAULT = Options()
