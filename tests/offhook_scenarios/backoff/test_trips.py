"""The loop over round trips, with an engine that is told what happens in each."""

from typing import Any

import pytest

from offhook_scenarios.backoff.herd import FLOOD, Herd, Outcome
from offhook_scenarios.backoff.servers import Server, TokenBucket
from offhook_scenarios.backoff.trips import play_all

HERD = Herd(clients=10)


class Script:
    """Plays so many events in each trip, of which so many clients are done."""

    def __init__(self, later: dict[int, tuple[int, int]]) -> None:
        self.herd = HERD
        self.later: dict[int, Any] = later
        self.played: list[int] = []

    def play(self, _server: Server, trip: int) -> tuple[int, int]:
        self.played.append(trip)
        came, done = self.later.pop(trip)
        return came, done

    def outcome(self, ended: str | None) -> Outcome:
        return Outcome(
            clients=10,
            arrivals=[],
            served=[],
            total_calls=0,
            gave_up=0,
            told=0,
            early=0,
            ended=ended,
            each=None,
        )


def test_empty_round_trips_are_skipped_and_progress_is_told() -> None:
    told: list[float] = []
    script = Script({0: (10, 4), 7: (6, 1), 8: (5, 5)})
    assert play_all(script, TokenBucket(8.0), told.append).ended is None
    assert script.played == [0, 7, 8]
    assert told == pytest.approx([0.4, 0.5, 1.0])


def test_a_flood_is_ended() -> None:
    script = Script({0: (10 * FLOOD + 1, 0), 1: (1, 1)})
    assert "a flood" in str(play_all(script, TokenBucket(8.0), None).ended)
    assert script.played == [0]


def test_what_takes_too_long_is_ended_and_says_who_waits() -> None:
    script = Script({0: (10, 3), 10**9: (7, 7)})
    assert str(play_all(script, TokenBucket(8.0), None).ended).startswith("7 clients were not done")
    assert script.played == [0]
