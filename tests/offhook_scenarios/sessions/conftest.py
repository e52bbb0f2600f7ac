"""Plays a session with both desks: on a loop forty times as fast as the wall, and simulated."""

import asyncio
from collections.abc import Callable

import pytest

from offhook_scenarios.loop import loop_factory
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.run import DESKS, play
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.simulated import simulate
from offhook_scenarios.verdict import Lie

SPEED = 40

Judged = Callable[[Session], dict[str, set[str]]]


@pytest.fixture
def judged() -> Judged:
    """From a session to what was found of each desk: the kinds of lies, or the result.

    Classes only, never durations: those depend on how busy the machine is.
    """
    return _judged


def _judged(session: Session) -> dict[str, set[str]]:
    async def both() -> list[Outcome]:
        return await asyncio.gather(*(play(session, desk, seed=1) for desk in DESKS))

    with asyncio.Runner(loop_factory=loop_factory(SPEED)) as runner:
        outcomes = runner.run(both())
    simulated = [simulate(session, desk, seed=1).outcome for desk in DESKS]
    assert [outcome.error for outcome in (*outcomes, *simulated)] == [None] * 4
    found = {outcome.desk: _found(outcome) for outcome in outcomes}
    assert {outcome.desk: _found(outcome) for outcome in simulated} == found, "as on the wire"
    return found


def _found(outcome: Outcome) -> set[str]:
    assert outcome.verdict is not None, "an outcome without an error has a verdict"
    lies = {lie.value for lie in Lie if outcome.verdict.longest_s(lie) > 0}
    return lies or {outcome.result.value}
