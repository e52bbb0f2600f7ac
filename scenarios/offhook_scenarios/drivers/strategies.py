"""Plans for Hypothesis: `@given(plans())`. Needs `pip install 'offhook[hypothesis]'`.

They are of the same kinds as those that `offhook check` draws from its seeds, by the same table.
Hypothesis draws the structure itself (kinds, gaps, arguments), never a seed to draw from, so that
it can shrink a plan that fails: to few steps, presses before troubles, the harmless before the
harsh, short before long.
"""

from collections.abc import Collection

import hypothesis.strategies as st

from offhook_scenarios.plan.kinds import KINDS, ONCE
from offhook_scenarios.plan.plan import Plan, Press, Step, Weather, check_plan
from offhook_scenarios.plan.swarm import GAP_MAX_S, STEPS_MAX
from offhook_scenarios.sim.ready import Order

NETWORKS = 100
"""From how many seeds of the network one is drawn: plans fail on most of them, or on few."""
_MS = 0.001


def plans(
    *,
    desks_max: int = 2,
    steps_max: int = STEPS_MAX,
    kinds: Collection[str] = tuple(KINDS),
) -> st.SearchStrategy[Plan]:
    """Plans with up to so many desks and steps, and these kinds of trouble (`kinds.KINDS`).

    Raises `ValueError` for a kind that there is not.
    """
    if unknown := set(kinds) - set(KINDS):
        raise ValueError(f"There is no kind {min(unknown)!r}: {', '.join(KINDS)}.")
    return _plan(desks_max, steps_max, [kind for kind in KINDS if kind in kinds])


@st.composite
def _plan(draw: st.DrawFn, desks_max: int, steps_max: int, kinds: list[str]) -> Plan:
    desks = draw(st.integers(1, desks_max))
    steps: list[Step] = []
    at_s = 1.0
    for gap_ms in draw(st.lists(st.integers(0, int(GAP_MAX_S / _MS)), max_size=steps_max)):
        at_s = round(at_s + gap_ms * _MS, 3)
        desk = draw(st.integers(1, desks))
        if not kinds or not draw(st.booleans()):
            steps.append(draw(presses(at_s, desk)))
            continue
        kind = draw(st.sampled_from(kinds))
        steps.append(draw(troubles(kind, at_s, desk)))
        if kind in ONCE:
            kinds = [other for other in kinds if other not in ONCE]
    plan = Plan(
        seed=draw(st.integers(0, NETWORKS - 1)),
        order=draw(st.sampled_from(Order)),
        weather=draw(_weather()),
        desks=desks,
        steps=tuple(steps),
    )
    check_plan(plan)
    return plan


def presses(at_s: float, desk: int = 1) -> st.SearchStrategy[Step]:
    """The agent presses mute, or unmute."""
    return st.sampled_from([True, False]).map(
        lambda muted: Press(at_s=at_s, desk=desk, muted=muted)
    )


def troubles(kind: str, at_s: float, desk: int = 1) -> st.SearchStrategy[Step]:
    """A step of this kind, from `plan.kinds.KINDS`."""
    return st.randoms(use_true_random=False).map(lambda rng: KINDS[kind](rng, at_s, desk))


def _weather() -> st.SearchStrategy[Weather]:
    def made(latency_ms: int, jitter_ms: int) -> Weather:
        return Weather(latency_s=latency_ms * _MS, jitter_s=jitter_ms * _MS)

    return st.just(Plan().weather) | st.builds(made, st.integers(1, 50), st.integers(0, 100))
