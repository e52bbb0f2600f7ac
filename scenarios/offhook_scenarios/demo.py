"""The demo: the tutorial's complete example, then every desk through every session.

Everything shares one loop, whose clock runs `speed` times as fast as the wall's: servers,
clients and scripts see minutes, the person who waits sees seconds.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from offhook_scenarios.complete_example import ExampleRun, play_example
from offhook_scenarios.loop import loop_factory
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.run import play
from offhook_scenarios.sessions.session import Session

AT_ONCE = 8
"""How many plays share the loop at one time, so that starting them does not delay the rest."""


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """A whole demo. Outcomes are in the order of the catalogue, desk by desk in each session."""

    seed: int
    speed: float
    example: ExampleRun
    outcomes: tuple[Outcome, ...]

    @property
    def broken(self) -> bool:
        """Whether the machinery failed somewhere, so that not everything was judged."""
        failed = any(outcome.result is Result.ERROR for outcome in self.outcomes)
        return failed or self.example.error is not None


def run_demo(
    sessions: Sequence[Session],
    desks: Sequence[str],
    *,
    seed: int,
    speed: float,
    done: Callable[[Outcome], None] = lambda _outcome: None,
) -> Demo:
    """Run the demo to its end, on a loop of its own. `done` hears of each outcome as it comes."""
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
    outcomes = await asyncio.gather(*plays)
    return Demo(
        seed=seed,
        speed=speed,
        example=example,
        outcomes=tuple(outcomes),
    )
