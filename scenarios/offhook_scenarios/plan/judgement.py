"""The invariants that are checked of a played plan, by their numbers in the literature of ours.

I0  the client neither hangs nor runs in a circle, and nothing of it escapes
I1  once all is quiet the screen becomes right, and says so, within the computed bound
I2  the screen does not say muted while the caller can hear, for longer than the bound (privacy)
I3  the screen does not say live while the caller cannot hear, for longer than the bound
I10 the client does not break, and leaves nothing behind that asyncio would complain of
"""

from collections.abc import Callable, Iterator

import msgspec

from offhook_scenarios.adapters.adapter import UNAWARE, Belief
from offhook_scenarios.history import History, Sighting, Truth
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.plan.bounds import Bounds, bounds
from offhook_scenarios.plan.floor import Floor, MakeClient, Played
from offhook_scenarios.plan.plan import Plan, Weather
from offhook_scenarios.sim.errors import SimulationError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.world import World
from offhook_scenarios.verdict import Lie, is_right, stretches

__all__ = ["Finding", "Invariant", "Judged", "run_plan"]
"""What judging is about, and the one call; findings and invariants live in `oracles.finding`."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, played and judged."""

    plan: Plan
    findings: tuple[Finding, ...]
    digest: str
    elapsed_s: float
    converged_s: tuple[float, ...] = ()
    """How long after the quiet began a screen was right, by desk and checkpoint, where it was."""
    exposed_s: float = 0.0
    """The longest time in which a screen said muted and the caller could hear."""
    bites: dict[str, int] = {}
    """How often each fault of the server bit."""
    excused: tuple[Finding, ...] = ()
    """What no client could have done under the plan's policies; see `oracles.excuses`."""
    not_judged: dict[Invariant, str] = {}
    """What could not be judged of this client, and what it would have to say for that."""


def run_plan(
    plan: Plan, make: MakeClient, *, watch: Callable[[Played], None] = lambda _played: None
) -> Judged:
    """Play a plan in a world of its own, and judge it. Not on a running loop.

    `watch` is shown what happened, before it is judged; never, if the play came to no end.
    """
    weather: Weather = plan.weather
    conditions = Conditions(latency_s=weather.latency_s, jitter_s=weather.jitter_s)
    played: Played | None = None
    findings: list[Finding] = []
    with World(plan.seed, order=plan.order, conditions=conditions) as world:

        async def main() -> Played:
            return await Floor(plan, world, make).run()

        try:
            played = world.run(main())
        except SimulationError as error:
            findings.append(Finding(invariant=Invariant.I0, desk="all", words=str(error)))
    findings += [
        Finding(invariant=Invariant.I10, desk="all", words=trouble) for trouble in world.troubles
    ]
    if played is None:
        return Judged(
            plan=plan,
            findings=tuple(findings),
            digest=world.trace.digest,
            elapsed_s=world.elapsed_s,
        )
    watch(played)
    limits = bounds(plan)
    findings += [
        Finding(invariant=Invariant.I10, desk=desk, words=f"the client broke: {error}")
        for desk, error in played.broken
    ]
    for history in played.histories:
        findings += lies(history, limits)
        findings += unsettled(history, played, limits)
    return Judged(
        plan=plan,
        findings=tuple(findings),
        digest=world.trace.digest,
        elapsed_s=world.elapsed_s,
        converged_s=tuple(
            max(0.0, since - quiet)
            for history in played.histories
            for quiet, judged in zip(played.checkpoints, played.judged, strict=True)
            if (since := right_since(history, judged)) is not None
        ),
        exposed_s=max(map(exposed_s, played.histories), default=0.0),
        bites=_bites(played),
    )


_OF_LIE = {Lie.LIVE: Invariant.I2, Lie.UNHEARD: Invariant.I3}


def lies(history: History, limits: Bounds) -> list[Finding]:
    """I2 and I3."""
    return [
        Finding(
            invariant=_OF_LIE[stretch.lie],
            desk=history.desk,
            words=(
                f"{stretch.lie.meaning} for {stretch.duration_s:.3f} s from "
                f"{stretch.start - history.began:.3f} s on; at most {limits.exposure_s:.3f} s "
                "can be excused"
            ),
        )
        for stretch in stretches(history)
        if stretch.duration_s > limits.exposure_s
    ]


def exposed_s(history: History) -> float:
    """The longest time in which the screen said muted and the caller could hear."""
    return max((s.duration_s for s in stretches(history) if s.lie is Lie.LIVE), default=0.0)


def unsettled(history: History, played: Played, limits: Bounds) -> list[Finding]:
    """I1: at each checkpoint the screen is right, and says so."""
    return [
        Finding(
            invariant=Invariant.I1,
            desk=history.desk,
            words=(
                f"the screen is not right {limits.convergence_s:.1f} s after all was quiet, at "
                f"{at - history.began:.1f} s: {_shown(history, at)}"
            ),
        )
        for at in played.judged
        if right_since(history, at) is None
    ]


def right_since(history: History, at: float) -> float | None:
    """Since when the screen has said what is so, looking back from just before `at`."""
    since: float | None = None
    for entry_at, belief, truths in _states(history, at):
        if not is_right(belief, truths.values()):
            since = None
        elif since is None:
            since = entry_at
    return since


def _states(history: History, at: float) -> Iterator[tuple[float, Belief, dict[str, Truth]]]:
    """What was believed and true after each piece of news before `at`."""
    belief, truths = UNAWARE, dict[str, Truth]()
    news: list[Sighting | Truth] = [*history.sightings, *history.truths]
    for entry in sorted(news, key=lambda entry: entry.at):
        if entry.at >= at:
            return
        if isinstance(entry, Sighting):
            belief = entry.belief
        else:
            truths[entry.device_id] = entry
        yield entry.at, belief, truths


def _shown(history: History, at: float) -> str:
    _, belief, truths = list(_states(history, at))[-1]
    held = ", ".join(
        f"{truth.status.value} and {'muted' if truth.muted else 'live'}"
        for truth in truths.values()
    )
    return f"it says {belief.shown.value}, the device is {held or 'not there'}"


def _bites(played: Played) -> dict[str, int]:
    counts: dict[str, int] = {}
    for history in played.histories:
        for trouble in history.troubles:
            counts[trouble.name] = counts.get(trouble.name, 0) + len(trouble.bites)
    return counts
