"""Renumbering keeps order and neighbourhood, and the protocol cannot tell."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.register import Accepted, Register
from offhook_client.models import Source, Version
from offhook_client.signals import MuteEvent, SendMute
from offhook_client.state import Fact, State, Wish
from offhook_scenarios.search.numbering import WIDTH, marks, renumbered, renumbering
from offhook_scenarios.search.parts import TooLargeError

STATE = State(
    desired=Wish(True, 4, Source.USER, seen=Version(1, 3)),
    generation=7,
    observed=Fact(True, Version(1, 9), "self"),
    buffered=(MuteEvent(muted=True, version=Version(1, 10), cause="self", seq=4),),
)


def bits(*versions: int, generations: tuple[int, ...] = ()) -> int:
    return sum(1 << one for one in versions) | sum(1 << WIDTH + one for one in generations)


def test_marks_are_found_wherever_they_are() -> None:
    assert marks(STATE) == bits(3, 9, 10, generations=(4, 7))
    assert marks((SendMute(generation=2, muted=True, if_match=Version(1, 5)),)) == bits(
        5, generations=(2,)
    )


def test_of_the_register_what_only_a_full_memory_looks_at_is_no_version() -> None:
    register = Register(epoch=1, rev=6, accepted=(Accepted("desk", 3, 2),))
    assert marks(register) == bits(6, generations=(3,))


def test_renumbered_the_order_is_the_same_and_neighbours_are_neighbours() -> None:
    by = renumbering(marks(STATE))
    assert by is not None
    assert by.versions == {3: 1, 9: 3, 10: 4}
    assert by.generations == {0: 0, 4: 1, 7: 2}
    after = renumbered(STATE, by)
    assert marks(after) == bits(1, 3, 4, generations=(1, 2))
    assert renumbering(marks(after)) is None


def test_what_holds_truth_and_not_numbers_is_left_as_it_is() -> None:
    by = renumbering(marks(STATE))
    assert by is not None
    after = renumbered(STATE, by)
    assert after.desired is not None
    assert after.desired.muted is True
    assert after.status is None


@given(st.sets(st.integers(0, WIDTH - 1)), st.sets(st.integers(0, WIDTH - 1)))
def test_any_marks_are_renumbered_once(versions: set[int], generations: set[int]) -> None:
    by = renumbering(bits(*versions, generations=tuple(generations)))
    if by is None:
        return
    old = sorted(by.versions)
    new = [by.versions[one] for one in old]
    assert new == sorted(set(new))
    for (low, high), (low_new, high_new) in zip(pairwise(old), pairwise(new), strict=True):
        assert (high - low == 1) is (high_new - low_new == 1)
    again = bits(*new, generations=tuple(by.generations.values()))
    assert renumbering(again) is None


def test_a_number_beyond_the_marks_is_told() -> None:
    with pytest.raises(TooLargeError, match="met rev 30: choose a smaller budget"):
        marks(Version(1, WIDTH))
