"""The tutorial dialect, as a search walks it: versions, intents and an ordered event stream.

One desk, one device. Frames of a socket keep their order; a mute may be lost before or after
its effect, or have it late; sockets break, with and without a reset; the person toggles, others
set. What things mean is said in `desks`, `air` and `behind`; here they are wired, by number.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from offhook.domain import register as server
from offhook_client import signals
from offhook_client.models import Version
from offhook_client.signals import Outcome as Ending
from offhook_client.signals import SendMute
from offhook_client.state import Setup, State
from offhook_scenarios.search import air as airs
from offhook_scenarios.search import behind as behinds
from offhook_scenarios.search.air import CUT, DIALLING, NONE, UP, Air, Outcome
from offhook_scenarios.search.behind import Behind, Options
from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.desks import SIGNAL_BITS, UNTIRING
from offhook_scenarios.search.explorer import Move
from offhook_scenarios.search.parts import Memo, Parts
from offhook_scenarios.search.worlds import (
    AIR_AT,
    BEHIND_AT,
    MASK,
    RIGHT,
    SHIFT,
    Worlds,
)

FEED, PROCESS, LATE, READ, GREET = range(5)


class Tutorial:
    """A `Model` of the explorer."""

    def __init__(
        self,
        budget: Budget,
        *,
        setup: Setup = UNTIRING,
        options: Options = Options(),  # noqa: B008 - a frozen value.
        start_muted: bool = False,
        forget: bool = True,
        renumber: bool = True,
    ) -> None:
        self.options = options
        self.worlds = Worlds(setup, options, forget=forget, renumber=renumber)
        self.desks = self.worlds.desks
        self.posts = Parts[SendMute]("mutes", bits=SHIFT)
        self._outcomes = Parts[Outcome]("outcomes", bits=SHIFT)
        self._air, self._behind = self.worlds.airs.values, self.worlds.behinds.values
        self._memorise()
        self.start = self._started(budget, muted=start_muted)

    def _memorise(self) -> None:
        """What each step makes of the parts, worked out once."""
        signal = self.desks.signals.number
        self._toggled = (signal(signals.Toggled(muted=False)), signal(signals.Toggled(muted=True)))
        self._agenda: Memo[tuple[tuple[str, int, int, int], ...]] = Memo(self._agenda_of)
        self._losses: Memo[tuple[int, int, int, int] | None] = Memo(self._losses_of)
        self._left: Memo[tuple[int, int, int, int]] = Memo(self._left_in)
        self._next: Memo[int] = Memo(lambda n: self.desks.states.values[n].generation + 1)
        self._ordered: Memo[int] = Memo(self._order)
        self._overtaken: Memo[int] = Memo(self._overtake)
        self._told: Memo[int] = Memo(self._tell)
        self._processed: Memo[tuple[int, int, int]] = Memo(self._process)
        self._snapshot: Memo[int] = Memo(
            lambda n: signal(behinds.snapshot_of(self._behind[n].register))
        )
        self._read: Memo[int] = Memo(self._take)
        self._greeting: Memo[int] = Memo(self._greet)
        self._pressed: Memo[int] = Memo(self._press)
        self._set: Memo[tuple[int, int]] = Memo(self._set_by_other)
        self._cut: Memo[int] = Memo(
            lambda n: self.worlds.airs.number(replace(self._air[n], socket=CUT, frames=()))
        )
        self._dropped: Memo[tuple[int, int]] = Memo(self._drop)
        self._lost: Memo[int] = Memo(self._lose)
        self._is_up: Memo[bool] = Memo(lambda n: self._air[n].socket == UP)

    def _started(self, budget: Budget, *, muted: bool) -> int:
        """Settled and confirmed."""
        register = server.Register(epoch=1)
        if muted:
            register, _ = server.step(register, server.Want(muted=True, actor="u"), 0.0)
        first = signals.Established(client_id="c", snapshot=behinds.snapshot_of(register))
        established, _ = self.desks.after[
            self.desks.number(State()) << SIGNAL_BITS | self.desks.signals.number(first)
        ]
        world = self.worlds.of(
            self.desks.states.values[established],
            Air(socket=NONE),
            Behind(register=register, budget=budget),
        )
        while moves := self.internal(world):
            world = moves[0][2]
        return world

    # What happens by itself.

    def internal(self, world: int) -> list[Move]:
        """Frames, answers and snapshots arrive; requests are processed; the desk reconnects."""
        desk, air, behind = world & MASK, world >> AIR_AT & MASK, world >> BEHIND_AT
        pack = self.worlds.pack
        moves: list[Move] = []
        for kind, how, thing, after in self._agenda[air]:
            if how == FEED:
                following = self._feed(desk, after, behind, thing)
            elif how == READ:
                snapshot = self._snapshot[behind]
                following = pack(desk, self._read[after << SHIFT | snapshot], behind)
            elif how == GREET:
                following = pack(desk, self._greeted(desk, after, behind), behind)
            else:
                then, aloud, silent = self._processed[behind << SHIFT | thing]
                outcome = aloud if how == PROCESS else silent
                following = pack(desk, self._told[after << SHIFT | outcome], then)
            moves.append((kind, thing, following))
        return moves

    def _feed(self, desk: int, air: int, behind: int, signal: int) -> int:
        desk, orders = self.desks.after[desk << SIGNAL_BITS | signal]
        if orders:
            air = self._ordered[air << SHIFT | orders]
            behind = self._overtaken[behind << SHIFT | orders]
        return self.worlds.pack(desk, air, behind)

    def _greeted(self, desk: int, air: int, behind: int) -> int:
        heard = desk if self.options.replay else 0
        return self._told[air << SHIFT | self._greeting[behind << SHIFT | heard]]

    # What is done to it.

    def trouble(self, world: int) -> list[Move]:
        """A press, somebody else's set, a broken link, a request that goes astray."""
        desk, air, behind = world & MASK, world >> AIR_AT & MASK, world >> BEHIND_AT
        pack = self.worlds.pack
        toggles, externals, drops, losses = self._left[behind]
        moves: list[Move] = []
        if toggles:
            for muted in (1, 0):
                then = self._pressed[behind << SHIFT | self._next[desk] << 1 | muted]
                moves.append(("person", muted, self._feed(desk, air, then, self._toggled[muted])))
        if externals:
            for muted in (1, 0):
                then, outcome = self._set[behind << 1 | muted]
                moves.append(("other", muted, pack(desk, self._told[air << SHIFT | outcome], then)))
        if drops and self._is_up[air]:
            kept, reset = self._dropped[behind]
            moves.append(("drop", 0, pack(desk, self._cut[air], kept)))
            moves.append(("reset", 0, pack(desk, self._cut[air], reset)))
        if losses and (lost := self._losses[air]) is not None:
            post, signal, without, late = lost
            left = self._lost[behind]
            then, _, silent = self._processed[left << SHIFT | post]
            after = self._told[without << SHIFT | silent]
            moves.append(("lost before", post, self._feed(desk, without, left, signal)))
            moves.append(("lost after", post, self._feed(desk, after, then, signal)))
            moves.append(("lost, late", post, self._feed(desk, late, left, signal)))
        return moves

    # What is wrong.

    def broken(self, world: int) -> str:
        """An unmute that undid a later mute."""
        return self._behind[world >> BEHIND_AT].broken

    def wrong(self, world: int) -> Iterable[str]:
        """A false display, a wish that was lost."""
        return behinds.wrong(self._behind[world >> BEHIND_AT], self.desks.shown[world & MASK])

    def seen(self, world: int) -> str:
        """What is so and what is shown, in words."""
        behind = self._behind[world >> BEHIND_AT]
        value = "muted" if behind.register.muted else "live"
        return f"the screen says {self.desks.shown[world & MASK]}, the server is {value}"

    # The steps, on values.

    def _agenda_of(self, number: int) -> tuple[tuple[str, int, int, int], ...]:
        air, signal = self._air[number], self.desks.signals.number
        steps: list[tuple[str, int, int, Air]] = []
        if air.frames and air.socket == UP:
            rest = replace(air, frames=air.frames[1:])
            steps.append(("frame", FEED, signal(air.frames[0]), rest))
        if air.post is not None:
            post = self.posts.number(air.post)
            steps.append(("process", PROCESS, post, replace(air, post=None)))
        if air.answer is not None:
            steps.append(("answer", FEED, signal(air.answer), replace(air, answer=None)))
        for index, late in enumerate(air.late):
            steps.append(("late", LATE, self.posts.number(late), airs.without_late(air, index)))
        calm = replace(air, reading=False, read=None)
        if air.reading and air.read is None:
            steps.append(("read", READ, 0, air))
        if air.read is not None:
            steps.append(("snapshot", FEED, signal(air.read), calm))
        if air.socket == CUT:
            steps.append(("notice", FEED, signal(signals.LinkLost()), replace(calm, socket=NONE)))
        if air.socket == NONE:
            dialling = replace(air, socket=DIALLING)
            steps.append(("dial", FEED, signal(signals.Dialling()), dialling))
        if air.socket == DIALLING:
            steps.append(("subscribe", GREET, 0, replace(air, socket=UP, frames=())))
        return tuple(
            (kind, how, thing, self.worlds.airs.number(after)) for kind, how, thing, after in steps
        )

    def _losses_of(self, number: int) -> tuple[int, int, int, int] | None:
        """The mute under way; that it is lost; the air without it; the air with it late."""
        air = self._air[number]
        if air.post is None:
            return None
        without = replace(air, post=None)
        return (
            self.posts.number(air.post),
            self.desks.signals.number(signals.Lost(generation=air.post.generation)),
            self.worlds.airs.number(without),
            self.worlds.airs.number(replace(without, late=(*air.late, air.post))),
        )

    def _left_in(self, behind: int) -> tuple[int, int, int, int]:
        budget = self._behind[behind].budget
        return budget.toggles, budget.externals, budget.drops, budget.losses

    def _order(self, key: int) -> int:
        orders = self.desks.orders.values[key & RIGHT]
        return self.worlds.airs.number(airs.ordered(self._air[key >> SHIFT], orders))

    def _overtake(self, key: int) -> int:
        behind = self._behind[key >> SHIFT]
        told = {
            order.generation
            for order in self.desks.orders.values[key & RIGHT]
            if isinstance(order, signals.Tell) and order.outcome is Ending.OVERTAKEN
        }
        if behind.toggled not in told:
            return key >> SHIFT
        return self.worlds.behinds.number(replace(behind, overtaken=True))

    def _tell(self, key: int) -> int:
        outcome = self._outcomes.values[key & RIGHT]
        return self.worlds.airs.number(airs.told(self._air[key >> SHIFT], outcome))

    def _process(self, key: int) -> tuple[int, int, int]:
        behind, post = self._behind[key >> SHIFT], self.posts.values[key & RIGHT]
        after, outcome = behinds.processed(self.options, behind, post)
        return (
            self.worlds.behinds.number(after),
            self._outcomes.number(outcome),
            self._outcomes.number(replace(outcome, answer=None)),
        )

    def _take(self, key: int) -> int:
        snapshot = self.desks.signals.values[key & RIGHT]
        assert isinstance(snapshot, signals.Snapshot), f"a read gave {snapshot}"
        return self.worlds.airs.number(replace(self._air[key >> SHIFT], read=snapshot))

    def _greet(self, key: int) -> int:
        heard: Version | None = self.desks.states.values[key & RIGHT].heard
        frames = behinds.greeting(self.options, self._behind[key >> SHIFT], heard)
        return self._outcomes.number(Outcome(frames))

    def _press(self, key: int) -> int:
        behind, choice = self._behind[key >> SHIFT], key & RIGHT
        after = behinds.pressed(behind, choice >> 1, muted=bool(choice & 1))
        return self.worlds.behinds.number(after)

    def _set_by_other(self, key: int) -> tuple[int, int]:
        after, outcome = behinds.set_by_other(
            self.options, self._behind[key >> 1], muted=bool(key & 1)
        )
        return self.worlds.behinds.number(after), self._outcomes.number(outcome)

    def _drop(self, number: int) -> tuple[int, int]:
        """Without a reset, and with one."""
        behind = self._behind[number]
        budget = replace(behind.budget, drops=behind.budget.drops - 1)
        kept = replace(behind, budget=budget)
        reset = behinds.came_back(self.options, kept)
        return self.worlds.behinds.number(kept), self.worlds.behinds.number(reset)

    def _lose(self, number: int) -> int:
        behind = self._behind[number]
        budget = replace(behind.budget, losses=behind.budget.losses - 1)
        return self.worlds.behinds.number(replace(behind, budget=budget))
