"""Conversations and their legs, and what they make of a device's mute.

The rule is one mute: while a device has live voice legs, it is muted exactly when every one
of them is. Setting the device sets all its live legs. A new leg takes the device's value. An
alerting leg keeps that value while it rings, whatever is set meanwhile, and brings it along
when it connects; but a locked device gives it its own. A leg that moves takes the value of
the device it moves to. Digital legs never count.

`Conversations` knows legs only. Its owner asks `muted_on` after each change, and settles the
device.
"""

from enum import StrEnum

import msgspec

from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.views import ConversationView, LegView

VOICE = "voice"

MAX_ENDED = 1024
"""How many ended conversations are kept for reading; the oldest is forgotten first."""


class LegState(StrEnum):
    """Where a leg is."""

    ALERTING = "alerting"
    CONNECTED = "connected"
    ENDED = "ended"


class LegInput(StrEnum):
    """What can happen to a leg."""

    CONNECT = "connect"
    END = "end"
    HOLD = "hold"
    """Held or taken back."""
    MOVE = "move"
    """To another device."""


TABLE: dict[tuple[LegState, LegInput], LegState] = {
    (LegState.ALERTING, LegInput.CONNECT): LegState.CONNECTED,
    (LegState.ALERTING, LegInput.END): LegState.ENDED,
    (LegState.ALERTING, LegInput.MOVE): LegState.ALERTING,
    (LegState.CONNECTED, LegInput.END): LegState.ENDED,
    (LegState.CONNECTED, LegInput.HOLD): LegState.CONNECTED,
    (LegState.CONNECTED, LegInput.MOVE): LegState.CONNECTED,
}
"""What becomes of a leg. An absent pair is refused with 409 `general.conflict`."""

_INPUT_OF_STATE: dict[str, LegInput] = {
    LegState.CONNECTED: LegInput.CONNECT,
    LegState.ENDED: LegInput.END,
}

_PHRASES: dict[LegInput, str] = {
    LegInput.CONNECT: "connect",
    LegInput.END: "end",
    LegInput.HOLD: "be held or taken back",
    LegInput.MOVE: "move to another device",
}


def next_state(state: LegState, item: LegInput) -> LegState:
    """What becomes of `state`. Raises `DomainError` 409 made of the pair when it is illegal."""
    after = TABLE.get((state, item))
    if after is None:
        allowed = " or ".join(each for each in LegState if (each, item) in TABLE)
        raise DomainError(
            "general.conflict",
            f"The leg is {state}; it must be {allowed} to {_PHRASES[item]}.",
            facts={"state": state.value, "input": item.value},
        )
    return after


def is_live(leg: LegView) -> bool:
    """From connected to ended, held included; a digital leg never is."""
    return leg.media == VOICE and leg.state == LegState.CONNECTED


class Conversations:
    """All conversations of an org, each with one leg of ours."""

    def __init__(self, *, entropy: Entropy) -> None:
        self._entropy = entropy
        self._all: dict[str, ConversationView] = {}
        self._live: dict[str, dict[str, None]] = {}
        """By device, the conversations with a live leg there, oldest first."""
        self._ended: dict[str, None] = {}

    def get(self, conversation_id: str) -> ConversationView | None:
        """The conversation of that id, or None."""
        return self._all.get(conversation_id)

    def all(self) -> tuple[ConversationView, ...]:
        """Every conversation that is remembered, oldest first."""
        return tuple(self._all.values())

    def need(self, conversation_id: str) -> ConversationView:
        """The conversation of that id. Raises `DomainError` (404)."""
        conversation = self._all.get(conversation_id)
        if conversation is None:
            raise DomainError("not.found", f"There is no conversation {conversation_id!r}.")
        return conversation

    def muted_on(self, device_id: str) -> bool | None:
        """Whether every live leg on the device is muted; None when there is none."""
        live = self._live.get(device_id)
        if not live:
            return None
        return all(self._all[each].legs[0].muted for each in live)

    def set_live(self, device_id: str, *, muted: bool) -> None:
        """The device was set: so are all its live legs."""
        for each in self._live.get(device_id, {}):
            self._replace(each, muted=muted)

    def start(
        self, *, user_id: str, device_id: str, media: str, state: str, muted: bool
    ) -> ConversationView:
        """A conversation begins. Raises `DomainError` (400) for an unknown state or no medium."""
        if not media:
            raise DomainError("invalid.value", "media is empty; it is voice or a digital medium.")
        if state not in {LegState.ALERTING, LegState.CONNECTED}:
            raise DomainError(
                "invalid.value", f"state is {state!r}; a call begins alerting or connected."
            )
        leg = LegView(
            id=self._entropy.id("leg"),
            device_id=device_id,
            media=media,
            state=LegState(state).value,
            muted=muted,
            held=False,
            confined=False,
        )
        conversation = ConversationView(
            id=self._entropy.id("conversation"),
            user_id=user_id,
            participant_id=self._entropy.id("participant"),
            legs=(leg,),
        )
        self._all[conversation.id] = conversation
        self._index(conversation.id, leg)
        return conversation

    def check(
        self, conversation_id: str, *, state: str | None, held: bool | None, moved: bool
    ) -> LegState:
        """The leg's state after such a change. Raises `DomainError` (400, 404, 409)."""
        after = LegState(self.need(conversation_id).legs[0].state)
        if state is not None and state != after:
            item = _INPUT_OF_STATE.get(state)
            if item is None:
                raise DomainError(
                    "invalid.value", f"state is {state!r}; a leg can become connected or ended."
                )
            after = next_state(after, item)
        if held is not None:
            after = next_state(after, LegInput.HOLD)
        if moved:
            after = next_state(after, LegInput.MOVE)
        return after

    def change(
        self,
        conversation_id: str,
        *,
        state: LegState,
        held: bool | None,
        device_id: str | None,
        muted: bool | None,
    ) -> ConversationView:
        """Carry out what `check` has allowed. None leaves a field as it is."""
        given = {"held": held, "device_id": device_id, "muted": muted}
        changes = {field: value for field, value in given.items() if value is not None}
        if state is LegState.ENDED:
            changes["held"] = False
        return self._replace(conversation_id, state=state.value, **changes)

    def end_all(self, device_id: str) -> None:
        """The device is gone for good: every leg on it ends."""
        for conversation in self.all():
            leg = conversation.legs[0]
            if leg.device_id == device_id and leg.state != LegState.ENDED:
                self._replace(conversation.id, state=LegState.ENDED.value, held=False)

    def _replace(self, conversation_id: str, **changes: object) -> ConversationView:
        before = self._all[conversation_id]
        leg = msgspec.structs.replace(before.legs[0], **changes)
        after = msgspec.structs.replace(before, legs=(leg,))
        self._all[conversation_id] = after
        if is_live(before.legs[0]) and (
            not is_live(leg) or leg.device_id != before.legs[0].device_id
        ):
            live = self._live[before.legs[0].device_id]
            del live[conversation_id]
            if not live:
                del self._live[before.legs[0].device_id]
        self._index(conversation_id, leg)
        return after

    def _index(self, conversation_id: str, leg: LegView) -> None:
        if is_live(leg):
            self._live.setdefault(leg.device_id, {})[conversation_id] = None
        elif leg.state == LegState.ENDED:
            self._ended[conversation_id] = None
            if len(self._ended) > MAX_ENDED:
                oldest = next(iter(self._ended))
                del self._ended[oldest]
                del self._all[oldest]
