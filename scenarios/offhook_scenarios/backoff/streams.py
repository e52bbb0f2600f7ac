"""Chance for each client alone: a stream is a function of seed, client, attempt and draw.

So adding a client changes nobody else's draws, and two policies meet the same luck. The numbers
are those of SplitMix64 (Steele, Lea, Flood 2014) at a place made of the four, which is as easily
computed for a million clients at once (`offhook_scenarios.backoff.vectors`).
"""

from random import Random
from typing import Any

MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
ATTEMPT_SHIFT = 16
"""An attempt has room for 65,536 draws before the next one's begin."""
CLIENT_SHIFT = 40
"""A client has room for 16 million attempts, and there may be 16 million clients."""
UNIT = 2.0**-53


def mix(number: int) -> int:
    """Scatter 64 bits."""
    number = ((number ^ (number >> 30)) * FIRST) & MASK
    number = ((number ^ (number >> 27)) * SECOND) & MASK
    return number ^ (number >> 31)


LOW = MASK >> CLIENT_SHIFT
LOW_GAMMA = GAMMA & LOW


class Stream(Random):
    """A `random.Random` that can be aimed at one client's attempt. All its distributions work.

    `aim` before each use. Attempt 0 is the client's start.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self._base = mix(seed & MASK)
        self.rows: list[int] = []
        """What each attempt adds to the state, as far as it has been asked for: see `aim`."""
        self.state = self._base
        """`base + place · GAMMA`, before the next number is drawn."""

    def aim(self, client: int, attempt: int) -> None:
        """Begin the stream of an attempt of a client. Both count from 0, or as you like.

        What the client adds to the state needs the low bits of GAMMA only, and what the attempt
        adds is remembered: herds aim often.
        """
        if attempt >= len(self.rows):
            self.reach(attempt)
        self.state = ((client * LOW_GAMMA & LOW) << CLIENT_SHIFT) + self.rows[attempt]
        self.gauss_next = None

    def reach(self, attempt: int) -> None:
        """Make the rows up to this attempt's."""
        self.rows += (
            self._base + ((number << ATTEMPT_SHIFT) * GAMMA & MASK)
            for number in range(len(self.rows), attempt + 1)
        )

    def random(self) -> float:
        """The next number of [0, 1)."""
        self.state = number = (self.state + GAMMA) & MASK
        number = ((number ^ (number >> 30)) * FIRST) & MASK
        number = ((number ^ (number >> 27)) * SECOND) & MASK
        return ((number ^ (number >> 31)) >> 11) * UNIT

    def uniform(self, a: float, b: float) -> float:
        """A number between `a` and `b`."""
        return a + (b - a) * self.random()

    def getrandbits(self, k: int, /) -> int:
        """An integer of `k` random bits."""
        found = 0
        for _ in range(0, k, 64):
            self.state = (self.state + GAMMA) & MASK
            found = found << 64 | mix(self.state)
        return found >> (-k % 64)

    def seed(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: a stream is aimed, not seeded."""

    def getstate(self) -> tuple[Any, ...]:
        """Where the stream stands."""
        return self._base, self.state, self.gauss_next

    def setstate(self, state: tuple[Any, ...]) -> None:
        """Go back to where `getstate` was called."""
        self._base, self.state, self.gauss_next = state
