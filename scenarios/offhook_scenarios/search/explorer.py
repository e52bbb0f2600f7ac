"""Visits every world that can be reached, nearest first, and judges those at rest.

A world is one integer of at most 64 bits that says all there is to say about it: a digest
without collisions. Each takes 18 to 24 bytes while the search runs: itself, whence it was
reached, and a place in a table of open addresses. So the memory is bounded by their count.
"""

import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec

from offhook.domain.errors import OffhookError

Move = tuple[str, int, int]
"""What kind of thing happens; the number of what it happens with; the world that it makes."""

SPREAD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: the middle of a product with it depends on every bit (Knuth)."""
MIDDLE = 40
FIRST_BITS = 12
FULL = 0.7
"""From this share on, a table of open addresses is doubled."""
ROUND = 1 << 14
"""So many worlds between two reports of progress."""


class TooManyWorldsError(OffhookError):
    """The search has met more worlds than it was allowed."""


class Model(Protocol):
    """What can be explored. Worlds are integers from 0 to 2^64 - 1."""

    start: int

    def internal(self, world: int) -> Sequence[Move]:
        """What happens by itself, always in the same order. Nothing: the world is at rest."""

    def trouble(self, world: int) -> Sequence[Move]:
        """What may be done to it, always in the same order."""

    def broken(self, world: int) -> str:
        """What has gone wrong for good, or an empty text. Such a world is not left."""

    def wrong(self, world: int) -> Iterable[str]:
        """What is wrong in a world at rest."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search came upon."""

    worlds: int
    resting: int
    """Of these, at rest."""
    steps: int
    """Moves made, to worlds new and known."""
    violations: dict[str, int]
    """In how many worlds each thing was wrong."""
    paths: dict[str, tuple[int, ...]]
    """A shortest way to each: which of the moves, `internal` before `trouble`, was made."""
    seconds: float
    stored_bytes: int
    """By the worlds themselves; the model's parts come beside."""


class Explorer:
    """One search; `run` once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._worlds = array("Q", [model.start])
        self._parents = array("I", [0])
        self._table = array("I", bytes(4 << FIRST_BITS))
        self._grow(FIRST_BITS)

    def run(
        self,
        *,
        stop_at_first: bool = False,
        limit: int | None = None,
        tick: Callable[[int, int], None] = lambda _done, _known: None,
    ) -> Found:
        """To the end, or to the first violation. `tick` hears of worlds done and known so far.

        Raises `TooManyWorldsError` beyond `limit` worlds.
        """
        model, worlds = self._model, self._worlds
        began, head, resting, steps = time.perf_counter(), 0, 0, 0
        violations: dict[str, int] = {}
        firsts: dict[str, int] = {}
        while head < len(worlds) and not (stop_at_first and violations):
            world = worlds[head]
            moves = model.internal(world)
            wrong: Iterable[str] = ()
            if broken := model.broken(world):
                wrong, moves = (broken,), ()
            else:
                if not moves:
                    resting += 1
                    wrong = model.wrong(world)
                moves = [*moves, *model.trouble(world)]
                steps += len(moves)
                self._meet(moves, head)
            for name in wrong:
                violations[name] = violations.get(name, 0) + 1
                firsts.setdefault(name, head)
            head += 1
            if head % ROUND == 0:
                tick(head, len(worlds))
                if limit is not None and len(worlds) > limit:
                    raise TooManyWorldsError(f"The search met more than {limit:,} worlds.")
        return Found(
            worlds=head,
            resting=resting,
            steps=steps,
            violations=violations,
            paths={name: self._path(number) for name, number in firsts.items()},
            seconds=time.perf_counter() - began,
            stored_bytes=sum(
                each.itemsize * len(each) for each in (worlds, self._parents, self._table)
            ),
        )

    def _meet(self, moves: Sequence[Move], parent: int) -> None:
        """Keep of these worlds the new ones."""
        worlds, table, mask = self._worlds, self._table, self._mask
        for _, _, world in moves:
            slot = world * SPREAD >> MIDDLE & mask
            while known := table[slot]:
                if worlds[known - 1] == world:
                    break
                slot = (slot + 1) & mask
            else:
                worlds.append(world)
                self._parents.append(parent)
                table[slot] = len(worlds)
        if len(worlds) > self._room:
            self._grow(mask.bit_length() + 1)

    def _grow(self, bits: int) -> None:
        self._mask = mask = (1 << bits) - 1
        self._room = int(FULL * mask) - 64
        self._table = table = array("I", bytes(4 << bits))
        for number, world in enumerate(self._worlds, 1):
            slot = world * SPREAD >> MIDDLE & mask
            while table[slot]:
                slot = (slot + 1) & mask
            table[slot] = number

    def _path(self, number: int) -> tuple[int, ...]:
        choices: list[int] = []
        while number:
            parent = self._parents[number]
            before, after = self._worlds[parent], self._worlds[number]
            moves = [*self._model.internal(before), *self._model.trouble(before)]
            choices.append([world for _, _, world in moves].index(after))
            number = parent
        return tuple(reversed(choices))
