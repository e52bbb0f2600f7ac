"""Everything that sets a device's mute, and who is told.

A set goes one way: the device's register takes it, its live legs follow, its sockets hear.
"""

from collections.abc import Callable

from offhook.domain.conversation import Conversations
from offhook.domain.device import Device, DeviceInput
from offhook.domain.errors import DomainError
from offhook.domain.events import AudioLevelChanged, MuteChanged
from offhook.domain.inputs import ForceMute, LocalMute, SetMute
from offhook.domain.register import (
    ComeBack,
    Force,
    Overwrite,
    RegisterInput,
    Report,
    Want,
    WasSet,
    check_lock,
)
from offhook.domain.roster import Roster
from offhook.domain.sockets import Sockets
from offhook.domain.views import Cause, DeviceView, MuteView
from offhook.policies import AdminForce, Policies


class Microphones:
    """The microphones of an org's devices."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        roster: Roster,
        sockets: Sockets,
        conversations: Conversations,
    ) -> None:
        self._policies = policies
        self._roster = roster
        self._sockets = sockets
        self._conversations = conversations
        self._sets: list[tuple[str, WasSet]] = []

    def take_sets(self) -> list[tuple[str, WasSet]]:
        """Device and set, of every set that was accepted, in order. Asking empties it."""
        sets, self._sets = self._sets, []
        return sets

    def set_mute(self, item: SetMute, *, now: float) -> MuteView:
        """The user's own wish. Raises 404, 403 `forced`, 409, 412, in this order."""
        device = self._roster.need(item.device_id)
        self._set_connected(
            device,
            Want(muted=item.muted, actor=item.actor, intent=item.intent, if_match=item.if_match),
            muted=item.muted,
            now=now,
            lag_s=self._policies().lag_s,
        )
        return MuteView(device=self._roster.view(device), intent=item.intent)

    def force(self, item: ForceMute, *, now: float) -> DeviceView:
        """An administrator's mute; under the policy `locked` it locks. Raises 404, 409."""
        device = self._roster.need(item.device_id)
        device.check(DeviceInput.FORCE)
        lock = self._policies().admin_force is AdminForce.LOCKED
        self._set(device, Force(muted=item.muted, actor=item.actor, lock=lock), now=now)
        return self._roster.view(device)

    def set_locally(self, item: LocalMute, *, now: float) -> DeviceView:
        """Mute by the browser, the headset or a second tab. Raises 400, 404, 403, 409."""
        device = self._roster.need(item.device_id)
        wish: RegisterInput
        match item.cause:
            case Cause.NATIVE | Cause.HEADSET:
                wish = Report(muted=item.muted, cause=item.cause, gesture=item.gesture)
            case Cause.SELF:
                wish = Want(muted=item.muted, actor=device.user_id, intent=item.intent)
            case _:
                raise DomainError(
                    "invalid.value",
                    f"cause is {item.cause.value!r}; it must be native, headset or self.",
                )
        self._set_connected(device, wish, muted=item.muted, now=now)
        return self._roster.view(device)

    def overwrite(self, device: Device, *, muted: bool, now: float) -> None:
        """Control sets the value, whatever the status and whatever lock there is."""
        self._set(device, Overwrite(muted=muted), now=now)

    def come_back(self, device: Device, *, now: float) -> None:
        """A device that was away is back: the policy `mute_after_reconnect` decides, once."""
        if device.away and device.is_present:
            device.away = False
            self._set(device, ComeBack(rule=self._policies().mute_after_reconnect), now=now)

    def settle(
        self, device: Device, *, now: float, actor: str | None = None, lag_s: float = 0.0
    ) -> None:
        """After a leg began, ended, moved or was muted: muted is who has every live leg muted.

        `actor` is the user who muted a leg; without one it is the system's doing.
        """
        muted = self._conversations.muted_on(device.id)
        if muted is not None and muted != device.register.muted:
            wish = Overwrite(muted=muted) if actor is None else Want(muted=muted, actor=actor)
            outcome = device.set(wish, now=now)
            assert outcome is not None, "both are always a set"
            self._tell(device, outcome, lag_s=lag_s)

    def hear_level(self, device: Device, level: float, *, now: float) -> None:
        """The device reports its microphone's level. Raises 400, 409."""
        check_level(level)
        device.check(DeviceInput.AUDIO)
        self.set_level(device, level, now=now)

    def set_level(self, device: Device, level: float, *, now: float) -> None:
        """The level is another now, whatever the status."""
        device.audio_level = level
        version = self._roster.version_of(device.id)
        self._sockets.publish(
            AudioLevelChanged(device_id=device.id, version=version, at=now, level=level)
        )

    def _set_connected(
        self,
        device: Device,
        item: RegisterInput,
        *,
        muted: bool,
        now: float,
        lag_s: float = 0.0,
    ) -> None:
        # The lock is asked before the status: the one order of refusal wants 403 before 409.
        check_lock(device.register, muted=muted)
        device.check(DeviceInput.MUTE)
        self._set(device, item, now=now, lag_s=lag_s)

    def _set(self, device: Device, item: RegisterInput, *, now: float, lag_s: float = 0.0) -> None:
        outcome = device.set(item, now=now)
        if outcome is not None:
            self._conversations.set_live(device.id, muted=outcome.muted)
            self._tell(device, outcome, lag_s=lag_s)

    def _tell(self, device: Device, outcome: WasSet, *, lag_s: float = 0.0) -> None:
        self._sets.append((device.id, outcome))
        versions = self._policies().versions
        if not (versions or outcome.flipped):
            return
        self._sockets.publish(
            MuteChanged(
                device_id=device.id,
                version=outcome.version if versions else None,
                at=outcome.at,
                muted=outcome.muted,
                cause=outcome.cause,
                actor=outcome.actor,
                intent=outcome.intent,
                gesture=outcome.gesture,
            ),
            not_before=outcome.at + lag_s,
        )


def check_level(level: float) -> None:
    """Raise `DomainError` (400) unless it is a level: 0.0 to 1.0."""
    if not 0.0 <= level <= 1.0:
        raise DomainError(
            "invalid.value", f"The audio level is {level}; it must be from 0.0 to 1.0."
        )
