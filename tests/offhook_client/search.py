"""An exhaustive search: the real protocol against the real register, within a budget.

One desk, one device. Frames of a socket keep their order; a mute may be lost before or after
its effect, or have it late; sockets break, with and without a reset; the person toggles, others
set. Every interleaving within the budget is visited, and what holds is checked wherever
everything has come to rest.
"""

from collections import deque
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from offhook.domain import register as server
from offhook.domain.errors import DomainError
from offhook.domain.version import Intent
from offhook.domain.version import Version as ServerVersion
from offhook.policies import MuteAfterReconnect
from offhook_client import signals
from offhook_client.models import Shown, Version
from offhook_client.protocol import step
from offhook_client.signals import Outcome, SendMute, Signal
from offhook_client.state import Setup, State, shown

DESK, TAB = "desk", "tab"


class Budget(msgspec.Struct, frozen=True):
    """How often each kind of trouble may come."""

    toggles: int = 0
    externals: int = 0
    drops: int = 0
    losses: int = 0


class ServerRules(msgspec.Struct, frozen=True, kw_only=True):
    """The server's two of the ten rules."""

    refuse_stale_intents: bool = True
    """4: a number that is not newer than the last accepted one is refused."""
    count_no_ops: bool = True
    """8: a set that changes nothing raises the version and is an intent all the same."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is, and what the judge remembers."""

    client: State
    register: server.Register
    budget: Budget
    socket: str = "up"
    """up; cut: broken, unnoticed; none; dialling."""
    frames: tuple[Signal, ...] = ()
    history: tuple[signals.MuteEvent, ...] = ()
    """All events so far, for replay."""
    post: SendMute | None = None
    answer: Signal | None = None
    late: tuple[SendMute, ...] = ()
    """Mutes given up by the client that may yet have their effect."""
    reading: bool = False
    read: signals.Snapshot | None = None
    remembered: tuple[tuple[str, Signal], ...] = ()
    """Answers by idempotency key."""
    last_wish: bool | None = None
    """The value of the last intent that the server accepted, re-assertions aside."""
    toggled: int = 0
    """The generation of the person's last wish; 0 before any."""
    wished: bool = False
    """Its value."""
    accepted: bool = False
    """It was accepted."""
    newest: int = 0
    """The newest generation accepted: an older one that comes later is a mishap, not a wish."""
    overtaken: bool = False
    """The client has told that it was overtaken."""
    muted_since: bool = False
    """Somebody else muted after it was made, and has not unmuted since."""
    broken: str = ""
    """A safety violation, by name."""


