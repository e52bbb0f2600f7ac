"""The explorer, on worlds that are easy to count."""

from collections.abc import Iterable, Iterator

import pytest

from offhook_scenarios.search import explorer
from offhook_scenarios.search.explorer import Explorer, Move, TooManyWorldsError

STEP = 0x9E3779B9
"""Far apart, so that worlds are large numbers, too."""


class Walk:
    """A walk on a grid: right by itself as far as the wall, up as often as trouble comes."""

    def __init__(self, width: int, height: int, *, hole: tuple[int, int] | None = None) -> None:
        self.width, self.height, self.hole = width, height, hole
        self.start = 0

    def internal(self, world: int) -> list[Move]:
        x, y = self._at(world)
        return [("right", 0, self._world(x + 1, y))] if x < self.width else []

    def trouble(self, world: int) -> list[Move]:
        x, y = self._at(world)
        return [("up", 0, self._world(x, y + 1))] if y < self.height else []

    def broken(self, world: int) -> str:
        return "hole" if self._at(world) == self.hole else ""

    def wrong(self, world: int) -> Iterable[str]:
        if self._at(world) == (self.width, self.height):
            yield "corner"

    def _at(self, world: int) -> tuple[int, int]:
        return divmod(world // STEP, self.height + 1)

    def _world(self, x: int, y: int) -> int:
        return (x * (self.height + 1) + y) * STEP


def test_every_world_is_visited_once_and_judged_at_rest() -> None:
    found = Explorer(Walk(30, 20)).run()
    assert found.worlds == 31 * 21
    assert found.resting == 21
    assert found.steps == 30 * 21 + 31 * 20
    assert found.violations == {"corner": 1}
    assert len(found.paths["corner"]) == 50


def test_the_table_grows_and_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "FIRST_BITS", 8)
    found = Explorer(Walk(199, 99)).run()
    assert found.worlds == 20_000
    assert found.stored_bytes < 20_000 * 25


def test_a_path_says_which_move_was_made() -> None:
    found = Explorer(Walk(2, 1)).run()
    x, path = 0, found.paths["corner"]
    for choice in path:
        if x == 2:
            assert choice == 0  # Only trouble is left.
        x += choice == 0 and x < 2
    assert len(path) == 3


def test_what_is_broken_is_not_left() -> None:
    found = Explorer(Walk(1, 1, hole=(1, 0))).run()
    assert found.violations == {"hole": 1, "corner": 1}
    assert found.paths["hole"] == (0,)
    assert found.paths["corner"] == (1, 0)
    assert found.steps == 3


def test_it_can_stop_at_the_first_violation() -> None:
    found = Explorer(Walk(9, 9, hole=(0, 1))).run(stop_at_first=True)
    assert found.violations == {"hole": 1}
    assert found.worlds < 10


def test_it_can_be_limited_and_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "ROUND", 10)
    seen: list[tuple[int, int]] = []
    with pytest.raises(TooManyWorldsError, match="more than 50 worlds"):
        Explorer(Walk(30, 20)).run(limit=50, tick=lambda done, known: seen.append((done, known)))
    assert [done for done, _ in seen] == list(range(10, 10 * len(seen) + 1, 10))
    assert seen[-1][1] > 50


class Crowd:
    """Worlds whose slots in the table collide."""

    start = 0

    def internal(self, world: int) -> list[Move]:
        return [] if world else [("any", 0, one << 59) for one in range(1, 20)]

    def trouble(self, _world: int) -> list[Move]:
        return []

    def broken(self, _world: int) -> str:
        return ""

    def wrong(self, _world: int) -> Iterator[str]:
        yield "rest"


def test_worlds_that_collide_are_told_apart() -> None:
    found = Explorer(Crowd()).run()
    assert (found.worlds, found.resting) == (20, 19)
