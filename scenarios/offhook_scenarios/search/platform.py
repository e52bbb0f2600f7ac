"""The platform dialect, as a search walks it: a server that knows one bit, and no versions.

One desk, one call. The server tells of changes only; a PATCH may be lost before or after its
effect, have it late, or have it after its 202. Events of a socket may be lost or overtaken by
the next one. What is read is what is true at that moment.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from offhook_client import signals
from offhook_client.models import Shown
from offhook_client.platform import reading
from offhook_client.platform.models import Leg
from offhook_client.signals import Outcome, SendMute, Signal
from offhook_client.state import State
from offhook_scenarios.search.air import CUT, NONE, UP
from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.desks import SIGNAL_BITS, UNTIRING, Desks
from offhook_scenarios.search.explorer import Move
from offhook_scenarios.search.parts import Parts

DESK_BITS = REST_BITS = 30
DESK_MASK = (1 << DESK_BITS) - 1


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """All but the desk: what is under way, the server, what the judge remembers."""

    muted: bool
    budget: Budget
    socket: str = UP
    """up; cut: broken, unnoticed; none."""
    events: tuple[bool, ...] = ()
    post: SendMute | None = None
    answer: Signal | None = None
    late: tuple[SendMute, ...] = ()
    reading: bool = False
    read: bool | None = None
    nudged: bool = False
    """An event came while it was read."""
    last_wish: bool | None = None
    """Of whoever asked last, in the order in which the server took the wishes."""
    newest: int = 0
    wished: bool | None = None
    """The person's last wish."""
    told: bool = False
    """The person was told that it was overtaken."""


