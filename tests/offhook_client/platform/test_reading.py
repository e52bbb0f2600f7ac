"""What an event and a read mean, state by state."""

from typing import Any

import pytest

from offhook_client import signals
from offhook_client.models import Link, Source
from offhook_client.platform import reading
from offhook_client.platform.models import Leg
from offhook_client.state import Fact, Flight, Progress, State, Wish


def leg(*, muted: bool, state: str = "connected") -> Leg:
    return Leg(call_id="c", participant_id="p", state=state, muted=muted)


def known(muted: bool, **fields: Any) -> State:  # noqa: FBT001 - tables read better so.
    """Live, at rest, and read so."""
    base: dict[str, Any] = {
        "link": Link.LIVE,
        "observed": Fact(muted, None, None),
        "desired": Wish(muted, 1, Source.USER),
    }
    return State(**{**base, **fields})


WANTS_MUTE = Wish(True, 2, Source.USER)
MUTE_FLIES = Flight(2, True, None, False)
HELD = Fact(True, None, "native")

HINTS = [
    # What is known already is no news; what contradicts it is a reason to read.
    (known(False), False, signals.Beat),
    (known(False), True, signals.Garbled),
    (known(False, asking=True), False, signals.Garbled),
    (known(False, link=Link.SUBSCRIBING), False, signals.Garbled),
    (State(link=Link.LIVE), False, signals.Garbled),
    # While a wish is in the air, its echo is expected; a read follows the answer anyway.
    (known(False, desired=WANTS_MUTE, progress=Progress.DUE), True, signals.Beat),
    (known(False, desired=WANTS_MUTE, progress=Progress.DUE), False, signals.Garbled),
    (
        known(False, desired=WANTS_MUTE, progress=Progress.PROCESSED, asking=True),
        True,
        signals.Beat,
    ),
    # A read that was begun before the answer must be made anew.
    (known(False, desired=WANTS_MUTE, progress=Progress.DUE, asking=True), True, signals.Garbled),
    # Somebody's mute waits for the wish: an event may take it back.
    (known(True, progress=Progress.DUE, held=HELD), True, signals.Beat),
    (
        known(True, desired=Wish(False, 2, Source.USER), progress=Progress.DUE, held=HELD),
        False,
        signals.Garbled,
    ),
]


@pytest.mark.parametrize(("state", "muted", "expected"), HINTS)
def test_an_event_is_no_news_or_a_reason_to_read(
    state: State, muted: object, expected: type[signals.Signal]
) -> None:
    assert type(reading.hint(state, leg(muted=bool(muted)))) is expected


def test_an_event_of_a_leg_that_is_not_live_is_always_a_reason_to_read() -> None:
    ended = leg(muted=False, state="disconnected")
    assert reading.hint(known(False), ended) == signals.Garbled()


CAUSES = [
    (known(False), True, reading.OTHERS),
    (known(False), False, None),
    (known(True), True, None),
    (known(True), False, None),
    (State(), True, None),
    (known(False, ghost=True), True, None),
    (known(False, flight=MUTE_FLIES), True, None),
    (known(False, desired=WANTS_MUTE, progress=Progress.UNSURE), True, None),
    (known(False, progress=Progress.DUE), True, reading.OTHERS),
]


@pytest.mark.parametrize(("state", "muted", "cause"), CAUSES)
def test_a_mute_that_cannot_be_this_desks_is_somebodys_wish(
    state: State, muted: object, cause: str | None
) -> None:
    look = reading.snapshot(state, leg(muted=bool(muted)))
    assert (look.muted, look.version, look.cause) == (bool(muted), None, cause)


def test_a_read_is_early_only_when_it_contradicts_a_202() -> None:
    state = known(False, desired=WANTS_MUTE, progress=Progress.PROCESSED, asking=True)
    assert reading.is_early(state, leg(muted=False))
    assert not reading.is_early(state, leg(muted=True))
    assert not reading.is_early(known(False), leg(muted=True))


def test_a_mute_that_was_accepted_and_is_not_there_is_wished_for_once_more() -> None:
    state = known(False, desired=WANTS_MUTE, progress=Progress.PROCESSED, asking=True)
    wish, look = reading.read(state, leg(muted=False))
    assert wish == signals.Toggled(muted=True)
    assert isinstance(look, signals.Snapshot)


def test_an_unmute_that_was_accepted_and_is_not_there_is_not() -> None:
    wish = Wish(False, 2, Source.USER)
    state = known(True, desired=wish, progress=Progress.PROCESSED, asking=True)
    (look,) = reading.read(state, leg(muted=True))
    assert isinstance(look, signals.Snapshot)


def test_a_read_that_nobody_asked_for_is_heeded_when_it_is_news() -> None:
    assert reading.read(known(False), leg(muted=False)) == ()
    doubt, look = reading.read(known(False), leg(muted=True))
    assert (doubt, type(look)) == (signals.Garbled(), signals.Snapshot)
    assert reading.read(known(False, progress=Progress.DUE), leg(muted=True)) == ()
