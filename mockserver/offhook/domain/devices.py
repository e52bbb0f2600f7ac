"""The life of an org's devices: opened, connected, lost, found again, deleted, ended."""

from collections.abc import Callable

from offhook.domain.conversation import Conversations
from offhook.domain.deadlines import Deadlines
from offhook.domain.device import Device, DeviceInput
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.events import StatusChanged
from offhook.domain.inputs import DeleteDevice, DropDevice, EndSession, OpenDevice, PatchDevice
from offhook.domain.microphones import Microphones, check_level
from offhook.domain.roster import Roster
from offhook.domain.sockets import Sockets
from offhook.domain.users import Users
from offhook.domain.views import Cause, DeviceView, Status, UserView
from offhook.policies import Policies

LICENCE = "webrtc"

OF_A_USER = 100
"""The most devices that a user may have at a time; one more is refused with 400."""

SOFTPHONE = "softphone"
"""The name of the device that a user has without having asked for any."""


class Devices:
    """What moves devices through their table, and tells of it. Each new one raises the epoch."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        entropy: Entropy,
        users: Users,
        roster: Roster,
        microphones: Microphones,
        sockets: Sockets,
        conversations: Conversations,
    ) -> None:
        self._policies = policies
        self._entropy = entropy
        self._users = users
        self._roster = roster
        self._microphones = microphones
        self._sockets = sockets
        self._conversations = conversations
        self._deadlines: Deadlines[str] = Deadlines()

    def open(self, item: OpenDevice, *, now: float) -> DeviceView:
        """Create, restart or just read the user's device of that name. Raises 404."""
        user = self._users.need(item.user_id)
        _check_may_have_device(user)
        device = self._roster.named(item.user_id, item.name)
        if device is None:
            if sum(each.user_id == user.id for each in self._roster) >= OF_A_USER:
                raise DomainError(
                    "bad.request",
                    f"User {user.username} has {OF_A_USER} devices, which is the most: end one "
                    "with DELETE first.",
                    facts={"devices": OF_A_USER},
                )
            return self._roster.view(self._create(user, item.name, now=now))
        was_disconnected = device.status is Status.DISCONNECTED
        self._move(device, DeviceInput.OPEN, now=now, cause=Cause.SELF, actor=item.user_id)
        if was_disconnected:
            self._microphones.come_back(device, now=now)
        return self._roster.view(device)

    def softphone(self, user_id: str, *, now: float) -> Device:
        """The device on which a user's calls arrive who has not said which. Raises 404.

        It is the oldest connected one, else one of its own, which is there at once: the
        platform's softphone knows nothing of the tutorial's clients.
        """
        user = self._users.need(user_id)
        _check_may_have_device(user)
        for device in self._roster:
            if device.user_id == user_id and device.status is Status.CONNECTED:
                return device
        device = self._roster.named(user_id, SOFTPHONE) or self._create(user, SOFTPHONE, now=now)
        if device.status is Status.DISCONNECTED:
            self._move(device, DeviceInput.OPEN, now=now)
            self._microphones.come_back(device, now=now)
        if device.status is Status.INITIALIZING:
            self._move(device, DeviceInput.CONNECT, now=now)
        return device

    def delete(self, item: DeleteDevice, *, now: float) -> None:
        """The client ends its session: terminating, then terminated. Raises 404, 409."""
        device = self._roster.need(item.device_id)
        self._move(device, DeviceInput.DELETE, now=now, cause=Cause.SELF, actor=item.actor)

    def drop(self, item: DropDevice, *, now: float) -> DeviceView:
        """The device loses its connection now, whatever its sockets. Raises 404, 409."""
        device = self._roster.need(item.device_id)
        self._move(device, DeviceInput.LOSE, now=now)
        return self._roster.view(device)

    def end(self, item: EndSession, *, now: float) -> DeviceView:
        """The session ends now. Raises 404."""
        device = self._roster.need(item.device_id)
        self._move(device, DeviceInput.END, now=now)
        return self._roster.view(device)

    def patch(self, item: PatchDevice, *, now: float) -> DeviceView:
        """Control sets fields as they are, without asking the table. Raises 400, 404."""
        device = self._roster.need(item.device_id)
        if item.audio_level is not None:
            check_level(item.audio_level)
        if item.muted is not None:
            self._microphones.overwrite(device, muted=item.muted, now=now)
        if item.audio_level is not None:
            self._microphones.set_level(device, item.audio_level, now=now)
        if item.status is not None:
            blocked = self._users.need(device.user_id).blocked
            if device.enter(item.status, now=now, policies=self._policies(), blocked=blocked):
                self._tell(device, now=now, cause=Cause.SYSTEM, actor=None)
        return self._roster.view(device)

    def block(self, user: UserView, *, now: float) -> None:
        """A call begins or ceases to block the user's devices from initializing."""
        for device in self._roster:
            if device.user_id == user.id:
                device.block(user.blocked, now=now, policies=self._policies())
                self._rearm(device)

    def socket_attached(self, device: Device, *, now: float) -> None:
        """A device-role socket is there: a device that was away is back."""
        device.socket_attached()
        self._move(device, DeviceInput.ATTACH, now=now)
        self._microphones.come_back(device, now=now)
        self._rearm(device)

    def socket_lost(self, device_id: str, *, now: float) -> None:
        """The device's own socket is gone, and none has taken its place."""
        device = self._roster.get(device_id)
        if device is not None:
            device.socket_lost(now=now, policies=self._policies())
            self._rearm(device)

    def next_deadline(self) -> float | None:
        """When the next device wants to be woken."""
        return self._deadlines.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """Meet every device whose deadline is `now` or earlier."""
        while (device_id := self._deadlines.take_due(now=now)) is not None:
            device = self._roster.need(device_id)
            while (item := device.due(now=now)) is not None:
                self._move(device, item, now=now)
            self._rearm(device)

    def _create(self, user: UserView, name: str, *, now: float) -> Device:
        device = Device(
            device_id=self._entropy.id("device"),
            name=name,
            user_id=user.id,
            epoch=self._entropy.number("epoch"),
        )
        device.block(user.blocked, now=now, policies=self._policies())
        self._roster.add(device)
        self._rearm(device)
        return device

    def _move(
        self,
        device: Device,
        item: DeviceInput,
        *,
        now: float,
        cause: Cause = Cause.SYSTEM,
        actor: str | None = None,
    ) -> None:
        blocked = self._users.need(device.user_id).blocked
        if device.receive(item, now=now, policies=self._policies(), blocked=blocked):
            self._tell(device, now=now, cause=cause, actor=actor)

    def _tell(self, device: Device, *, now: float, cause: Cause, actor: str | None) -> None:
        self._rearm(device)
        self._sockets.publish(
            StatusChanged(
                device_id=device.id,
                version=self._roster.version_of(device.id),
                at=now,
                status=device.status,
                cause=cause,
                actor=actor,
            )
        )
        if device.status is Status.TERMINATED:
            self._conversations.end_all(device.id, now=now)
            self._sockets.forget(device.id)
            self._roster.remove(device)

    def _rearm(self, device: Device) -> None:
        self._deadlines.set(device.id, device.next_deadline())


def _check_may_have_device(user: UserView) -> None:
    if LICENCE not in user.licences:
        raise DomainError(
            "not.found",
            f"User {user.username} has no WebRTC client: the licence {LICENCE!r} is missing.",
            facts={"licences": sorted(user.licences)},
        )
    if user.conflict:
        raise DomainError(
            "not.found",
            f"User {user.username} has no WebRTC client: the user is in a conflicting state.",
            facts={"conflict": True},
        )
