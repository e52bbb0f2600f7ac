"""What a check has found, as values: told in `words`, written down in `document`."""

import time

import msgspec

from offhook_scenarios.check.found import Found
from offhook_scenarios.check.moments import Moment, moments
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import Plan


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A check, over or ended early."""

    setup: Setup
    sessions: str
    """Which ones were to be played, in words."""
    tally: Tally
    found: tuple[Found, ...] = ()
    """The shortest session of each invariant that broke, the shortest of all at first."""
    wall_s: float
    """How long playing took."""
    shortened_s: float = 0.0
    """How long shortening took, the plays of the reference client included."""
    ended_early: str | None = None
    """Why not all sessions were played."""
    interrupted: bool = False
    """By Ctrl-C."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One session, with what happened in it."""

    judged: Judged
    played: Played | None
    """None: it came to no end."""
    took_s: float = 0.0
    """How long it took on the wall."""

    @property
    def digest(self) -> str:
        """Of every byte that was delivered, and when."""
        return self.judged.digest

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Who did what when, and what came of it."""
        return () if self.played is None else moments(self.judged.plan, self.played)


def show(plan: Plan, setup: Setup) -> Shown:
    """Play it, and watch. Raises what `Setup.play` raises."""
    seen: list[Played] = []
    began = time.monotonic()
    judged = setup.play(plan, watch=seen.append)
    took_s = time.monotonic() - began
    return Shown(judged=judged, played=seen[0] if seen else None, took_s=took_s)
