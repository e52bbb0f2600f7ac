"""The org: the pure root of all state, and the one door through which it changes.

An org does little itself. It hands each input to the part that owns the noun, lets time pass
in order, and keeps the parts' promises to each other. Its contract is that of everything
here that lives in time:

* `receive(input, now=…)` may raise a `DomainError`, and then the input has changed nothing.
* `next_deadline()` says when it wants to be woken, `handle_timer(now=…)` wakes it.
* `take_outbound()` must be asked for after each of these, and its frames and closes carried
  out in order.

Each deadline is met at its own time, however late the timer is, and before any later input.
So what an org says depends on its seed, its inputs and their times alone, and a log of
inputs replays it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from offhook.domain.announcer import Announcer
from offhook.domain.calls import Calls
from offhook.domain.channel_inputs import (
    AnnounceClosing,
    AttachChannel,
    ChannelMessage,
    ChannelView,
    OpenChannel,
    Subscribe,
    Unsubscribe,
)
from offhook.domain.channel_sockets import ChannelSockets
from offhook.domain.conversation import Conversations
from offhook.domain.deadlines import soonest
from offhook.domain.devices import Devices
from offhook.domain.directory import Directory
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.events import Outbound, Pushed
from offhook.domain.inputs import (
    AttachSocket,
    ChangeCall,
    DeleteDevice,
    DetachSocket,
    DropDevice,
    DropSockets,
    EndSession,
    ForceMute,
    Input,
    LocalMute,
    OpenDevice,
    PatchDevice,
    PatchPolicies,
    PushEvent,
    SetMute,
    SetUserState,
    SocketReport,
    StartCall,
)
from offhook.domain.microphones import Microphones
from offhook.domain.picture import picture
from offhook.domain.reports import Reports
from offhook.domain.roster import Roster
from offhook.domain.sockets import Socket, Sockets
from offhook.domain.users import Users
from offhook.domain.views import ConversationView, DeviceView, Role, SocketView, UserView
from offhook.journal import Journal
from offhook.limits import Limiter
from offhook.oauth.server import AuthorizationServer
from offhook.oauth.tokens import TokenStatus
from offhook.policies import Policies
from offhook.settings import OrgSettings

R = TypeVar("R")

_Handler = Callable[..., Any]
_FOREIGN = frozenset({SocketReport, ChannelMessage, PushEvent})


class Org:
    """One org. The shell must serialize all calls and give a `now` that does not go back."""

    log: Callable[[Input[Any], float], None] | None = None
    """Told each input before it is looked at, and its time: enough to live it through again."""
    _soonest: float | None = None
    _soonest_known = False  # Deadlines move only where something happens.
    revision = 0
    """Goes up whenever something may have changed: who has seen this one has seen all."""

    def __init__(
        self, settings: OrgSettings, *, seed: int, now: float, journal: Journal | None = None
    ) -> None:
        self.settings = settings
        self.seed = seed
        self.entropy = Entropy(seed)
        self.journal = journal if journal is not None else Journal()
        self.limiter = Limiter()
        self._policies = settings.policies
        self.present = now  # The latest time that it knows of.
        self._users = Users(settings, entropy=self.entropy)
        self.oauth = AuthorizationServer(
            settings, users=self._users, policies=self._current, entropy=self.entropy
        )
        self.journal.hide = self.oauth.hide
        self.directory = Directory(settings, users=self._users, entropy=self.entropy, now=now)
        self._roster = Roster(policies=self._current)
        self._sockets = Sockets(policies=self._current, version_of=self._roster.version_of)
        self._channels = ChannelSockets(
            policies=self._current,
            entropy=self.entropy,
            outbox=self._sockets,
            known_user=self._users.knows,
        )
        self._conversations = Conversations(entropy=self.entropy)
        self._microphones = Microphones(
            policies=self._current,
            roster=self._roster,
            sockets=self._sockets,
            conversations=self._conversations,
        )
        self._devices = Devices(
            policies=self._current,
            entropy=self.entropy,
            users=self._users,
            roster=self._roster,
            microphones=self._microphones,
            sockets=self._sockets,
            conversations=self._conversations,
        )
        self._calls = Calls(
            policies=self._current,
            users=self._users,
            roster=self._roster,
            devices=self._devices,
            microphones=self._microphones,
            conversations=self._conversations,
        )
        self._reports = Reports(
            roster=self._roster, microphones=self._microphones, sockets=self._sockets
        )
        self._announcer = Announcer(
            policies=self._current,
            channels=self._channels,
            conversations=self._conversations,
            directory=self.directory,
        )
        self._handlers = self._table()
        self._parts = (self._devices, self._calls, self._sockets, self._channels, self.oauth)
        self._changing = tuple(part for part in self._parts if part is not self._sockets)

    def _table(self) -> dict[type[Input[Any]], _Handler]:
        """Which part takes which input. OAuth's inputs are not here: they go to `oauth`."""
        return {
            OpenDevice: self._devices.open,
            SetMute: self._microphones.set_mute,
            DeleteDevice: self._devices.delete,
            AttachSocket: self._attach,
            DetachSocket: self._detach,
            SocketReport: self._report,
            ForceMute: self._microphones.force,
            LocalMute: self._microphones.set_locally,
            DropDevice: self._devices.drop,
            EndSession: self._devices.end,
            SetUserState: self._set_user_state,
            PatchDevice: self._devices.patch,
            PatchPolicies: self._patch_policies,
            PushEvent: self._push,
            DropSockets: self._drop_sockets,
            StartCall: self._calls.start,
            ChangeCall: self._calls.change,
            OpenChannel: self._channels.open,
            Subscribe: self._channels.subscribe,
            Unsubscribe: self._channels.unsubscribe,
            AttachChannel: self._channels.attach,
            ChannelMessage: self._channels.receive,
            AnnounceClosing: self._channels.announce_closing,
            **self.directory.table(),
        }

    # The contract of everything that lives in time.

    def receive(self, item: Input[R], *, now: float) -> R:
        """Take one input. Raises `DomainError`, and then the input has changed nothing."""
        if self.log is not None:
            self.log(item, now)
        now = self._pass_time(now)
        handler = self._handlers.get(type(item), self._ask_oauth)
        refused = None
        try:
            answer = handler(item, now=now)
        except DomainError as error:
            refused = error.code
            raise
        finally:
            self.revision += 1
            facts = {"input": type(item).__name__, "refused": refused, **item.facts()}
            foreign = refused is not None or type(item) in _FOREIGN
            self.journal.write("input", facts, at=now, foreign=foreign)
            self._soonest_known = False
        self._record_sets()
        self._announcer.announce(item, now=now)
        self._check(getattr(item, "device_id", None))
        return cast("R", answer)

    def next_deadline(self) -> float | None:
        """When the next thing is due, in org time; None when nothing ever is."""
        if not self._soonest_known:
            self._soonest, self._soonest_known = soonest(self._parts), True
        return self._soonest

    def handle_timer(self, *, now: float) -> None:
        """Meet every deadline up to `now`; afterwards `next_deadline` lies beyond it."""
        self._pass_time(now)

    def take_outbound(self) -> list[Outbound]:
        """The frames and closes to be carried out, in order. Asking empties it."""
        return self._sockets.take_outbound()

    def _pass_time(self, now: float) -> float:
        """Meet each deadline at its own time. Returns the present.

        Two callers may have read the clock in one order and come in the other, so the later
        of `now` and the last known present counts.
        """
        while (met := self.next_deadline()) is not None and met <= now:
            self.present = max(self.present, met)
            if (change := soonest(self._changing)) is not None and change <= self.present:
                self._change(now=self.present)
            else:  # Only heartbeats, which change nothing, and are by far the most.
                self._sockets.handle_timer(now=self.present)
            self._soonest_known = False
            after = self.next_deadline()
            assert after is None or after > met, f"what was due at {met} was not met"
        self.present = max(self.present, now)
        return self.present

    def _change(self, *, now: float) -> None:
        self.revision += 1
        for part in self._parts:
            part.handle_timer(now=now)
        self._treat_ended_tokens(now=now)
        self._record_sets()
        self._announcer.announce(None, now=now)

    def _record_sets(self) -> None:
        for device_id, was in self._microphones.take_sets():
            self.journal.write("set", {"device_id": device_id, **was.facts()}, at=was.at)

    # What others may know.

    @property
    def policies(self) -> Policies:
        """The policies at this moment."""
        return self._policies

    def user(self, user_id: str) -> UserView | None:
        """The user of that id, or None."""
        return self._users.get(user_id)

    def find_user(self, name: str) -> UserView | None:
        """The user of that id, username or email, or None."""
        return self._users.find(name)

    def default_user(self) -> UserView:
        """Whoever is meant when nobody is named."""
        return self._users.default()

    def users(self) -> tuple[UserView, ...]:
        """Everybody, in the order of the settings."""
        return self._users.all()

    def device(self, device_id: str) -> DeviceView | None:
        """The device of that id; None when unknown or terminated."""
        device = self._roster.get(device_id)
        return None if device is None else self._roster.view(device)

    def devices(self, user_id: str | None = None) -> tuple[DeviceView, ...]:
        """All devices, or a user's, oldest first."""
        return self._roster.views(user_id)

    def conversation(self, conversation_id: str) -> ConversationView | None:
        """The conversation of that id, or None."""
        return self._conversations.get(conversation_id)

    def conversations(self) -> tuple[ConversationView, ...]:
        """All conversations that are remembered, oldest first."""
        return self._conversations.all()

    def channel(self, channel_id: str) -> ChannelView | None:
        """The notification channel of that id, or None."""
        channel = self._channels.channels.get(channel_id)
        return None if channel is None else channel.view()

    def channels(self, user_id: str | None, client_id: str) -> tuple[ChannelView, ...]:
        """The channels of a user by one OAuth client, oldest first."""
        return tuple(each.view() for each in self._channels.channels.of(user_id, client_id))

    def sockets(self) -> tuple[SocketView, ...]:
        """The attached event sockets, oldest first."""
        return self._sockets.all()

    def state(self, *, now: float) -> dict[str, object]:
        """The whole org as JSON-able values; no secret is among them."""
        return picture(
            name=self.settings.name,
            seed=self.seed,
            now=now,
            users=self.users(),
            devices=self.devices(),
            conversations=self.conversations(),
            sockets=self.sockets(),
            tokens=self.oauth.tokens(),
            policies=self._policies,
        )

    # What belongs to no part alone.

    def _current(self) -> Policies:
        return self._policies

    def _ask_oauth(self, item: Input[R], *, now: float) -> R:
        assert type(item).__module__ == "offhook.oauth.inputs", f"nobody takes {type(item)}"
        answer = self.oauth.receive(item, now=now)
        self._treat_ended_tokens(now=now)
        return answer

    def _treat_ended_tokens(self, *, now: float) -> None:
        for ended in self.oauth.take_ended():
            revoked = ended.why is TokenStatus.REVOKED
            self._channels.token_ended(ended.token_id, revoked=revoked, now=now)
            for socket in self._sockets.by_token(ended.token_id):
                self._end_token(socket, ended.why, now=now)

    def _end_token(self, socket: Socket, why: TokenStatus, *, now: float) -> None:
        if self._sockets.token_ended(socket, revoked=why is TokenStatus.REVOKED):
            self._lost(socket, now=now)

    def _attach(self, item: AttachSocket, *, now: float) -> None:
        device = self._roster.get(item.device_id)
        if device is None:
            # It was there when the upgrade was asked for: no error, but nothing to hear.
            self._sockets.refuse_gone(item.socket_id)
            return
        self._sockets.attach(item, now=now)
        if item.role is Role.DEVICE:
            self._devices.socket_attached(device, now=now)
        token = self.oauth.token_by_id(item.token_id)
        socket = self._sockets.get(item.socket_id)
        if token is not None and socket is not None:
            status = token.status(now=now)
            if status is not TokenStatus.ACTIVE:
                self._end_token(socket, status, now=now)

    def _detach(self, item: DetachSocket, *, now: float) -> None:
        if self._channels.detach(item.socket_id):
            return
        if (socket := self._sockets.detach(item.socket_id)) is not None:
            self._lost(socket, now=now)

    def _lost(self, socket: Socket, *, now: float) -> None:
        if socket.role is Role.DEVICE:
            self._devices.socket_lost(socket.device_id, now=now)

    def _report(self, item: SocketReport, *, now: float) -> None:
        socket = self._sockets.get(item.socket_id)
        if self._reports.receive(item, now=now) and socket is not None:
            self._lost(socket, now=now)

    def _drop_sockets(self, item: DropSockets, *, now: float) -> int:
        if item.device_id is not None:
            self._roster.need(item.device_id)
        dropped = self._sockets.drop(item.code, item.device_id)
        for socket in dropped:
            self._lost(socket, now=now)
        channels = self._channels.drop(item.code) if item.device_id is None else 0
        return len(dropped) + channels

    def _push(self, item: PushEvent, *, now: float) -> None:
        device = self._roster.need(item.device_id)
        version = self._roster.version_of(device.id)
        self._sockets.publish(Pushed(device_id=device.id, version=version, at=now, body=item.body))

    def _set_user_state(self, item: SetUserState, *, now: float) -> None:
        user = self._users.set_state(item)
        if item.blocked is not None:
            self._devices.block(user, now=now)

    def _patch_policies(self, item: PatchPolicies, *, now: float) -> None:  # noqa: ARG002 - every handler is given the time.
        self._policies = self._policies.changed(item.changes)

    def _check(self, device_id: str | None) -> None:
        """What must hold for the device that an input named."""
        device = None if device_id is None else self._roster.get(device_id)
        if device is None:
            return
        muted = self._conversations.muted_on(device.id)
        assert muted is None or muted == device.register.muted, (
            f"device {device.id} is muted={device.register.muted}, its live legs say {muted}"
        )
        own = [each for each in self._sockets.of(device.id) if each.role is Role.DEVICE]
        assert len(own) <= 1, f"device {device.id} has {len(own)} device sockets"
