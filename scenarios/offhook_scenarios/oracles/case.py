"""What an oracle is given: a plan, what happened, and by what a client may be measured."""

from functools import cached_property

import msgspec

from offhook_client.options import DEFAULT, Options
from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.history import History, Probe
from offhook_scenarios.oracles.evidence import assumed_before
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.screen import right_since
from offhook_scenarios.plan.bounds import Bounds, bounds
from offhook_scenarios.plan.plan import Client, Plan
from offhook_scenarios.verdict import Stretch, stretches

GRACE_S = 0.12
"""What nobody is blamed for: bytes that crossed each other, a screen that is being drawn."""
_HAIR_S = 0.001
"""Times are seconds of the epoch, and two sums of the same moment differ by their rounding."""
_BEFORE_S, _AFTER_S = 5.0, 2.0
"""How much of the history a finding shows around the time that it is about."""


class Case(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One played session. Every history is of one desk, in the order of the desks."""

    plan: Plan
    histories: tuple[History, ...] = ()
    checkpoints: tuple[tuple[float, float], ...] = ()
    """Since when all was healed and quiet, and when each screen had to be right at the latest."""
    probes: tuple[Probe, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    """Desk and error, of clients that broke in a verb where they must not."""
    troubles: tuple[str, ...] = ()
    """What asyncio would have logged, and what was left over when all had stopped."""
    stuck: str | None = None
    """Why the session came to no end, if it did not."""
    options: Options = DEFAULT
    """The constants that the client declares."""
    bites: dict[str, int] = {}
    """How often each kind of trouble bit."""
    grace_s: float = GRACE_S
    """More where time is real, and a machine busy."""

    @cached_property
    def limits(self) -> Bounds:
        """The bounds of this client in this plan."""
        return bounds(self.plan, self.options)

    @cached_property
    def wrong(self) -> tuple[tuple[Stretch, ...], ...]:
        """When each screen was wrong, history by history."""
        return tuple(tuple(stretches(history)) for history in self.histories)

    @cached_property
    def righted(self) -> tuple[tuple[float | None, ...], ...]:
        """Since when each screen was right at each checkpoint, history by history."""
        return tuple(
            tuple(right_since(history, at) for _, at in self.checkpoints)
            for history in self.histories
        )

    def awake(self, history: History, at: float) -> float:
        """The first moment from `at` on at which the machine of the desk is awake."""
        naps = [
            step
            for step in self.plan.steps
            if isinstance(step, Client)
            and step.restart is Restart.SLEEP
            and history.desk == f"desk {step.desk}"
        ]
        for nap in sorted(naps, key=lambda nap: nap.at_s):
            start = history.began + nap.at_s
            if start - _HAIR_S <= at < start + nap.lasts_s:
                at = start + nap.lasts_s
        return at

    def found(
        self,
        invariant: Invariant,
        history: History,
        at: float,
        words: str,
        *,
        since: float | None = None,
        by_version: bool = False,
    ) -> Finding:
        """A finding that became sure at `at`, about what began at `since`.

        `by_version`: only a version could have told the client.
        """
        start = at if since is None else since
        return Finding(
            invariant=invariant,
            desk=history.desk,
            words=words,
            at_s=round(at - history.began, 6),
            witness=history.between(start - _BEFORE_S, at + _AFTER_S),
            advisory=by_version or assumed_before(self.plan, history, at, bites=self.bites),
            by_version=by_version,
        )
