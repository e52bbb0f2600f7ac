"""I6: waits that were asked for, and storms."""

import msgspec
import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.history import Ask, Stream
from offhook_scenarios.oracles.politeness import ASKS_MAX, DIALS_MAX, Politeness


def refused(wait_s: float = 5.0) -> Story:
    return Story().asks(9).answered(10, 429, retry_after_s=wait_s)


@pytest.mark.parametrize(
    "story",
    [
        refused().asks(15),
        refused().asks(14.9999),
        # On its way when the answer came, its connection still being dialled for it.
        refused().asks(10.4, dialled_at=9.9),
        # On its way when the answer came; and under other credentials, or none.
        refused().asks(10).asks(10.1),
        refused().asks(11, whose="credentials 2"),
        refused().asks(11, whose=""),
        # A program that was started since was told nothing.
        refused().acts(10.5, "restarts the client").asks(11),
        # It asked for nothing, or for no wait.
        Story().asks(9).answered(10, 429).asks(11),
        refused(0.0).asks(10.5),
        Story().asks(9).answered(10, 503, retry_after_s=5.0).asks(11),
    ],
)
def test_who_waits_or_was_not_asked_to_is_polite(story: Story) -> None:
    assert story.judged(Politeness()) == []


@pytest.mark.parametrize("at", [10.2, 12.0, 14.9])
def test_who_comes_too_early_is_not(at: float) -> None:
    (words,) = refused().asks(at).judged(Politeness())
    assert words == f"GET /me {at - 10:.3f} s after a 429 that asked for 5 s"


def test_what_was_restarted_before_or_only_slept_is_bound_all_the_same() -> None:
    assert len(refused().acts(9.5, "restarts the client").asks(11).judged(Politeness())) == 1
    assert len(refused().acts(10.5, "lets the machine sleep").asks(11).judged(Politeness())) == 1


def test_a_connection_dialled_after_the_refusal_excuses_nothing() -> None:
    assert len(refused().asks(10.9, dialled_at=10.5).judged(Politeness())) == 1


def test_a_refusal_is_told_once_however_often_it_is_ignored() -> None:
    assert len(refused().asks(11).asks(12).asks(13).judged(Politeness())) == 1


def test_a_refusal_without_credentials_binds_those_without() -> None:
    story = Story().answered(10, 429, retry_after_s=5.0, whose="").asks(11, whose="")
    assert len(story.judged(Politeness())) == 1


def test_a_storm_is_more_dials_than_are_allowed_in_a_window() -> None:
    steady = Story().dials([index * 5.01 / DIALS_MAX for index in range(200)])
    assert steady.judged(Politeness()) == []
    storm = Story().dials([10 + index * 0.05 for index in range(DIALS_MAX + 1)])
    assert storm.judged(Politeness()) == ["61 dials in 5 s"]


def test_requests_of_one_client_storm_too() -> None:
    steady, storm = Story(), Story()
    for index in range(2 * ASKS_MAX):
        steady = steady.asks(10 + index * 5.01 / ASKS_MAX)
        storm = storm.asks(10 + index * 0.05)
    assert steady.judged(Politeness()) == []
    assert storm.judged(Politeness()) == ["61 requests of one client in 5 s"]


def closed_again_and_again(
    *, pause_s: float, lasts_s: float = 0.1, count: int = 12, tokens: int = 1
) -> Story:
    story, at = Story(), 10.0
    for number in range(count):
        history = story.history
        ask = Ask(
            at=at + 0.05,
            connection=number,
            method="GET",
            path="/events",
            whose=f"credentials {number % tokens}",
            dialled_at=at,
        )
        stream = Stream(at=at + 0.1, connection=number, ended_at=at + 0.1 + lasts_s)
        story = story._changed(asks=(*history.asks, ask), streams=(*history.streams, stream))
        at += 0.1 + lasts_s + pause_s
    return story


def test_a_socket_that_is_closed_again_and_again_is_not_dialled_at_once() -> None:
    (words,) = closed_again_and_again(pause_s=0.01).judged(Politeness())
    assert words == "6 sockets in a row, each dialled again at once when it had ended"


@pytest.mark.parametrize(
    "story",
    [
        closed_again_and_again(pause_s=0.3),
        # Each was there for long; or so few that it may be by chance.
        closed_again_and_again(pause_s=0.01, lasts_s=6.0),
        closed_again_and_again(pause_s=0.01, count=6),
        # Each with a new token: it was the desk that let go of the one before.
        closed_again_and_again(pause_s=0.01, tokens=2),
        # The next was dialled before the one before had ended: a second one beside it.
        closed_again_and_again(pause_s=-0.05),
    ],
)
def test_who_waits_or_was_served_for_long_may_dial_again(story: Story) -> None:
    assert story.judged(Politeness()) == []


def test_desks_storm_together() -> None:
    one = Story().dials([10.0] * 31).case()
    two = Story(desk="desk 2").dials([11.0] * 31).case()
    both = msgspec.structs.replace(one, histories=(*one.histories, *two.histories))
    assert [found.desk for found in Politeness().judge(both)] == ["desk 2"]
    assert Politeness().judge(one) == []


def test_who_comes_back_by_the_clock_is_found() -> None:
    (words,) = Story().dials([float(at) for at in range(0, 100, 5)]).judged(Politeness())
    assert words.startswith("no jitter: it waits the same from dial to dial, or twice as long: 5.0")
