"""An org driven by chance beside a small model that was written apart from it.

The model knows nothing of tables, heaps or outboxes. It keeps a device as a handful of
numbers, lets time pass in quarters of a second, and keeps in `said` what was said about mute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offhook.domain.errors import DomainError
from offhook.domain.events import Close, Emit, Event, MuteChanged, Outbound, Subscribed
from offhook.domain.inputs import (
    AttachSocket,
    DeleteDevice,
    DetachSocket,
    DropDevice,
    EndSession,
    ForceMute,
    Input,
    LocalMute,
    OpenDevice,
    SetMute,
    SetUserState,
    SocketReport,
)
from offhook.domain.org import Org
from offhook.domain.version import Version
from offhook.domain.views import Cause, Role
from offhook.policies import AdminForce, MuteAfterReconnect, Policies
from offhook.settings import ClientSettings, OrgSettings, UserSettings

TICK_S = 0.25
CONNECT_S, GRACE_S, TERMINATE_S, EXPIRY_S = 0.5, 2.0, 1.0, 8.0
REPLAY = 4
START = 1000.0
GONE = "terminated"


@dataclass
class Twin:
    """The model of one device."""

    epoch: int
    policies: Policies
    status: str = "initializing"
    muted: bool = False
    rev: int = 0
    forced: bool = False
    away: bool = False
    checkpoint: bool = False
    due: dict[str, float] = field(default_factory=dict)
    own: str | None = None
    said: list[tuple[bool, str]] = field(default_factory=list)
    said_rev: list[int] = field(default_factory=list)

    def set(self, muted: bool, cause: str) -> None:  # noqa: FBT001 - the value itself.
        flipped = muted is not self.muted
        self.muted, self.rev = muted, self.rev + 1
        if self.policies.versions or flipped:
            self.said.append((muted, cause))
            self.said_rev.append(self.rev)

    def begin(self, now: float, *, blocked: bool) -> None:
        self.status = "initializing"
        self.due = {} if blocked else {"connect": now + CONNECT_S}

    def lose(self, now: float) -> None:
        self.status, self.away, self.due = "disconnected", True, {"expire": now + EXPIRY_S}

    def come_back(self) -> None:
        if self.away and self.status in {"initializing", "connected"}:
            self.away = False
            to = {"keep": self.muted, "reset": False, "last-known-good": self.checkpoint}
            muted = to[self.policies.mute_after_reconnect]
            if muted is not self.muted and not self.forced:
                self.set(muted, "default-reset")

    def tick(self, now: float) -> None:
        if self.due.get("connect") == now:
            self.status, self.checkpoint = "connected", self.muted
            del self.due["connect"]
        if self.due.get("grace") == now:
            self.lose(now)
        if now in {self.due.get("expire"), self.due.get("terminate")}:
            self.status = GONE


@dataclass
class Listener:
    """The model of one socket: where in `said` it began to listen."""

    twin: Twin
    since: int


class OrgMachine(RuleBasedStateMachine):
    """One user with two devices, any number of sockets, and all the hands there are."""

    @initialize(
        versions=st.booleans(),
        reconnect=st.sampled_from(MuteAfterReconnect),
        force=st.sampled_from(AdminForce),
    )
    def begin(self, *, versions: bool, reconnect: MuteAfterReconnect, force: AdminForce) -> None:
        self.policies = Policies(
            connect_delay_s=CONNECT_S,
            drop_grace_s=GRACE_S,
            terminate_delay_s=TERMINATE_S,
            session_expiry_s=EXPIRY_S,
            heartbeat_s=4.0,
            replay_events=REPLAY,
            versions=versions,
            mute_after_reconnect=reconnect,
            admin_force=force,
        )
        self.org = self.fresh()
        self.now = START
        self.user = self.org.users()[0].id
        self.blocked = False
        self.epoch = 0
        self.names: dict[str, str] = {}
        self.twins: dict[str, Twin] = {}
        self.listeners: dict[str, Listener] = {}
        self.counter = 0
        self.inputs: list[tuple[float, Input[Any]]] = []
        self.outbound: list[Outbound] = []

    def fresh(self) -> Org:
        org_settings = OrgSettings(
            users=(UserSettings(username="ann", password="x"),),
            clients=(ClientSettings(id="c"),),
            policies=self.policies,
        )
        return Org(org_settings, seed=3, now=START)

    # The two sides of a step.

    def receive(self, item: Input[Any]) -> Any:
        self.inputs.append((self.now, item))
        try:
            return self.org.receive(item, now=self.now)
        finally:
            self.outbound.extend(self.org.take_outbound())

    def refused(self, item: Input[Any]) -> str:
        before = (self.org.state(now=self.now), self.org.next_deadline(), len(self.outbound))
        try:
            self.receive(item)
        except DomainError as error:
            after = (self.org.state(now=self.now), self.org.next_deadline(), len(self.outbound))
            assert after == before, "a refused input changes nothing"
            return error.code
        return "accepted"

    def lost(self, socket_id: str) -> None:
        twin = self.listeners.pop(socket_id).twin
        if twin.own == socket_id:
            twin.own, twin.away = None, True
            if twin.status in {"initializing", "connected"}:
                twin.due["grace"] = self.now + GRACE_S

    def bury(self) -> None:
        for device_id in [each for each, twin in self.twins.items() if twin.status == GONE]:
            twin = self.twins.pop(device_id)
            self.names = {name: each for name, each in self.names.items() if each != device_id}
            for socket_id in [s for s, each in self.listeners.items() if each.twin is twin]:
                del self.listeners[socket_id]

    def pick(self, name: str) -> tuple[str, Twin] | None:
        device_id = self.names.get(name)
        return None if device_id is None else (device_id, self.twins[device_id])

    # What happens.

    names_drawn = st.sampled_from(["one", "two"])

    @rule(name=names_drawn)
    def open(self, name: str) -> None:
        view = self.receive(OpenDevice(user_id=self.user, name=name))
        known = self.pick(name)
        if known is None:
            assert view.id not in self.twins
            self.epoch += 1
            twin = Twin(epoch=self.epoch, policies=self.policies)
            twin.begin(self.now, blocked=self.blocked)
            self.names[name], self.twins[view.id] = view.id, twin
            return
        device_id, twin = known
        assert view.id == device_id
        if twin.status == "disconnected":
            twin.begin(self.now, blocked=self.blocked)
            twin.come_back()

    @rule(name=names_drawn, muted=st.booleans(), cause=st.sampled_from(["self", "native"]))
    def mute(self, name: str, *, muted: bool, cause: str) -> None:
        if (known := self.pick(name)) is None:
            return
        device_id, twin = known
        item: Input[Any] = SetMute(device_id=device_id, muted=muted, actor=self.user)
        if cause == "native":
            item = LocalMute(device_id=device_id, muted=muted, cause=Cause.NATIVE)
        if twin.forced and not muted:
            assert self.refused(item) == "forced"
        elif twin.status != "connected":
            assert self.refused(item) == "general.conflict"
        else:
            self.receive(item)
            twin.set(muted, cause)

    @rule(name=names_drawn, muted=st.booleans())
    def force(self, name: str, *, muted: bool) -> None:
        if (known := self.pick(name)) is None:
            return
        device_id, twin = known
        item = ForceMute(device_id=device_id, muted=muted)
        if twin.status == "terminating":
            assert self.refused(item) == "general.conflict"
        else:
            self.receive(item)
            twin.forced = muted and self.policies.admin_force is AdminForce.LOCKED
            twin.set(muted, "admin")

    @rule(name=names_drawn, muted=st.booleans())
    def report(self, name: str, *, muted: bool) -> None:
        if (known := self.pick(name)) is None or known[1].own is None:
            return
        twin, own = known[1], known[1].own
        self.receive(SocketReport(socket_id=own, kind="headsetMute", muted=muted))
        if twin.status == "connected" and (muted or not twin.forced):
            twin.set(muted, "headset")

    @rule(name=names_drawn, own=st.booleans(), back=st.none() | st.integers(-1, REPLAY + 2))
    def attach(self, name: str, *, own: bool, back: int | None) -> None:
        if (known := self.pick(name)) is None:
            return
        device_id, twin = known
        self.counter += 1
        socket_id = f"s{self.counter}"
        since = None if back is None or back > twin.rev else Version(twin.epoch, twin.rev - back)
        if own and twin.own is not None:
            del self.listeners[twin.own]
        recovered = (
            self.policies.versions and since is not None and 0 <= twin.rev - since.rev <= REPLAY
        )
        start = since.rev if recovered and since is not None else len(twin.said)
        role = Role.DEVICE if own else Role.OBSERVER
        item = AttachSocket(
            socket_id=socket_id, device_id=device_id, role=role, token_id="t", since=since
        )
        self.receive(item)
        self.listeners[socket_id] = Listener(twin, start)
        first = self.heard(socket_id)[0]
        assert isinstance(first, Subscribed)
        assert first.recovered is recovered
        if own:
            twin.own = socket_id
            twin.due.pop("grace", None)
            if twin.status == "disconnected":
                twin.begin(self.now, blocked=self.blocked)
            twin.come_back()

    @precondition(lambda self: self.listeners)
    @rule(data=st.data())
    def detach(self, data: st.DataObject) -> None:
        socket_id = data.draw(st.sampled_from(sorted(self.listeners)))
        self.receive(DetachSocket(socket_id=socket_id))
        self.lost(socket_id)

    @rule(name=names_drawn)
    def drop(self, name: str) -> None:
        if (known := self.pick(name)) is None:
            return
        device_id, twin = known
        item = DropDevice(device_id=device_id)
        if twin.status in {"initializing", "connected"}:
            self.receive(item)
            twin.lose(self.now)
        else:
            assert self.refused(item) == "general.conflict"

    @rule(name=names_drawn)
    def delete(self, name: str) -> None:
        if (known := self.pick(name)) is None:
            return
        device_id, twin = known
        item = DeleteDevice(device_id=device_id, actor=self.user)
        if twin.status == "terminating":
            assert self.refused(item) == "general.conflict"
        else:
            self.receive(item)
            twin.status, twin.due = "terminating", {"terminate": self.now + TERMINATE_S}

    @rule(name=names_drawn)
    def end(self, name: str) -> None:
        if (known := self.pick(name)) is None:
            return
        self.receive(EndSession(device_id=known[0]))
        known[1].status = GONE
        self.bury()

    @rule(blocked=st.booleans())
    def block(self, *, blocked: bool) -> None:
        self.receive(SetUserState(user_id=self.user, blocked=blocked))
        self.blocked = blocked
        for twin in self.twins.values():
            if twin.status == "initializing":
                if blocked:
                    twin.due.pop("connect", None)
                else:
                    twin.due.setdefault("connect", self.now + CONNECT_S)

    @rule(ticks=st.sampled_from([1, 1, 2, 4, 9, 40]))
    def advance(self, ticks: int) -> None:
        end = self.now + ticks * TICK_S
        while (due := self.org.next_deadline()) is not None and due <= end:
            self.org.handle_timer(now=due)
            later = self.org.next_deadline()
            assert later is None or later > due, "a timer moves its deadline"
            self.outbound.extend(self.org.take_outbound())
        for _ in range(ticks):
            self.now += TICK_S
            for twin in self.twins.values():
                twin.tick(self.now)
        self.bury()

    # What must hold after each step.

    def heard(self, socket_id: str) -> list[Event]:
        return [
            each.event
            for each in self.outbound
            if isinstance(each, Emit) and socket_id in each.sockets
        ]

    @invariant()
    def devices_are_as_the_model_says(self) -> None:
        shown = {
            each.id: (each.status.value, each.muted, each.forced, each.version)
            for each in self.org.devices()
        }
        assert shown == {
            device_id: (
                twin.status,
                twin.muted,
                twin.forced,
                Version(twin.epoch, twin.rev) if self.policies.versions else None,
            )
            for device_id, twin in self.twins.items()
        }

    @invariant()
    def sockets_are_as_the_model_says(self) -> None:
        assert {each.id for each in self.org.sockets()} == set(self.listeners)
        closed = {each.socket_id for each in self.outbound if isinstance(each, Close)}
        assert not closed & set(self.listeners)

    @invariant()
    def every_listener_has_heard_every_set_once_and_without_a_gap(self) -> None:
        for socket_id, listener in self.listeners.items():
            mutes = [each for each in self.heard(socket_id) if isinstance(each, MuteChanged)]
            twin, since = listener.twin, listener.since
            assert [(each.muted, each.cause.value) for each in mutes] == twin.said[since:]
            if self.policies.versions:
                revs = [each.version for each in mutes]
                assert revs == [Version(twin.epoch, rev) for rev in range(since + 1, twin.rev + 1)]
            else:
                assert all(each.version is None for each in mutes)

    @invariant()
    def whoever_has_seen_a_revision_has_seen_all_of_it(self) -> None:
        shown = self.org.devices(), self.org.sockets()
        before = getattr(self, "revised", (-1, None))
        assert before[0] != self.org.revision or before[1] == shown
        self.revised = self.org.revision, shown

    def teardown(self) -> None:
        """The log of inputs alone, without any timer, replays the whole run."""
        if not hasattr(self, "inputs"):
            return
        again = self.fresh()
        for now, item in self.inputs:
            try:
                again.receive(item, now=now)
            except DomainError:
                continue
        again.handle_timer(now=self.now)
        assert again.take_outbound() == self.outbound
        assert again.state(now=self.now) == self.org.state(now=self.now)


OrgMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
TestOrg = OrgMachine.TestCase
