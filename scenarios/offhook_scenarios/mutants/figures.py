"""How well a mutant was found, as values; `findability` measures them, `page` tells them."""

import msgspec

NETWORKS = 20
"""Of a directed plan: the same steps, other seeds."""
KILLS_MIN = 19
STREAMS = (1_000_000, 2_000_000, 3_000_000)
"""Where each stream of seeds begins: far from those that other tests play."""
SESSIONS = 1_000
"""In which a stream must find a mutant."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one stream of random sessions found."""

    session: int | None
    """Which one showed the mutant, from 1; None: none did."""
    cpu_s: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of one mutant."""

    name: str
    kills: int
    """Of `NETWORKS`."""
    streams: tuple[Found, ...]
