"""Whether a session is the same from play to play, and where it parts if it is not."""

from offhook_scenarios.check.setup import quiet
from offhook_scenarios.plan.floor import MakeClient
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.sim.trace import Divergence, Trace, first_divergence


def divergence(plan: Plan, make: MakeClient) -> Divergence | None:
    """Where two plays of it here and now part, in virtual time; None if they are the same.

    If they do, something in the client is no part of the simulation: a set ordered by addresses,
    what one play leaves to the next, or a clock or chance that is not reached. Raises what a
    client raises that will not start.
    """
    one, other = Trace(keep=True), Trace(keep=True)
    with quiet():
        for trace in (one, other):
            run_plan(plan, make, trace=trace)
    return first_divergence(one.kept, other.kept)
