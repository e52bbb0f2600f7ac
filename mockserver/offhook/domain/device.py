"""A device's life: the table of what is allowed, and the device itself.

Whatever happens to a device is a `DeviceInput`. `TABLE` says what becomes of its status; a
pair that is not in it is illegal, and the refusal is made of the pair. Two kinds of time pass
here: each status has at most one deadline of its own (`connect`, `expire`, `terminate`), and
beside it runs the grace after the last device socket was lost (`lose`).
"""

from enum import StrEnum

from offhook.domain.errors import DomainError
from offhook.domain.register import Register, RegisterInput, TakeCheckpoint, WasSet, step
from offhook.domain.views import DeviceView, Status
from offhook.policies import Policies


class DeviceInput(StrEnum):
    """What can happen to a device."""

    OPEN = "open"
    """The user asks for the device."""
    ATTACH = "attach"
    """A device-role socket is there."""
    CONNECT = "connect"
    """The connect delay is over."""
    LOSE = "lose"
    """The grace is over, or the connection is dropped."""
    DELETE = "delete"
    TERMINATE = "terminate"
    """The terminate delay is over."""
    END = "end"
    EXPIRE = "expire"
    """It was disconnected for too long."""
    MUTE = "mute"
    """By the user, the browser or the headset."""
    FORCE = "force"
    """By an administrator: the register is the server's, so the device need not be there."""
    AUDIO = "audio"
    CALL = "call"
    """A voice leg begins on the device."""


_NEW, _ON, _OFF, _ENDING, _GONE = (
    Status.INITIALIZING,
    Status.CONNECTED,
    Status.DISCONNECTED,
    Status.TERMINATING,
    Status.TERMINATED,
)

TABLE: dict[tuple[Status, DeviceInput], Status] = {
    (_NEW, DeviceInput.OPEN): _NEW,
    (_NEW, DeviceInput.ATTACH): _NEW,
    (_NEW, DeviceInput.CONNECT): _ON,
    (_NEW, DeviceInput.LOSE): _OFF,
    (_NEW, DeviceInput.DELETE): _ENDING,
    (_NEW, DeviceInput.END): _GONE,
    (_NEW, DeviceInput.FORCE): _NEW,
    (_ON, DeviceInput.OPEN): _ON,
    (_ON, DeviceInput.ATTACH): _ON,
    (_ON, DeviceInput.LOSE): _OFF,
    (_ON, DeviceInput.DELETE): _ENDING,
    (_ON, DeviceInput.END): _GONE,
    (_ON, DeviceInput.MUTE): _ON,
    (_ON, DeviceInput.FORCE): _ON,
    (_ON, DeviceInput.AUDIO): _ON,
    (_ON, DeviceInput.CALL): _ON,
    (_OFF, DeviceInput.OPEN): _NEW,
    (_OFF, DeviceInput.ATTACH): _NEW,
    (_OFF, DeviceInput.DELETE): _ENDING,
    (_OFF, DeviceInput.END): _GONE,
    (_OFF, DeviceInput.EXPIRE): _GONE,
    (_OFF, DeviceInput.FORCE): _OFF,
    (_ENDING, DeviceInput.OPEN): _ENDING,
    (_ENDING, DeviceInput.ATTACH): _ENDING,
    (_ENDING, DeviceInput.TERMINATE): _GONE,
    (_ENDING, DeviceInput.END): _GONE,
}
"""What becomes of a status. An absent pair is refused with 409 `general.conflict`."""

_PHRASES: dict[DeviceInput, str] = {
    DeviceInput.OPEN: "be opened",
    DeviceInput.ATTACH: "take a socket",
    DeviceInput.CONNECT: "connect",
    DeviceInput.LOSE: "lose its connection",
    DeviceInput.DELETE: "be deleted",
    DeviceInput.TERMINATE: "terminate",
    DeviceInput.END: "be ended",
    DeviceInput.EXPIRE: "expire",
    DeviceInput.MUTE: "be muted",
    DeviceInput.FORCE: "be muted by an administrator",
    DeviceInput.AUDIO: "report an audio level",
    DeviceInput.CALL: "take a call",
}

_HINTS: dict[Status, str] = {
    _NEW: " Wait for connectionStatus connected.",
    _OFF: " Ask for the user's client again to reconnect it.",
    _ENDING: " Once it is terminated, ask for the user's client to get a new one.",
    _GONE: " Ask for the user's client to get a new one.",
}


