"""Judging: by table for single moments, by a brute-force sampler for whole histories."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Gate, Shown
from offhook_scenarios.history import Act, History, Sighting, Trouble, Truth
from offhook_scenarios.verdict import (
    CARRIES_MEDIA,
    Lie,
    Stretch,
    Verdict,
    audible,
    is_right,
    judge,
    stretches,
    wrong_at,
)

LENGTH = 20


def screen(at: float, shown: Shown, gate: Gate = Gate.UNKNOWN) -> Sighting:
    return Sighting(at=at, belief=Belief(shown=shown, gate=gate))


def truth(
    at: float, *, muted: bool, status: Status = Status.CONNECTED, device_id: str = "d1"
) -> Truth:
    return Truth(at=at, device_id=device_id, status=status, muted=muted, cause=None)


def history(
    *news: Sighting | Truth, acts: tuple[Act, ...] = (), troubles: tuple[Trouble, ...] = ()
) -> History:
    return History(
        session="s",
        desk="d",
        began=0,
        ended=LENGTH,
        sightings=tuple(n for n in news if isinstance(n, Sighting)),
        truths=tuple(n for n in news if isinstance(n, Truth)),
        acts=acts,
        troubles=troubles,
    )


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("muted", [True, False])
def test_a_device_is_audible_when_it_carries_media_and_is_not_muted(
    status: Status, *, muted: bool
) -> None:
    carries = status in {Status.CONNECTED, Status.DISCONNECTED}
    assert (status in CARRIES_MEDIA) is carries
    assert audible(truth(0, muted=muted, status=status)) is (carries and not muted)


@pytest.mark.parametrize("shown", Shown)
@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize("muted", [True, False])
def test_only_muted_and_live_can_lie(shown: Shown, gate: Gate, *, muted: bool) -> None:
    heard = not muted and gate is not Gate.CUT
    expected = {
        (Shown.MUTED, True): Lie.LIVE,
        (Shown.LIVE, False): Lie.UNHEARD,
    }.get((shown, heard))
    assert wrong_at(Belief(shown=shown, gate=gate), [truth(0, muted=muted)]) is expected


def test_one_audible_device_is_enough_to_be_heard() -> None:
    devices = [truth(0, muted=True), truth(0, muted=False, device_id="d2")]
    assert wrong_at(Belief(shown=Shown.MUTED), devices) is Lie.LIVE


def test_without_any_device_nobody_is_heard() -> None:
    assert wrong_at(Belief(shown=Shown.LIVE), []) is Lie.UNHEARD
    assert wrong_at(Belief(shown=Shown.MUTED), []) is None


def test_a_lie_lasts_from_the_change_of_truth_to_the_change_of_belief() -> None:
    found = history(
        truth(0, muted=True),
        screen(0, Shown.MUTED),
        truth(3, muted=False),
        screen(8, Shown.LIVE),
    )
    assert judge(found) == Verdict(lies=(Stretch(3, 8, Lie.LIVE),))


def test_what_changes_nothing_does_not_split_a_lie() -> None:
    found = history(
        truth(0, muted=False),
        screen(0, Shown.MUTED),
        truth(4, muted=False, status=Status.DISCONNECTED),
        screen(5, Shown.MUTED, Gate.OPEN),
    )
    assert list(stretches(found)) == [Stretch(0, LENGTH, Lie.LIVE)]


def test_one_lie_may_follow_the_other_without_a_gap() -> None:
    found = history(
        truth(0, muted=False), screen(0, Shown.MUTED), truth(6, muted=True), screen(6, Shown.LIVE)
    )
    assert list(stretches(found)) == [
        Stretch(0, 6, Lie.LIVE),
        Stretch(6, LENGTH, Lie.UNHEARD),
    ]


def test_news_of_one_moment_counts_as_one() -> None:
    found = history(
        truth(0, muted=False), screen(0, Shown.LIVE), truth(5, muted=True), screen(5, Shown.MUTED)
    )
    assert list(stretches(found)) == []


def test_what_is_older_than_the_session_is_what_it_began_with() -> None:
    found = history(truth(-3, muted=False), screen(-2, Shown.MUTED), screen(1, Shown.LIVE))
    assert list(stretches(found)) == [Stretch(0, 1, Lie.LIVE)]


def test_what_comes_after_the_end_is_not_judged() -> None:
    found = history(truth(0, muted=True), screen(0, Shown.MUTED), truth(LENGTH, muted=False))
    assert list(stretches(found)) == []


@pytest.mark.parametrize(("budget_s", "lies", "slips"), [(1.9, 1, 0), (2.0, 0, 1), (3.0, 0, 1)])
def test_a_stretch_within_the_budget_is_a_slip(budget_s: float, lies: int, slips: int) -> None:
    found = history(
        truth(0, muted=True), screen(0, Shown.MUTED), truth(3, muted=False), screen(5, Shown.LIVE)
    )
    verdict = judge(found, budget_s=budget_s)
    assert (len(verdict.lies), len(verdict.slips)) == (lies, slips)


def test_durations_are_summed_and_the_longest_is_told() -> None:
    verdict = Verdict(
        lies=(Stretch(0, 3, Lie.LIVE), Stretch(5, 12, Lie.LIVE), Stretch(13, 17, Lie.UNHEARD))
    )
    assert (verdict.total_s(Lie.LIVE), verdict.longest_s(Lie.LIVE)) == (10, 7)
    assert (verdict.total_s(Lie.UNHEARD), verdict.longest_s(Lie.UNHEARD)) == (4, 4)
    assert Verdict().longest_s(Lie.LIVE) == 0


PRESS = Act(at=5, who="agent", what="presses mute", wish=True)


@pytest.mark.parametrize(
    ("acts", "muted", "lost"),
    [
        ((), False, False),
        ((PRESS,), False, True),
        ((PRESS,), True, False),
        ((PRESS, Act(at=6, who="supervisor", what="unmutes the agent")), False, False),
        ((PRESS, Act(at=6, who="agent", what="presses unmute", wish=False)), False, False),
        ((PRESS, Act(at=6, who="agent", what="presses unmute", wish=False)), True, True),
    ],
)
def test_a_wish_is_lost_when_nobody_else_has_overruled_it(
    acts: tuple[Act, ...], *, muted: bool, lost: bool
) -> None:
    assert judge(history(truth(0, muted=muted), acts=acts)).wish_lost is lost


def test_a_fault_that_never_bit_is_told() -> None:
    troubles = (
        Trouble(at=1, until=9, name="answer lost", bites=(4.0,)),
        Trouble(at=1, until=9, name="event lost", bites=()),
    )
    assert judge(history(troubles=troubles)).unexercised == ("event lost",)


MOMENTS = st.integers(0, LENGTH)
SIGHTINGS = st.lists(
    st.builds(screen, MOMENTS, st.sampled_from(Shown), st.sampled_from(Gate)), max_size=8
)
TRUTHS = st.lists(
    st.builds(
        truth,
        MOMENTS,
        muted=st.booleans(),
        status=st.sampled_from(Status),
        device_id=st.sampled_from(["d1", "d2"]),
    ),
    max_size=8,
)


def sampled(found: History, at: float) -> Lie | None:
    """The judgement of one moment, by looking everything up anew."""
    belief = UNAWARE
    for sighting in found.sightings:
        if sighting.at <= at:
            belief = sighting.belief
    heard = False
    for device_id in ("d1", "d2"):
        known = [t for t in found.truths if t.device_id == device_id and t.at <= at]
        if known:
            last = known[-1]
            on = last.status in {Status.CONNECTED, Status.DISCONNECTED} and not last.muted
            heard = heard or on
    if belief.gate is Gate.CUT:
        heard = False
    if belief.shown is Shown.MUTED:
        return Lie.LIVE if heard else None
    if belief.shown is Shown.LIVE:
        return None if heard else Lie.UNHEARD
    return None


@given(sightings=SIGHTINGS, truths=TRUTHS)
def test_stretches_are_what_a_sampler_sees(sightings: list[Sighting], truths: list[Truth]) -> None:
    sightings.sort(key=lambda sighting: sighting.at)
    truths.sort(key=lambda entry: entry.at)
    found = history(*sightings, *truths)
    claimed = list(stretches(found))
    for second in range(LENGTH):
        moment = second + 0.5
        here = [s.lie for s in claimed if s.start <= moment < s.end]
        expected = sampled(found, moment)
        assert here == ([] if expected is None else [expected])
    for before, after in pairwise(claimed):
        assert before.end <= after.start
        assert before.end < after.start or before.lie is not after.lie, "neighbours are joined"


@pytest.mark.parametrize(
    ("shown", "muted", "right"),
    [
        (Shown.MUTED, True, True),
        (Shown.LIVE, False, True),
        (Shown.MUTED, False, False),
        (Shown.LIVE, True, False),
        (Shown.UNKNOWN, True, False),
        (Shown.MUTING, True, False),
    ],
)
def test_a_screen_is_right_when_it_claims_what_is_so(
    shown: Shown, *, muted: bool, right: bool
) -> None:
    device = Truth(at=0, device_id="d", status=Status.CONNECTED, muted=muted, cause=None)
    assert is_right(Belief(shown=shown), [device]) is right