class Search:
    """Explores from a settled, confirmed start. `violations` counts by name."""

    def __init__(
        self,
        budget: Budget,
        *,
        setup: Setup | None = None,
        rules: ServerRules | None = None,
        admin: bool = False,
        replay: bool = False,
        start_muted: bool = False,
    ) -> None:
        self.setup = setup or Setup(reassertions=99)
        self.rules = rules or ServerRules()
        self.admin = admin
        self.replay = replay
        self.states = self.resting = 0
        self.violations: dict[str, int] = {}
        self.traces: dict[str, list[str]] = {}
        self.start = self._start(budget, muted=start_muted)

    def run(self, *, stop_at_first: bool = False, limit: int = 5_000_000) -> "Search":
        parents: dict[World, tuple[World, str] | None] = {self.start: None}
        queue = deque([self.start])
        while queue:
            world = queue.popleft()
            self.states += 1
            assert self.states <= limit, f"more than {limit} states"
            quiet = True
            if world.broken:
                self._found(world.broken, world, parents)
                continue
            for name, following in self._internal(world):
                quiet = False
                if following not in parents:
                    parents[following] = (world, name)
                    queue.append(following)
            if quiet:
                self.resting += 1
                for wrong in judge(self.setup, world):
                    self._found(wrong, world, parents)
            if stop_at_first and self.violations:
                break
            for name, following in self._trouble(world):
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

    # The start.

    def _start(self, budget: Budget, *, muted: bool) -> World:
        register = server.Register(epoch=1)
        if muted:
            register, _ = server.step(register, server.Want(muted=True, actor="u"), 0.0)
        world = World(client=State(), register=register, budget=budget)
        first = signals.Established(client_id="c", snapshot=snapshot_of(register))
        world = self._feed(replace(world, socket="dialling"), first)
        world = self._feed(world, signals.Dialling())
        world = replace(
            world, socket="up", frames=(signals.Subscribed(version=version_of(register)),)
        )
        while following := next(self._internal(world), None):
            world = following[1]
        return world

    # The client.

    def _feed(self, world: World, signal: Signal) -> World:
        client, orders = step(self.setup, world.client, signal)
        world = replace(world, client=client)
        for order in orders:
            match order:
                case SendMute():
                    # The one before is known to be processed; its request is abandoned.
                    abandoned = () if world.post is None else (world.post,)
                    world = replace(world, post=order, answer=None, late=(*world.late, *abandoned))
                case signals.AskSnapshot():
                    world = replace(world, reading=True, read=None)
                case signals.Tell(outcome=Outcome.OVERTAKEN, generation=generation):
                    world = replace(world, overtaken=world.overtaken or generation == world.toggled)
        return world

    # What happens by itself.

    def _internal(self, world: World) -> Iterator[tuple[str, World]]:
        if world.frames and world.socket == "up":
            first, rest = world.frames[0], world.frames[1:]
            yield f"frame {brief(first)}", self._feed(replace(world, frames=rest), first)
        if world.post is not None:
            after, answer = self._process(replace(world, post=None), world.post)
            yield f"process {brief(world.post)}", replace(after, answer=answer)
        if world.answer is not None:
            calm = replace(world, answer=None)
            yield f"answer {brief(world.answer)}", self._feed(calm, world.answer)
        for index, post in enumerate(world.late):
            others = world.late[:index] + world.late[index + 1 :]
            after, _ = self._process(replace(world, late=others), post)
            yield f"late {brief(post)}", after
        if world.reading and world.read is None:
            yield "read", replace(world, read=snapshot_of(world.register))
        if world.read is not None:
            calm = replace(world, reading=False, read=None)
            yield f"snapshot {brief(world.read)}", self._feed(calm, world.read)
        if world.socket == "cut":
            calm = replace(world, socket="none", reading=False, read=None)
            yield "notice", self._feed(calm, signals.LinkLost())
        if world.socket == "none":
            yield "dial", self._feed(replace(world, socket="dialling"), signals.Dialling())
        if world.socket == "dialling":
            yield "subscribe", replace(world, socket="up", frames=self._greeting(world))

    def _greeting(self, world: World) -> tuple[Signal, ...]:
        since = world.client.heard
        version = version_of(world.register)
        if not self.replay or since is None:
            return (signals.Subscribed(version=version),)
        missed = tuple(one for one in world.history if one.version and one.version > since)
        return (signals.Subscribed(version=version, recovered=True), *missed)

    # What happens to it.

    def _trouble(self, world: World) -> Iterator[tuple[str, World]]:
        budget = world.budget
        if budget.toggles:
            left = replace(world, budget=replace(budget, toggles=budget.toggles - 1))
            for muted in (True, False):
                yield f"person {muted}", self._toggle(left, muted=muted)
        if budget.externals:
            left = replace(world, budget=replace(budget, externals=budget.externals - 1))
            for muted in (True, False):
                yield f"other {muted}", self._other(left, muted=muted)
        if budget.drops and world.socket == "up":
            left = replace(world, budget=replace(budget, drops=budget.drops - 1))
            cut = replace(left, socket="cut", frames=())
            yield "drop", cut
            reset = server.ComeBack(rule=MuteAfterReconnect.RESET)
            yield "drop and reset", self._set(cut, reset)[0]
        if budget.losses and world.post is not None:
            left = replace(world, budget=replace(budget, losses=budget.losses - 1), post=None)
            lost = signals.Lost(generation=world.post.generation)
            name = brief(world.post)
            yield f"lost before {name}", self._feed(left, lost)
            after, _ = self._process(left, world.post)
            yield f"lost after {name}", self._feed(after, lost)
            yield (
                f"lost, late {name}",
                self._feed(replace(left, late=(*left.late, world.post)), lost),
            )

    def _toggle(self, world: World, *, muted: bool) -> World:
        world = replace(
            world,
            toggled=world.client.generation + 1,
            wished=muted,
            accepted=False,
            overtaken=False,
            muted_since=False,
        )
        return self._feed(world, signals.Toggled(muted=muted))

    def _other(self, world: World, *, muted: bool) -> World:
        item: server.RegisterInput = server.Want(muted=muted, actor="u")
        if self.admin:
            item = server.Force(muted=muted, actor="admin")
        world, _ = self._set(world, item)
        return replace(world, last_wish=muted, muted_since=muted)

    def _process(self, world: World, post: SendMute) -> tuple[World, Signal]:
        key = post.key(DESK)
        for known, answer in world.remembered:
            if known == key:
                return world, answer
        guard = post.if_match
        item = server.Want(
            muted=post.muted,
            actor="u",
            intent=Intent(DESK, post.generation),
            if_match=None if guard is None else ServerVersion(guard.epoch, guard.rev),
        )
        try:
            world, version = self._set(world, item)
        except DomainError as error:
            why = signals.Why.STALE if error.code == "stale.intent" else signals.Why.PRECONDITION
            return world, signals.Refused(generation=post.generation, why=why)
        answer = signals.Accepted(generation=post.generation, version=version)
        world = replace(world, remembered=(*world.remembered, (key, answer)))
        if post.reassertion:
            return world, answer
        mine = post.generation == world.toggled
        if self.admin and mine and not post.muted and world.muted_since:
            world = replace(world, broken="an unmute undid a later mute")
        if post.generation < world.newest:
            return world, answer
        return (
            replace(
                world,
                last_wish=post.muted,
                accepted=world.accepted or mine,
                newest=post.generation,
            ),
            answer,
        )

    def _set(self, world: World, item: server.RegisterInput) -> tuple[World, Version]:
        before = world.register
        if not self.rules.refuse_stale_intents:
            before = replace(before, accepted=())
        after, happened = server.step(before, item, 0.0)
        if after.muted == before.muted and not self.rules.count_no_ops:
            return world, version_of(world.register)
        events = tuple(event_of(one) for one in happened)
        history = world.history + events if self.replay else ()
        frames = world.frames + events if world.socket == "up" else ()
        world = replace(world, register=after, frames=frames, history=history)
        return world, version_of(after)