def next_status(status: Status, item: DeviceInput) -> Status:
    """What becomes of `status`. Raises `DomainError` 409 made of the pair when it is illegal."""
    after = TABLE.get((status, item))
    if after is None:
        allowed = " or ".join(each for each in Status if (each, item) in TABLE)
        hint = _HINTS.get(status, "") if (_ON, item) in TABLE else ""
        raise DomainError(
            "general.conflict",
            f"The client is {status}; it must be {allowed} to {_PHRASES[item]}.{hint}",
            facts={"status": status.value, "input": item.value},
        )
    return after


class Device:
    """One WebRTC client of a user. Its owner must meet `next_deadline` with the `due` input."""

    def __init__(self, *, device_id: str, name: str, user_id: str, epoch: int) -> None:
        self.id = device_id
        self.name = name
        self.user_id = user_id
        self.status = Status.INITIALIZING
        self.register = Register(epoch=epoch)
        self.audio_level = 0.0
        self.away = False
        """Its socket or its connection was lost, and it has not come back since."""
        self._deadlines: dict[DeviceInput, float] = {}

    @property
    def is_present(self) -> bool:
        """Whether it has a connection that it could lose."""
        return (self.status, DeviceInput.LOSE) in TABLE

    def check(self, item: DeviceInput) -> None:
        """Raise `DomainError` 409 when the status does not allow `item`."""
        next_status(self.status, item)

    def receive(
        self, item: DeviceInput, *, now: float, policies: Policies, blocked: bool = False
    ) -> bool:
        """Take `item`; True when the status is another now. Raises `DomainError` 409.

        `blocked`: the user is in a call that blocks initialization.
        """
        return self.enter(
            next_status(self.status, item), now=now, policies=policies, blocked=blocked
        )

    def enter(
        self, status: Status, *, now: float, policies: Policies, blocked: bool = False
    ) -> bool:
        """Take on `status` without asking the table; True when it is another now."""
        if status is self.status:
            return False
        self.status = status
        grace_at = self._deadlines.get(DeviceInput.LOSE)
        self._deadlines = {}
        match status:
            case Status.INITIALIZING:
                self.block(blocked, now=now, policies=policies)
            case Status.CONNECTED:
                self.register, _ = step(self.register, TakeCheckpoint(), now)
            case Status.DISCONNECTED:
                self.away = True
                self._deadlines[DeviceInput.EXPIRE] = now + policies.session_expiry_s
            case Status.TERMINATING:
                self._deadlines[DeviceInput.TERMINATE] = now + policies.terminate_delay_s
            case Status.TERMINATED:
                pass
        if self.is_present and grace_at is not None:
            self._deadlines[DeviceInput.LOSE] = grace_at
        if status is not Status.CONNECTED:
            self.audio_level = 0.0
        return True

    def block(self, blocked: bool, *, now: float, policies: Policies) -> None:  # noqa: FBT001 - the state itself.
        """A call begins or ceases to block initialization; the full delay runs anew after it."""
        if self.status is not Status.INITIALIZING:
            return
        if blocked:
            self._deadlines.pop(DeviceInput.CONNECT, None)
        else:
            self._deadlines.setdefault(DeviceInput.CONNECT, now + policies.connect_delay_s)

    def socket_lost(self, *, now: float, policies: Policies) -> None:
        """The last device-role socket is gone: the device is away, and its grace begins."""
        self.away = True
        if self.is_present:
            self._deadlines[DeviceInput.LOSE] = now + policies.drop_grace_s

    def socket_attached(self) -> None:
        """A device-role socket is there: no grace runs."""
        self._deadlines.pop(DeviceInput.LOSE, None)

    def set(self, item: RegisterInput, *, now: float) -> WasSet | None:
        """Step the register. Raises `DomainError` as `register.step` does."""
        self.register, happened = step(self.register, item, now)
        return happened[0] if happened else None

    def next_deadline(self) -> float | None:
        """When `due` has something to say, or None."""
        return min(self._deadlines.values(), default=None)

    def due(self, *, now: float) -> DeviceInput | None:
        """The input whose deadline is `now` or earlier, earliest first; its deadline is gone.

        Of equal ones the order of `DeviceInput` decides.
        """
        waiting = (each for each in DeviceInput if each in self._deadlines)
        item = min(waiting, key=self._deadlines.__getitem__, default=None)
        if item is None or self._deadlines[item] > now:
            return None
        del self._deadlines[item]
        return item

    def view(self, *, versions: bool) -> DeviceView:
        """The device at this moment. Without `versions`, neither version nor last intent."""
        register = self.register
        return DeviceView(
            id=self.id,
            name=self.name,
            user_id=self.user_id,
            status=self.status,
            audio_level=self.audio_level,
            muted=register.muted,
            version=register.version if versions else None,
            last_intent=register.last_intent if versions else None,
            cause=register.cause,
            forced=register.forced,
        )
