"""The demo: the tutorial's complete example, then every desk through every session.

Everything shares one loop, whose clock runs `speed` times as fast as the wall's: servers,
clients and scripts see minutes, the person who waits sees seconds. The desk in Node has a loop
of its own (`offhook_scenarios.node_plays`).
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from offhook_scenarios.adapters.javascript import JavascriptDesk
from offhook_scenarios.adapters.node import Node, NoNodeError
from offhook_scenarios.complete_example import ExampleRun, play_example
from offhook_scenarios.loop import loop_factory
from offhook_scenarios.node_plays import NodePlays
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.run import play
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.together import together

AT_ONCE = 8
"""How many plays share the loop at one time, so that starting them does not delay the rest."""


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """A whole demo. Outcomes are in the order of the catalogue, desk by desk in each session."""

    seed: int
    speed: float
    example: ExampleRun | None = None
    """Of the tutorial; None when it was not played."""
    outcomes: tuple[Outcome, ...]
    remarks: tuple[str, ...] = ()
    """What must be said beside the findings: of a desk that was not played, for one."""

    @property
    def broken(self) -> bool:
        """Whether the machinery failed somewhere, so that not everything was judged."""
        failed = any(outcome.result is Result.ERROR for outcome in self.outcomes)
        return failed or (self.example is not None and self.example.error is not None)


def run_demo(
    sessions: Sequence[Session],
    desks: Sequence[str],
    *,
    seed: int,
    speed: float,
    node: Node | NoNodeError | None = None,
    done: Callable[[Outcome], None] = lambda _outcome: None,
) -> Demo:
    """Run the demo to its end, on a loop of its own. `done` hears of each outcome as it comes.

    With `node` the desk on the JavaScript SDK plays too, or its absence is told.
    """
    if not isinstance(node, Node):
        played = _on_one_loop(sessions, desks, seed=seed, speed=speed, done=done)
        remark = () if node is None else (f"{JavascriptDesk.NAME} was not played: {node}",)
        return msgspec.structs.replace(played, remarks=remark)
    with NodePlays(sessions, node, seed=seed, speed=speed, done=done) as plays:
        played = _on_one_loop(sessions, desks, seed=seed, speed=speed, done=done)
        outcomes = _beside(played.outcomes, plays.outcomes(), each=len(desks))
        return msgspec.structs.replace(played, outcomes=outcomes, remarks=(plays.remark,))


def _beside(
    outcomes: tuple[Outcome, ...], last: tuple[Outcome, ...], *, each: int
) -> tuple[Outcome, ...]:
    """`each` outcomes of every session, and one of `last` behind them."""
    joined: list[Outcome] = []
    for number, outcome in enumerate(last):
        joined += [*outcomes[number * each : (number + 1) * each], outcome]
    return tuple(joined)


def _on_one_loop(
    sessions: Sequence[Session],
    desks: Sequence[str],
    *,
    seed: int,
    speed: float,
    done: Callable[[Outcome], None],
) -> Demo:
    with asyncio.Runner(loop_factory=loop_factory(speed)) as runner:
        return runner.run(_demo(sessions, desks, seed=seed, speed=speed, done=done))


async def _demo(
    sessions: Sequence[Session],
    desks: Sequence[str],
    *,
    seed: int,
    speed: float,
    done: Callable[[Outcome], None],
) -> Demo:
    example = await play_example(seed=seed)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(session: Session, desk: str) -> Outcome:
        async with room:
            outcome = await play(session, desk, seed=seed)
        done(outcome)
        return outcome

    plays = [one(session, desk) for session in sessions for desk in desks]
    outcomes = await together(plays)
    return Demo(
        seed=seed,
        speed=speed,
        example=example,
        outcomes=outcomes,
    )
