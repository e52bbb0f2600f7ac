"""The exhaustive search on the platform dialect: the real protocol, and a server without versions.

One desk, one call. The server knows one bit and tells of changes of it only; a PATCH may be lost
before or after its effect, have it late, or have it after its 202. Events of a socket may be
lost or overtaken by the next one. What is read is what is true at that moment.
"""

from collections import deque
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from offhook_client import signals
from offhook_client.models import Shown
from offhook_client.platform import reading
from offhook_client.platform.models import Leg
from offhook_client.protocol import step
from offhook_client.signals import Outcome, SendMute, Signal
from offhook_client.state import Setup, State, shown

SETUP = Setup(reassertions=99)


def leg(*, muted: bool) -> Leg:
    return Leg(call_id="c", participant_id="p", state="connected", muted=muted)


class Budget(msgspec.Struct, frozen=True):
    """How often each kind of trouble may come."""

    toggles: int = 0
    externals: int = 0
    drops: int = 0
    losses: int = 0
    """Of requests: lost before, lost after, lost and late, applied only after the 202."""
    disorders: int = 0
    """Of events: lost, or overtaken by the next one."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is, and what the judge remembers."""

    client: State
    muted: bool
    budget: Budget
    socket: str = "up"
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


class Search:
    """Explores from a settled start. `violations` counts worlds at rest, by what is wrong."""

    def __init__(
        self,
        budget: Budget,
        *,
        start_muted: bool = False,
        audits: bool = True,
        believe_events: bool = False,
    ) -> None:
        self.audits = audits
        self.believe_events = believe_events
        self.states = self.resting = 0
        self.violations: dict[str, int] = {}
        self.traces: dict[str, list[str]] = {}
        look = reading.snapshot(State(), leg(muted=start_muted))
        world = World(client=State(), muted=start_muted, budget=budget)
        world = self._feed(world, signals.Established(client_id="p", snapshot=look))
        world = self._feed(world, signals.Subscribed(version=None), look)
        self.start = replace(world, reading=False)

    def run(self, *, limit: int = 5_000_000) -> "Search":
        parents: dict[World, tuple[World, str] | None] = {self.start: None}
        queue = deque([self.start])
        while queue:
            world = queue.popleft()
            self.states += 1
            assert self.states <= limit, f"more than {limit} states"
            internal = list(self._internal(world)) or list(self._audit(world))
            if not internal:
                self.resting += 1
                for wrong in judge(world):
                    self._found(wrong, world, parents)
            for name, following in (*internal, *self._trouble(world)):
                if following not in parents:
                    parents[following] = (world, name)
                    queue.append(following)
        return self

    def _found(
        self, wrong: str, world: World, parents: dict[World, tuple[World, str] | None]
    ) -> None:
        self.violations[wrong] = self.violations.get(wrong, 0) + 1
        if wrong not in self.traces:
            trace: list[str] = []
            link = parents[world]
            while link is not None:
                trace.append(link[1])
                link = parents[link[0]]
            self.traces[wrong] = trace[::-1]

    def _feed(self, world: World, *received: Signal) -> World:
        for signal in received:
            client, orders = step(SETUP, world.client, signal)
            world = replace(world, client=client)
            for order in orders:
                match order:
                    case SendMute():
                        world = replace(world, post=order)
                    case signals.AskSnapshot():
                        world = replace(world, reading=True, read=None, nudged=False)
                    case signals.Tell(outcome=Outcome.OVERTAKEN):
                        world = replace(world, told=True)
        return world

    # What happens by itself.

    def _internal(self, world: World) -> Iterator[tuple[str, World]]:
        if world.events and world.socket == "up":
            yield f"event {world.events[0]}", self._hear(world, 0)
        if world.post is not None:
            answer = signals.Accepted(generation=world.post.generation, version=None)
            after = self._apply(replace(world, post=None), world.post)
            yield f"apply {world.post.muted}", replace(after, answer=answer)
        if world.answer is not None:
            yield "202", self._feed(replace(world, answer=None), world.answer)
        for index, post in enumerate(world.late):
            others = world.late[:index] + world.late[index + 1 :]
            yield f"late {post.muted}", self._apply(replace(world, late=others), post)
        if world.reading and world.read is None:
            yield "read", replace(world, read=world.muted)
        if world.read is not None:
            yield f"was read {world.read}", self._take(world, leg(muted=world.read))
        if world.socket == "cut":
            calm = replace(world, socket="none", reading=False, read=None)
            yield "notice", self._feed(calm, signals.LinkLost())
        if world.socket == "none":
            calm = replace(world, socket="up")
            yield "dial", self._feed(calm, signals.Subscribed(version=None))

    def _audit(self, world: World) -> Iterator[tuple[str, World]]:
        """Now and then everything is read, also when nothing has given reason to."""
        news = reading.read(world.client, leg(muted=world.muted))
        if self.audits and news:
            yield "audit", self._feed(world, *news)

    def _take(self, world: World, look: Leg) -> World:
        if world.nudged and reading.is_early(world.client, look):
            return replace(world, read=None, nudged=False)
        calm = replace(world, reading=False, read=None, nudged=False)
        return self._feed(calm, *reading.read(world.client, look))

    def _hear(self, world: World, index: int) -> World:
        told = world.events[index]
        others = world.events[:index] + world.events[index + 1 :]
        hint: Signal = reading.hint(world.client, leg(muted=told))
        if self.believe_events:
            hint = signals.MuteEvent(muted=told, version=None, cause="self")
        return self._feed(replace(world, events=others, nudged=world.reading), hint)

    # What happens to it.

    def _trouble(self, world: World) -> Iterator[tuple[str, World]]:
        budget = world.budget
        if budget.toggles:
            left = replace(world, budget=replace(budget, toggles=budget.toggles - 1))
            for muted in (True, False):
                wished = replace(left, wished=muted, told=False)
                yield f"person {muted}", self._feed(wished, signals.Toggled(muted=muted))
        if budget.externals:
            left = replace(world, budget=replace(budget, externals=budget.externals - 1))
            for muted in (True, False):
                yield f"other {muted}", self._set(replace(left, last_wish=muted), muted=muted)
        if budget.drops and world.socket == "up":
            left = replace(world, budget=replace(budget, drops=budget.drops - 1))
            yield "drop", replace(left, socket="cut", events=())
        if budget.losses and world.post is not None:
            left = replace(world, budget=replace(budget, losses=budget.losses - 1), post=None)
            yield from self._losses(left, world.post)
        if budget.disorders and world.events and world.socket == "up":
            left = replace(world, budget=replace(budget, disorders=budget.disorders - 1))
            yield f"event lost {world.events[0]}", replace(left, events=world.events[1:])
            if len(world.events) > 1:
                yield f"event overtakes {world.events[1]}", self._hear(left, 1)

    def _losses(self, world: World, post: SendMute) -> Iterator[tuple[str, World]]:
        lost = signals.Lost(generation=post.generation)
        late = replace(world, late=(*world.late, post))
        yield f"lost before {post.muted}", self._feed(world, lost)
        yield f"lost after {post.muted}", self._feed(self._apply(world, post), lost)
        yield f"lost, late {post.muted}", self._feed(late, lost)
        accepted = signals.Accepted(generation=post.generation, version=None)
        yield f"202 before {post.muted} is applied", replace(late, answer=accepted)

    def _apply(self, world: World, post: SendMute) -> World:
        world = self._set(world, muted=post.muted)
        if post.reassertion or post.generation < world.newest:
            return world
        return replace(world, last_wish=post.muted, newest=post.generation)

    def _set(self, world: World, *, muted: bool) -> World:
        if muted == world.muted:
            return world
        events = (*world.events, muted) if world.socket == "up" else ()
        return replace(world, muted=muted, events=events)


def judge(world: World) -> Iterator[str]:
    """What is wrong in a world at rest."""
    seen = shown(SETUP, world.client)
    if seen is Shown.MUTED and not world.muted:
        yield "false muted"
    elif seen is Shown.LIVE and world.muted:
        yield "false live"
    elif seen not in {Shown.MUTED, Shown.LIVE}:
        yield f"stuck {seen}"
    if world.last_wish is None or world.muted == world.last_wish:
        return
    if world.last_wish:
        yield "a mute was undone"
    elif world.wished is not False:
        yield "mute won over somebody's later unmute"
    elif world.told:
        yield "an unmute was undone, and the person told"
    else:
        yield "an unmute was undone, and nobody told"
