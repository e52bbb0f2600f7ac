"""What is read from the journal: arrivals, whose they are, and what they were told."""

from typing import Any

import pytest

from offhook.journal import Entry, Journal
from offhook_scenarios.score.seen import NO_ANSWER, WRITES, Arrival, Press, Seen, read_arrivals

MUTE = "postWebrtcClientMute"


def exchange(at: float, **facts: object) -> Entry:
    known: dict[str, Any] = {
        "arrived_at": at,
        "method": "POST",
        "path": "/api/v2/x",
        "operation": MUTE,
        "status": 429,
        "correlation_id": f"c-{at}",
        "token_id": "t-1",
    }
    return Entry(seq=1, at=at, kind="exchange", facts={**known, **facts})


def abort(at: float, correlation_id: str) -> Entry:
    facts: dict[str, object] = {
        "verdict": "Abort",
        "correlation_id": correlation_id,
        "operation": MUTE,
        "token_id": "t-1",
    }
    return Entry(seq=1, at=at, kind="fault", facts=facts)


def arrival(at: float, *, status: int = 429, client: int = 0, told: str | None = None) -> Arrival:
    return Arrival(
        at=at,
        answered_at=at,
        operation=MUTE,
        method="POST",
        status=status,
        client=client,
        retry_after=told,
    )


def seen(*arrivals: Arrival, clients: int = 1, presses: tuple[Press, ...] = ()) -> Seen:
    return Seen(
        probe="seconds",
        clients=clients,
        began=0.0,
        ended=100.0,
        arrivals=arrivals,
        presses=presses,
    )


def test_an_exchange_becomes_an_arrival() -> None:
    (found,) = read_arrivals(
        [exchange(5.0, retry_after="3", intent="desk:1", status=429)], {"t-1": 4}
    )
    assert (found.at, found.status, found.client, found.key) == (5.0, 429, 4, "desk:1")
    assert found.asked_until == 8.0
    assert not found.applied


def test_a_channel_s_socket_belongs_to_whoever_made_the_channel() -> None:
    entry = exchange(1.0, operation="getChannelSocket", path="/channels/s-1", token_id=None)
    (found,) = read_arrivals([entry], {"s-1": 3})
    assert found.client == 3


def test_control_and_other_entries_are_left_out() -> None:
    journal = Journal()
    journal.record("clock", at=1.0)
    assert read_arrivals([*journal.entries(), exchange(1.0, path="/_offhook/v1/state")], {}) == ()


def test_a_write_whose_answer_was_lost_took_effect() -> None:
    (found,) = read_arrivals([exchange(1.0, status=204), abort(1.5, "c-1.0")], {})
    assert (found.status, found.applied, found.answered_at) == (NO_ANSWER, True, 1.5)


def test_what_was_broken_on_its_way_in_arrived_too() -> None:
    (found,) = read_arrivals([abort(2.0, "c-9")], {"t-1": 0})
    assert (found.status, found.applied, found.at, found.client) == (NO_ANSWER, False, 2.0, 0)


def test_what_a_fault_answered_took_no_effect() -> None:
    (found,) = read_arrivals([exchange(1.0, status=204, fault="f-1")], {})
    assert not found.applied


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("7", 17.0),
        (" 7 ", 17.0),
        ("0", 10.0),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 60.0),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_rfc_9110_has_it(told: str | None, until: float | None) -> None:
    assert arrival(10.0, told=told).asked_until == until


def test_gaps_and_waits_are_those_of_each_client() -> None:
    look = seen(
        arrival(1.0, told="2"),
        arrival(1.5, client=1),
        arrival(4.0),
        arrival(9.5, client=1, status=204),
        clients=2,
    )
    assert look.gaps(WRITES) == [[3.0], [8.0]]
    assert look.waits(WRITES) == [(2.0, 3.0, 0)]
    assert [found.at for found in look.of(WRITES, 1)] == [1.5, 9.5]
    assert look.of(frozenset()) == ()
