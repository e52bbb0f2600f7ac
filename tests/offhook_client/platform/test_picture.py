"""Several calls, one microphone."""

import pytest

from offhook_client.models import Belief, Gate, Link, Shown, Source
from offhook_client.platform import picture


def belief(shown: Shown, gate: Gate = Gate.CUT) -> Belief:
    muted = shown in {Shown.MUTED, Shown.MUTING}
    return Belief(
        shown=shown,
        gate=gate,
        desired=muted,
        source=Source.USER,
        observed=muted,
        version=None,
        cause="native",
        link=Link.LIVE,
        status="connected",
        client_id="p",
    )


LIVE = belief(Shown.LIVE, Gate.OPEN)
MUTED = belief(Shown.MUTED)
UNKNOWN = belief(Shown.UNKNOWN, Gate.OPEN)

TOGETHER = [
    ([], Shown.UNKNOWN),
    ([LIVE], Shown.LIVE),
    ([MUTED, MUTED], Shown.MUTED),
    ([MUTED, LIVE], Shown.UNKNOWN),
    ([MUTED, UNKNOWN], Shown.UNKNOWN),
    ([LIVE, belief(Shown.MUTING)], Shown.MUTING),
    ([belief(Shown.UNMUTING), UNKNOWN], Shown.UNMUTING),
    ([belief(Shown.UNMUTING), belief(Shown.MUTING)], Shown.MUTING),
]


@pytest.mark.parametrize(("beliefs", "expected"), TOGETHER)
def test_what_calls_show_together(beliefs: list[Belief], expected: Shown) -> None:
    assert picture.shown(beliefs, Link.LIVE) is expected
    assert picture.shown(beliefs, Link.SUBSCRIBING) is Shown.UNKNOWN


GATES = [
    ([], None, Gate.CUT),
    ([LIVE], None, Gate.OPEN),
    ([LIVE], False, Gate.OPEN),
    ([LIVE], True, Gate.CUT),
    ([LIVE, LIVE], False, Gate.OPEN),
    ([LIVE, MUTED], False, Gate.CUT),
]


@pytest.mark.parametrize(("beliefs", "wish", "expected"), GATES)
def test_the_gate_opens_only_for_what_every_call_confirms(
    beliefs: list[Belief], wish: object, expected: Gate
) -> None:
    assert picture.gate(beliefs, wish=wish if wish is None else bool(wish)) is expected


def test_what_calls_do_not_agree_on_is_not_claimed() -> None:
    together = picture.belief([LIVE, MUTED], link=Link.LIVE, wish=None)
    assert (together.desired, together.observed, together.source) == (None, None, Source.USER)
    assert (together.version, together.cause, together.client_id) == (None, None, None)
    alone = picture.belief([], link=Link.LIVE, wish=True)
    assert (alone.desired, alone.source, alone.gate) == (True, Source.USER, Gate.CUT)
    assert picture.belief([], link=Link.LIVE, wish=None).source is None
