"""The way from one host to another: how long it takes, and whether anything gets through."""

from collections.abc import Callable

import msgspec


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """How long bytes are under way: `latency_s` and a random share of `jitter_s`, from 0."""

    latency_s: float = 0.0005
    jitter_s: float = 0.0


class Path:
    """One direction between two hosts. What is sent while it is held waits, as TCP resends it."""

    def __init__(self, source: str, target: str, conditions: Conditions) -> None:
        self.source = source
        self.target = target
        self.conditions = conditions
        self.held = False
        self._waiting: dict[Callable[[], None], None] = {}

    def hold(self) -> None:
        """Let nothing through until `release`: half of a partition."""
        self.held = True

    def release(self) -> None:
        """Let through what has waited, in the order in which it came to wait."""
        self.held = False
        waiting, self._waiting = self._waiting, {}
        for resume in waiting:
            resume()

    def when_open(self, resume: Callable[[], None]) -> None:
        """Call `resume` once at the next release; asking twice is once."""
        self._waiting[resume] = None

    def forget(self, resume: Callable[[], None]) -> None:
        """Do not call it after all."""
        self._waiting.pop(resume, None)
