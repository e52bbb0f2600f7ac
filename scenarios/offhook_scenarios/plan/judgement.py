"""A plan, played in virtual time and judged by every oracle."""

from collections.abc import Callable

import msgspec

from offhook_scenarios.faults.simulated import SimulatedNetwork
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.excuses import Excused, excuse
from offhook_scenarios.oracles.finding import Finding, Invariant, gravity
from offhook_scenarios.oracles.register import unbelievable
from offhook_scenarios.oracles.table import ORACLES
from offhook_scenarios.plan.floor import Floor, MakeClient, Played
from offhook_scenarios.plan.plan import Plan, Weather
from offhook_scenarios.sim.errors import SimulationError
from offhook_scenarios.sim.loop import where
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.trace import Trace
from offhook_scenarios.sim.world import World
from offhook_scenarios.verdict import Lie

__all__ = ["Finding", "Invariant", "Judged", "run_plan"]
"""What judging is about, and the one call; findings and invariants live in `oracles.finding`."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, played and judged."""

    plan: Plan
    findings: tuple[Finding, ...]
    """The gravest first."""
    digest: str
    elapsed_s: float
    converged_s: tuple[float, ...] = ()
    """How long after the quiet began a screen was right, by desk and checkpoint, where it was."""
    exposed_s: float = 0.0
    """The longest time in which a screen said muted and the caller could hear."""
    bites: dict[str, int] = {}
    """How often each kind of trouble bit, those that never did too."""
    excused: tuple[Excused, ...] = ()
    """What no client could have done under the plan's policies; see `oracles.excuses`."""
    not_judged: dict[Invariant, str] = {}
    """What could not be judged of this client, and what it would have to say for that."""
    log: tuple[str, ...] = ()
    """The end of what clients outside this process have logged, first who they were."""


def run_plan(
    plan: Plan,
    make: MakeClient,
    *,
    watch: Callable[[Played], None] = lambda _played: None,
    trace: Trace | None = None,
) -> Judged:
    """Play a plan in a world of its own, and judge it. Not on a running loop.

    `watch` is shown what happened, before it is judged; never, if the play came to no end.
    `trace` takes down what goes over the network; the digest is its.
    """
    weather: Weather = plan.weather
    conditions = Conditions(latency_s=weather.latency_s, jitter_s=weather.jitter_s)
    played: Played | None = None
    stuck: str | None = None
    with World(plan.seed, order=plan.order, conditions=conditions, trace=trace) as world:

        async def main() -> Played:
            return await Floor(plan, SimulatedNetwork(world.network), make).run()

        try:
            played = world.run(main())
        except SimulationError as error:
            stuck = str(error)
        else:
            world.troubles += [*left_over(world), *kept(played)]
    if played is not None:
        watch(played)
    case = case_of(plan, played, troubles=tuple(world.troubles), stuck=stuck)
    return judged(
        case,
        digest=world.trace.digest,
        elapsed_s=world.elapsed_s,
    )


def case_of(
    plan: Plan,
    played: Played | None,
    *,
    troubles: tuple[str, ...] = (),
    stuck: str | None = None,
    grace_s: float = GRACE_S,
) -> Case:
    """What the oracles are given of a played plan; without `played` it came to no end."""
    if played is None:
        return Case(plan=plan, troubles=troubles, stuck=stuck)
    return Case(
        plan=plan,
        histories=played.histories,
        checkpoints=tuple(zip(played.checkpoints, played.judged, strict=True)),
        probes=played.probes,
        broken=played.broken,
        troubles=troubles,
        options=played.options,
        bites=played.bites,
        grace_s=grace_s,
    )


def judged(case: Case, *, digest: str, elapsed_s: float) -> Judged:
    """Let every oracle judge, and set aside what no client could have done.

    All of them judge by the mock: its register must not have broken.
    """
    broken = next(unbelievable(case), None)
    assert broken is None, f"the mock broke: {broken}"
    found = sorted((each for oracle in ORACLES for each in oracle.judge(case)), key=gravity)
    unjudged = {oracle.id: why for oracle in ORACLES if (why := oracle.unjudged(case)) is not None}
    return Judged(
        plan=case.plan,
        findings=tuple(finding for finding in found if excuse(case, finding) is None),
        digest=digest,
        elapsed_s=elapsed_s,
        converged_s=tuple(
            max(0.0, since - quiet)
            for righted in case.righted
            for (quiet, _), since in zip(case.checkpoints, righted, strict=True)
            if since is not None
        ),
        exposed_s=exposed_s(case),
        bites=case.bites,
        excused=tuple(row for finding in found if (row := excuse(case, finding)) is not None),
        not_judged=unjudged,
    )


def left_over(world: World) -> list[str]:
    """Tasks that outlived the stop of all."""
    return [f"a task was left over, {where(task)}" for task in world.loop.unfinished()]


def kept(played: Played) -> list[str]:
    """Connections that clients held on to when they had stopped."""
    return [f"connection {number} of {desk} was left open" for desk, number in played.kept]


def exposed_s(case: Case) -> float:
    """The longest time in which a screen said muted and the caller could hear."""
    lies = (stretch for wrong in case.wrong for stretch in wrong if stretch.lie is Lie.LIVE)
    return max((lie.duration_s for lie in lies), default=0.0)
