"""Watchers: told what each end was told, at that moment, and nothing that was lost."""

from collections.abc import Callable
from typing import Any

from offhook_scenarios.sim.tap import Lose
from offhook_scenarios.sim.trace import Way
from offhook_scenarios.sim.world import World


class Notes:
    """A watcher that writes down."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.told: list[tuple[object, ...]] = []

    def _note(self, *what: object) -> None:
        self.told.append((round(self._world.elapsed_s, 4), *what))

    def dialled(self, connection: int, host: str) -> None:
        self._note("dialled", connection, host)

    def wrote(self, connection: int, way: Way, data: bytes) -> None:
        self._note("wrote", connection, way, data)

    def delivered(self, connection: int, way: Way, data: bytes) -> None:
        self._note("delivered", connection, way, data)

    def ended(self, connection: int, way: Way) -> None:
        self._note("ended", connection, way)


def test_bytes_are_told_when_written_and_when_handed_over(
    world: World, pair_of: Callable[[World], Any]
) -> None:
    notes = Notes(world)
    world.network.watchers.append(notes)
    pair = pair_of(world)
    assert notes.told == [(0.0, "dialled", 1, "client")]
    notes.told.clear()
    pair.client.transport.write(b"hello")
    pair.after()
    assert notes.told == [
        (0.001, "wrote", 1, Way.UP, b"hello"),
        (0.0015, "delivered", 1, Way.UP, b"hello"),
    ]


def test_what_is_lost_is_never_told_as_delivered(
    world: World, pair_of: Callable[[World], Any]
) -> None:
    notes = Notes(world)
    world.network.watchers.append(notes)
    world.network.taps.append(lambda sending: Lose() if sending.data == b"hello" else None)
    pair = pair_of(world)
    pair.client.transport.write(b"hello")
    pair.after()
    assert [what[1] for what in notes.told] == ["dialled", "wrote"]


def test_each_end_is_told_to_have_let_go_once(
    world: World, pair_of: Callable[[World], Any]
) -> None:
    notes = Notes(world)
    world.network.watchers.append(notes)
    pair = pair_of(world)
    notes.told.clear()
    pair.client.transport.close()
    pair.after()
    assert [what[1:] for what in notes.told] == [("ended", 1, Way.DOWN), ("ended", 1, Way.UP)]
