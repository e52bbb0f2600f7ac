"""Worlds of the tutorial dialect: desk, air and behind in one integer, told apart by what matters.

Three things that cannot matter any more are taken away, so that fewer worlds are visited:

* a late mute that the server would refuse or has had already, now and ever after;
* an answer kept under a key under which nobody will ask again;
* what the numbers of versions and generations are, beyond their order (see `numbering`).

That each is sound is tested: every world and its reduced twin lead to the same reduced worlds.
"""

from msgspec.structs import replace

from offhook_client.state import Setup, State
from offhook_scenarios.search.air import Air
from offhook_scenarios.search.behind import Behind, Options, processed
from offhook_scenarios.search.desks import Desks
from offhook_scenarios.search.numbering import (
    SECTION,
    WIDTH,
    Renumbering,
    marks,
    renumbered,
    renumbering,
)
from offhook_scenarios.search.parts import Memo, Parts

DESK_BITS = AIR_BITS = BEHIND_BITS = 20
MASK = (1 << 20) - 1
AIR_AT, BEHIND_AT = DESK_BITS, DESK_BITS + AIR_BITS
SHIFT = 24
"""Two numbers in one key: `left << SHIFT | right`."""
RIGHT = (1 << SHIFT) - 1

NUMBERS = (1 << 2 * WIDTH) - 1
"""The marks of versions and generations. Behind them follow …"""
ASKED, KEPT, LATE = 2 * WIDTH, 3 * WIDTH, 4 * WIDTH
"""… generations that may be sent (again), those whose answers are kept, and one for late mutes."""
TO_REDUCE = -1


class Worlds:
    """The parts that were met, and how they make a world."""

    def __init__(self, setup: Setup, options: Options, *, forget: bool, renumber: bool) -> None:
        self.desks = Desks(setup, bits=DESK_BITS, mark=_desk_marks)
        self.airs = Parts[Air]("messages under way", bits=AIR_BITS, mark=_air_marks)
        self.behinds = Parts[Behind](
            "states of server and judge", bits=BEHIND_BITS, mark=_behind_marks
        )
        self._marks = self.desks.states.marks, self.airs.marks, self.behinds.marks
        self._options = options
        self._forget = forget
        self._renumber = renumber
        self._alive: Memo[int] = Memo(self._without_dead)
        self._wanted: Memo[int] = Memo(self._without_unasked)
        self._renumberings: list[Renumbering] = []
        self._shapes: Memo[int] = Memo(self._shape_of)
        self._desk_as: Memo[int] = Memo(self._renumbered_desk)
        self._air_as: Memo[int] = Memo(self._renumbered_air)
        self._behind_as: Memo[int] = Memo(self._renumbered_behind)

    def of(self, desk: State, air: Air, behind: Behind) -> int:
        """The world of these three, reduced."""
        return self.pack(
            self.desks.number(desk), self.airs.number(air), self.behinds.number(behind)
        )

    def parts(self, world: int) -> tuple[State, Air, Behind]:
        """The three again."""
        return (
            self.desks.states.values[world & MASK],
            self.airs.values[world >> AIR_AT & MASK],
            self.behinds.values[world >> BEHIND_AT],
        )

    def pack(self, desk: int, air: int, behind: int) -> int:
        """The world of the three with these numbers, reduced."""
        desk_marks, air_marks, behind_marks = self._marks
        shape = self._shapes[desk_marks[desk] | air_marks[air] | behind_marks[behind]]
        if shape:
            if shape == TO_REDUCE:
                return self._reduced(desk, air, behind)
            desk = self._desk_as[desk << SHIFT | shape]
            air = self._air_as[air << SHIFT | shape]
            behind = self._behind_as[behind << SHIFT | shape]
        return behind << BEHIND_AT | air << AIR_AT | desk

    def _reduced(self, desk: int, air: int, behind: int) -> int:
        desk_marks, air_marks, behind_marks = self._marks
        if air_marks[air] >> LATE:
            air = self._alive[behind << SHIFT | air]
        asked = (desk_marks[desk] | air_marks[air]) >> ASKED & SECTION
        if behind_marks[behind] >> KEPT & ~asked:
            behind = self._wanted[behind << WIDTH | asked]
        shape = self._shapes[(desk_marks[desk] | air_marks[air] | behind_marks[behind]) & NUMBERS]
        if shape:
            desk = self._desk_as[desk << SHIFT | shape]
            air = self._air_as[air << SHIFT | shape]
            behind = self._behind_as[behind << SHIFT | shape]
        return behind << BEHIND_AT | air << AIR_AT | desk

    def _shape_of(self, marked: int) -> int:
        """0 for what is as it should be; else what is to be done, or how it is renumbered."""
        unasked = marked >> KEPT & SECTION & ~(marked >> ASKED)
        if self._forget and (marked >> LATE or unasked):
            return TO_REDUCE
        by = renumbering(marked & NUMBERS) if self._renumber else None
        if by is None:
            return 0
        self._renumberings.append(by)
        return len(self._renumberings)

    def _without_dead(self, key: int) -> int:
        """Versions, accepted numbers and kept answers only grow: what has no effect never will."""
        behind, air = self.behinds.values[key >> SHIFT], self.airs.values[key & RIGHT]
        alive = (
            post for post in air.late if processed(self._options, behind, post)[0] is not behind
        )
        return self.airs.number(replace(air, late=tuple(alive)))

    def _without_unasked(self, key: int) -> int:
        behind, asked = self.behinds.values[key >> WIDTH], key & SECTION
        wanted = (one for one in behind.remembered if asked >> one.generation & 1)
        return self.behinds.number(replace(behind, remembered=tuple(wanted)))

    def _renumbered_desk(self, key: int) -> int:
        by = self._renumberings[(key & RIGHT) - 1]
        return self.desks.number(renumbered(self.desks.states.values[key >> SHIFT], by))

    def _renumbered_air(self, key: int) -> int:
        by = self._renumberings[(key & RIGHT) - 1]
        return self.airs.number(renumbered(self.airs.values[key >> SHIFT], by))

    def _renumbered_behind(self, key: int) -> int:
        by = self._renumberings[(key & RIGHT) - 1]
        return self.behinds.number(renumbered(self.behinds.values[key >> SHIFT], by))


def _desk_marks(state: State) -> int:
    pending = state.pending and state.desired is not None
    asked = 1 << ASKED + state.desired.generation if pending and state.desired else 0
    return marks(state) | asked


def _air_marks(air: Air) -> int:
    asked = 0 if air.post is None else 1 << ASKED + air.post.generation
    return marks(air) | asked | (1 << LATE if air.late else 0)


def _behind_marks(behind: Behind) -> int:
    kept = 0
    for one in behind.remembered:
        kept |= 1 << KEPT + one.generation
    return marks(behind) | kept
