"""Plays a plan over real sockets and judges it: `run_plan` for clients that cannot be simulated.

Time is real, so a play is as long as its session, and two plays of a plan differ in their bytes:
a finding here is as good as in the simulation, and silence is worth less.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from offhook_client.options import Options
from offhook_scenarios.loop import loop_factory
from offhook_scenarios.oracles.case import GRACE_S
from offhook_scenarios.plan.bounds import bounds
from offhook_scenarios.plan.floor import STAYS_RIGHT_S, Floor, MakeClient, Played
from offhook_scenarios.plan.judgement import Judged, case_of, judged, kept
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.run import START_WITHIN_S
from offhook_scenarios.sim.loop import where
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.wire.proxy import ProxyNetwork

NOISE_S = 0.02
"""Seconds of the wall that may lie between the proxy and a client, either way."""
STUCK_AFTER_S = 120.0
"""Seconds beyond all bounds after which a play is given up."""
LOOK_S = 5.0
"""How often it is looked whether it is."""


def run_plan_on_wire(
    plan: Plan,
    make: MakeClient,
    *,
    speed: float = 1.0,
    watch: Callable[[Played], None] = lambda _played: None,
) -> Judged:
    """Play a plan on loopback, and judge it by the same oracles. Not on a running loop.

    `make` is called with a seed for each desk and returns any `Adapter`: its client may live in
    this process, in another one or in a browser. It is started with the origin of its desk's own
    door of the proxy (`Config.api`), and must dial nothing else.

    `speed`, from 1 to 100, is how fast the loop of this process runs. More than 1 is sound only
    for clients that live on it: others have clocks of their own. The tasks of a client in this
    process must end with its `stop`. `watch` is shown what happened before it is judged; never,
    if the play came to no end. The digest is empty: no second play has the same bytes.

    Raises what keeps a client from starting, as a failure of the machinery, and `ValueError`
    for a speed out of range.
    """
    troubles: list[str] = []
    played: Played | None = None
    stuck: str | None = None
    with asyncio.Runner(loop_factory=loop_factory(speed)) as runner:
        loop = runner.get_loop()
        loop.set_exception_handler(lambda _, context: troubles.append(_told(context)))
        began = loop.time()
        try:
            played = runner.run(_play(plan, make, troubles))
        except _StuckError as error:
            stuck = str(error)
        elapsed_s = loop.time() - began
    if played is not None:
        watch(played)
        troubles += kept(played)
    case = case_of(
        plan, played, troubles=tuple(troubles), stuck=stuck, grace_s=GRACE_S + NOISE_S * speed
    )
    return judged(case, digest="", elapsed_s=elapsed_s)


GIVES_UP_WITHIN_S = 10.0
"""Seconds for a client to let go after its play was given up."""


class _StuckError(Exception):
    """The play came to no end."""


async def _play(plan: Plan, make: MakeClient, troubles: list[str]) -> Played:
    weather = plan.weather
    conditions = Conditions(latency_s=weather.latency_s, jitter_s=weather.jitter_s)
    floor = Floor(plan, ProxyNetwork(seed=plan.seed, conditions=conditions), make)
    loop = asyncio.get_running_loop()
    began = loop.time()
    playing = asyncio.create_task(floor.run())
    while not playing.done():
        # What the client declares is known once it has been made.
        limit_s = longest_s(plan, floor.options)
        left_s = began + limit_s - loop.time()
        if left_s <= 0:
            await _give_up(floor, playing)
            raise _StuckError(f"The session is not over after {limit_s:.0f} s.")
        await asyncio.wait([playing], timeout=min(LOOK_S, left_s))
    played = playing.result()
    mine = asyncio.current_task()
    left = [task for task in asyncio.all_tasks() if task is not mine and not task.done()]
    troubles += sorted(f"a task was left over, {where(task)}" for task in left)
    return played


async def _give_up(floor: Floor, playing: "asyncio.Task[Played]") -> None:
    """Twice, because the first cancellation may end in a stop that has no end either."""
    for _ in range(2):
        playing.cancel()
        await asyncio.wait([playing], timeout=GIVES_UP_WITHIN_S)
    await floor.abandon()


def longest_s(plan: Plan, options: Options) -> float:
    """More than any play of this plan takes, of a client that declares these constants."""
    limits = bounds(plan, options)
    return (
        plan.desks * START_WITHIN_S
        + plan.ends_s
        + 2 * (limits.convergence_s + STAYS_RIGHT_S)
        + options.reset_after_s
        + 3 * limits.prompt_s
        + STUCK_AFTER_S
    )


def _told(context: dict[str, Any]) -> str:
    error = context.get("exception")
    return f"{context.get('message', '')}{f': {error!r}' if error else ''}"