class Platform:
    """A `Model` of the explorer."""

    def __init__(
        self,
        budget: Budget,
        *,
        start_muted: bool = False,
        audits: bool = True,
        believe_events: bool = False,
    ) -> None:
        self._audits = audits
        self._believe_events = believe_events
        self.desks = Desks(UNTIRING, bits=DESK_BITS)
        self._rests = Parts[Rest]("states of the platform", bits=REST_BITS)
        look = reading.snapshot(State(), leg(muted=start_muted))
        rest = Rest(muted=start_muted, budget=budget)
        first = (
            signals.Established(client_id="p", snapshot=look),
            signals.Subscribed(version=None),
            look,
        )
        world = self._feed(self.desks.number(State()), rest, *first)
        settled = replace(self._rests.values[world >> DESK_BITS], reading=False)
        self.start = self._world(world & DESK_MASK, settled)

    def internal(self, world: int) -> list[Move]:
        """Events, answers and reads arrive, the channel is heard again.

        When all is still, the desk looks whether what it shows is so.
        """
        desk, rest = self._parts(world)
        return list(self._internal(desk, rest)) or list(self._audit(desk, rest))

    def trouble(self, world: int) -> list[Move]:
        """A press, somebody else's set, a broken link, requests and events that go astray."""
        desk, rest = self._parts(world)
        return list(self._trouble(desk, rest))

    def broken(self, _world: int) -> str:
        """Nothing here is wrong before it has come to rest."""
        return ""

    def wrong(self, world: int) -> Iterator[str]:
        """What is wrong in a world at rest."""
        desk, rest = self._parts(world)
        seen = self.desks.shown[desk]
        if seen is Shown.MUTED and not rest.muted:
            yield "false muted"
        elif seen is Shown.LIVE and rest.muted:
            yield "false live"
        elif seen not in {Shown.MUTED, Shown.LIVE}:
            yield f"stuck {seen}"
        if rest.last_wish is None or rest.muted == rest.last_wish:
            return
        if rest.last_wish:
            yield "a mute was undone"
        elif rest.wished is not False:
            yield "mute won over somebody's later unmute"
        elif rest.told:
            yield "an unmute was undone, and the person told"
        else:
            yield "an unmute was undone, and nobody told"

    def seen(self, world: int) -> str:
        """What is so and what is shown, in words."""
        desk, rest = self._parts(world)
        value = "muted" if rest.muted else "live"
        return f"the screen says {self.desks.shown[desk]}, the call is {value}"

    # The parts.

    def _parts(self, world: int) -> tuple[int, Rest]:
        return world & DESK_MASK, self._rests.values[world >> DESK_BITS]

    def _world(self, desk: int, rest: Rest) -> int:
        return self._rests.number(rest) << DESK_BITS | desk

    def _state(self, desk: int) -> State:
        return self.desks.states.values[desk]

    def _feed(self, desk: int, rest: Rest, *received: Signal) -> int:
        for signal in received:
            key = desk << SIGNAL_BITS | self.desks.signals.number(signal)
            desk, orders = self.desks.after[key]
            for order in self.desks.orders.values[orders]:
                match order:
                    case SendMute():
                        rest = replace(rest, post=order)
                    case signals.AskSnapshot():
                        rest = replace(rest, reading=True, read=None, nudged=False)
                    case signals.Tell(outcome=Outcome.OVERTAKEN):
                        rest = replace(rest, told=True)
        return self._world(desk, rest)

    # What happens by itself.

    def _internal(self, desk: int, rest: Rest) -> Iterator[Move]:
        if rest.events and rest.socket == UP:
            yield "event", rest.events[0], self._hear(desk, rest, 0)
        if rest.post is not None:
            answer = signals.Accepted(generation=rest.post.generation, version=None)
            after = replace(_applied(replace(rest, post=None), rest.post), answer=answer)
            yield "apply", rest.post.muted, self._world(desk, after)
        if rest.answer is not None:
            yield "202", 0, self._feed(desk, replace(rest, answer=None), rest.answer)
        for index, post in enumerate(rest.late):
            others = rest.late[:index] + rest.late[index + 1 :]
            after = _applied(replace(rest, late=others), post)
            yield "late", post.muted, self._world(desk, after)
        if rest.reading and rest.read is None:
            yield "read", 0, self._world(desk, replace(rest, read=rest.muted))
        if rest.read is not None:
            yield "was read", rest.read, self._take(desk, rest, leg(muted=rest.read))
        if rest.socket == CUT:
            calm = replace(rest, socket=NONE, reading=False, read=None)
            yield "notice", 0, self._feed(desk, calm, signals.LinkLost())
        if rest.socket == NONE:
            up = replace(rest, socket=UP)
            yield "dial", 0, self._feed(desk, up, signals.Subscribed(version=None))

    def _audit(self, desk: int, rest: Rest) -> Iterator[Move]:
        """Now and then everything is read, also when nothing has given reason to."""
        news = reading.read(self._state(desk), leg(muted=rest.muted))
        if self._audits and news:
            yield "audit", 0, self._feed(desk, rest, *news)

    def _take(self, desk: int, rest: Rest, look: Leg) -> int:
        state = self._state(desk)
        if rest.nudged and reading.is_early(state, look):
            return self._world(desk, replace(rest, read=None, nudged=False))
        calm = replace(rest, reading=False, read=None, nudged=False)
        return self._feed(desk, calm, *reading.read(state, look))

    def _hear(self, desk: int, rest: Rest, index: int) -> int:
        told = rest.events[index]
        others = rest.events[:index] + rest.events[index + 1 :]
        hint: Signal = reading.hint(self._state(desk), leg(muted=told))
        if self._believe_events:
            hint = signals.MuteEvent(muted=told, version=None, cause="self")
        return self._feed(desk, replace(rest, events=others, nudged=rest.reading), hint)

    # What is done to it.

    def _trouble(self, desk: int, rest: Rest) -> Iterator[Move]:
        budget = rest.budget
        if budget.toggles:
            left = replace(rest, budget=replace(budget, toggles=budget.toggles - 1))
            for muted in (True, False):
                wished = replace(left, wished=muted, told=False)
                yield "person", muted, self._feed(desk, wished, signals.Toggled(muted=muted))
        if budget.externals:
            left = replace(rest, budget=replace(budget, externals=budget.externals - 1))
            for muted in (True, False):
                other = _set(replace(left, last_wish=muted), muted=muted)
                yield "other", muted, self._world(desk, other)
        if budget.drops and rest.socket == UP:
            left = replace(rest, budget=replace(budget, drops=budget.drops - 1))
            yield "drop", 0, self._world(desk, replace(left, socket=CUT, events=()))
        if budget.losses and rest.post is not None:
            left = replace(rest, budget=replace(budget, losses=budget.losses - 1), post=None)
            yield from self._losses(desk, left, rest.post)
        if budget.disorders and rest.events and rest.socket == UP:
            left = replace(rest, budget=replace(budget, disorders=budget.disorders - 1))
            fewer = replace(left, events=rest.events[1:])
            yield "event lost", rest.events[0], self._world(desk, fewer)
            if len(rest.events) > 1:
                yield "event overtakes", rest.events[1], self._hear(desk, left, 1)

    def _losses(self, desk: int, rest: Rest, post: SendMute) -> Iterator[Move]:
        lost = signals.Lost(generation=post.generation)
        late = replace(rest, late=(*rest.late, post))
        yield "lost before", post.muted, self._feed(desk, rest, lost)
        yield "lost after", post.muted, self._feed(desk, _applied(rest, post), lost)
        yield "lost, late", post.muted, self._feed(desk, late, lost)
        accepted = signals.Accepted(generation=post.generation, version=None)
        yield "202 first", post.muted, self._world(desk, replace(late, answer=accepted))


def leg(*, muted: bool) -> Leg:
    """The one call."""
    return Leg(call_id="c", participant_id="p", state="connected", muted=muted)


def _applied(rest: Rest, post: SendMute) -> Rest:
    rest = _set(rest, muted=post.muted)
    if post.reassertion or post.generation < rest.newest:
        return rest
    return replace(rest, last_wish=post.muted, newest=post.generation)


def _set(rest: Rest, *, muted: bool) -> Rest:
    if muted == rest.muted:
        return rest
    events = (*rest.events, muted) if rest.socket == UP else ()
    return replace(rest, muted=muted, events=events)
