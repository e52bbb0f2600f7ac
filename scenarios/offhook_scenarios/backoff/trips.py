"""A herd's round trips, one after the other, whichever engine plays the events of each."""

from typing import Any, Protocol

from offhook_scenarios.backoff.herd import FLOOD, Herd, Outcome, Progress
from offhook_scenarios.backoff.servers import Server


class Engine(Protocol):
    """What has happened so far, and how it goes on."""

    herd: Herd
    later: dict[int, Any]
    """Who comes in each of the round trips that are to be played."""

    def play(self, server: Server, trip: int) -> tuple[int, int]:
        """Play the events of a round trip: how many there were, how many clients are done."""

    def outcome(self, ended: str | None) -> Outcome:
        """What is known now; `ended` says why it goes on no longer."""


def play_all(engine: Engine, server: Server, progress: Progress | None) -> Outcome:
    """Play until every client is served or has given up, or it has gone on for too long."""
    herd = engine.herd
    latest = int(herd.latest_s(server.capacity_per_s, server.idle_s) / herd.round_trip_s)
    waiting, calls, trip = herd.clients, 0, 0
    while engine.later:
        if trip not in engine.later:
            trip = min(engine.later)
        if trip > latest:
            at_s = latest * herd.round_trip_s
            return engine.outcome(f"{waiting} clients were not done after {at_s:.0f} s")
        came, done = engine.play(server, trip)
        calls += came
        waiting -= done
        if progress is not None:
            progress(1.0 - waiting / herd.clients)
        trip += 1
        if calls > FLOOD * herd.clients:
            return engine.outcome(f"a flood: more than {FLOOD} calls for each client")
    return engine.outcome(None)