def judge(setup: Setup, world: World) -> Iterator[str]:
    """What is wrong in a world at rest."""
    seen = shown(setup, world.client)
    if seen is Shown.MUTED and not world.register.muted:
        yield "false muted"
    elif seen is Shown.LIVE and world.register.muted:
        yield "false live"
    elif seen not in {Shown.MUTED, Shown.LIVE}:
        yield f"stuck {seen}"
    if world.last_wish is not None and world.register.muted != world.last_wish:
        yield "the last wish is not in effect"
    # Only a mute may take an unmute's place, and the person must be told.
    excused = world.accepted or (world.overtaken and world.register.muted)
    if world.toggled and not excused and world.register.muted != world.wished:
        yield "the person's wish was lost"


def version_of(register: server.Register) -> Version:
    return Version(register.epoch, register.rev)


def snapshot_of(register: server.Register) -> signals.Snapshot:
    asked = register.last_intent
    return signals.Snapshot(
        muted=register.muted,
        version=version_of(register),
        cause=register.cause,
        status="connected",
        asked=None if asked is None else asked.muted,
        asked_at=None if asked is None else Version(register.epoch, asked.rev),
    )


def event_of(happened: server.WasSet) -> signals.MuteEvent:
    own = happened.intent is not None and happened.intent.instance == DESK
    return signals.MuteEvent(
        muted=happened.muted,
        version=Version(happened.version.epoch, happened.version.rev),
        cause=happened.cause,
        gesture=happened.gesture,
        seq=happened.intent.seq if own and happened.intent is not None else None,
    )


def brief(signal: signals.Signal | signals.Order) -> str:
    """A signal in a few words, for traces."""
    fields = msgspec.structs.asdict(signal)
    words = [f"{name}={value}" for name, value in fields.items() if value not in (None, False)]
    return f"{type(signal).__name__}({', '.join(words)})"
