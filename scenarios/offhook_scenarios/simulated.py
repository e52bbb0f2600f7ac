"""Plays a session in virtual time: the same server, desk and script as on the wire, no socket.

The same seed, task order, code, Python minor and library versions give the same bytes.
"""

import msgspec

from offhook_scenarios.outcome import Outcome
from offhook_scenarios.run import play
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.world import World
from offhook_scenarios.verdict import EXPOSURE_BUDGET_S


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, and what a second run must repeat."""

    outcome: Outcome
    digest: str
    """Of every byte that was delivered, and when."""
    elapsed_s: float
    """Virtual seconds."""
    turns: int
    """Turns of the event loop."""


def simulate(
    session: Session,
    desk: str,
    *,
    seed: int,
    order: Order = Order.FIFO,
    conditions: Conditions = Conditions(),  # noqa: B008 - a frozen value.
    budget_s: float = EXPOSURE_BUDGET_S,
) -> Simulated:
    """Play `session` with the desk of that name in a world of its own. Not on a running loop.

    What asyncio would have logged (an exception that nobody took) is an error of the outcome.
    Raises `SimulationError` when the simulation itself cannot go on.
    """
    with World(seed, order=order, conditions=conditions) as world:
        outcome = world.run(play(session, desk, seed=seed, budget_s=budget_s))
    if world.troubles:
        outcome = Outcome(session=session, desk=desk, error=world.troubles[0])
    return Simulated(
        outcome=outcome,
        digest=world.trace.digest,
        elapsed_s=world.elapsed_s,
        turns=world.loop.turns,
    )
