"""Conversations and their legs, and what they make of a device's mute.

The rule is one mute: while a device has live voice legs, it is muted exactly when every one
of them is. Setting the device sets all its live legs. A new leg takes the device's value. An
alerting leg keeps that value while it rings, whatever is set meanwhile, and brings it along
when it connects; but a locked device gives it its own. A leg that moves takes the value of
the device it moves to. Digital legs never count.

`Conversations` knows legs only. Its owner asks `muted_on` after each change, and settles the
device; and it asks `take_changed` for the conversations that are to be told of.
"""

from enum import StrEnum

import msgspec

from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.views import ConversationView, LegView, PartyView, UserView

VOICE = "voice"

MAX_ENDED = 1024
"""How many ended conversations are kept for reading; the oldest is forgotten first."""


class LegState(StrEnum):
    """Where a leg is."""

    ALERTING = "alerting"
    """It rings here."""
    DIALING = "dialing"
    """It rings there."""
    CONNECTED = "connected"
    ENDED = "ended"


class LegInput(StrEnum):
    """What can happen to a leg."""

    CONNECT = "connect"
    END = "end"
    MUTE = "mute"
    """Muted or unmuted by itself, beside the other legs of its device."""
    HOLD = "hold"
    """Held or taken back."""
    CONFINE = "confine"
    """Kept from hearing, or let hear again."""
    MOVE = "move"
    """To another device."""


_RINGS, _DIALS, _ON, _OVER = (
    LegState.ALERTING,
    LegState.DIALING,
    LegState.CONNECTED,
    LegState.ENDED,
)

TABLE: dict[tuple[LegState, LegInput], LegState] = {
    (_RINGS, LegInput.CONNECT): _ON,
    (_RINGS, LegInput.END): _OVER,
    (_RINGS, LegInput.MUTE): _RINGS,
    (_RINGS, LegInput.MOVE): _RINGS,
    (_DIALS, LegInput.CONNECT): _ON,
    (_DIALS, LegInput.END): _OVER,
    (_DIALS, LegInput.MUTE): _DIALS,
    (_ON, LegInput.END): _OVER,
    (_ON, LegInput.MUTE): _ON,
    (_ON, LegInput.HOLD): _ON,
    (_ON, LegInput.CONFINE): _ON,
    (_ON, LegInput.MOVE): _ON,
}
"""What becomes of a leg. An absent pair is refused with 409 `general.conflict`."""

FIRST: dict[str, tuple[LegState, ...]] = {
    "inbound": (_RINGS, _ON),
    "outbound": (_DIALS, _ON),
}
"""The states in which a conversation may begin, by its direction."""

_INPUT_OF_STATE: dict[str, LegInput] = {_ON: LegInput.CONNECT, _OVER: LegInput.END}

_PHRASES: dict[LegInput, str] = {
    LegInput.CONNECT: "connect",
    LegInput.END: "end",
    LegInput.MUTE: "be muted or unmuted",
    LegInput.HOLD: "be held or taken back",
    LegInput.CONFINE: "be confined or let hear",
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
        self._changed: dict[str, None] = {}
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
            self._replace(each, {}, muted=muted)

    @staticmethod
    def check_start(item: StartCall) -> None:
        """Raise `DomainError` (400) for what a conversation cannot begin as."""
        if not item.media:
            raise DomainError("invalid.value", "media is empty; it is voice or a digital medium.")
        first = FIRST.get(item.direction)
        if first is None:
            raise DomainError(
                "invalid.value", f"direction is {item.direction!r}; it is inbound or outbound."
            )
        if item.state not in first:
            raise DomainError(
                "invalid.value",
                f"state is {item.state!r}; an {item.direction} call begins {' or '.join(first)}.",
            )

    def start(
        self, item: StartCall, *, device: str, user: UserView, muted: bool, now: float
    ) -> ConversationView:
        """A conversation begins, as `check_start` has allowed."""
        leg = LegView(
            id=self._entropy.id("leg"),
            device_id=device,
            media=item.media,
            state=LegState(item.state).value,
            muted=muted,
            held=False,
            confined=False,
        )
        conversation = ConversationView(
            id=self._entropy.id("conversation"),
            user_id=user.id,
            user_name=user.name,
            participant_id=self._entropy.id("participant"),
            legs=(leg,),
            direction=item.direction,
            far=self._party(item.name, item.address, item.direction, item.state),
            started_at=now,
            connected_at=now if item.state == LegState.CONNECTED else None,
        )
        self._all[conversation.id] = conversation
        self._changed[conversation.id] = None
        self._index(conversation.id, leg)
        return conversation

    def _party(self, name: str, address: str, direction: str, state: str) -> PartyView:
        # Whoever calls in is there already while it rings here.
        here = state if direction == "outbound" else LegState.CONNECTED.value
        return PartyView(
            participant_id=self._entropy.id("participant"),
            leg_id=self._entropy.id("leg"),
            name=name,
            address=address,
            state=here,
        )

    def check(self, item: ChangeCall, *, moved: bool) -> LegState:
        """The leg's state after such a change. Raises `DomainError` (400, 404, 409)."""
        after = LegState(self.need(item.conversation_id).legs[0].state)
        if item.state is not None and item.state != after:
            step = _INPUT_OF_STATE.get(item.state)
            if step is None:
                raise DomainError(
                    "invalid.value",
                    f"state is {item.state!r}; a leg can become connected or ended.",
                )
            after = next_state(after, step)
        for value, step in (
            (item.muted, LegInput.MUTE),
            (item.held, LegInput.HOLD),
            (item.confined, LegInput.CONFINE),
            (item.consult, LegInput.HOLD),
            (True if moved else None, LegInput.MOVE),
        ):
            if value is not None:
                after = next_state(after, step)
        return after

    def change(
        self, item: ChangeCall, *, state: LegState, muted: bool | None, now: float
    ) -> ConversationView:
        """Carry out what `check` has allowed; `muted` None leaves the leg's value."""
        before = self.need(item.conversation_id)
        given = {
            "held": item.held,
            "confined": item.confined,
            "device_id": item.device_id,
            "muted": muted,
        }
        changes = {field: value for field, value in given.items() if value is not None}
        about: dict[str, object] = {}
        if item.wrapup_code is not None:
            about = {"wrapup_code": item.wrapup_code, "wrapup_notes": item.wrapup_notes}
        if item.held is not None and item.held != before.legs[0].held:
            about["held_at"] = now if item.held else None
        if item.consult is not None:
            about |= self._consulted(before, item.consult)
        if state != before.legs[0].state:
            about |= self._moved_on(before, state, item.disconnect_type, now=now)
            if state is LegState.ENDED:
                changes |= {"held": False, "confined": False}
        return self._replace(before.id, about, state=state.value, **changes)

    def _consulted(self, before: ConversationView, address: str) -> dict[str, object]:
        there = bool(address)
        party = None
        if there:
            party = self._party("Connie Consulted", address, "outbound", LegState.CONNECTED.value)
        return {
            "consult": party,
            "far": msgspec.structs.replace(before.far, confined=there),
        }

    @staticmethod
    def _moved_on(
        before: ConversationView, state: LegState, disconnect_type: str | None, *, now: float
    ) -> dict[str, object]:
        far = msgspec.structs.replace(before.far, state=state.value, confined=False)
        if state is LegState.CONNECTED:
            return {"far": far, "connected_at": now}
        return {
            "far": far,
            "consult": None,
            "ended_at": now,
            "held_at": None,
            "disconnect_type": disconnect_type or "client",
        }

    def end_all(self, device_id: str, *, now: float) -> None:
        """The device is gone for good: every leg on it ends."""
        for conversation in self.all():
            leg = conversation.legs[0]
            if leg.device_id == device_id and leg.state != LegState.ENDED:
                about = self._moved_on(conversation, LegState.ENDED, "endpoint", now=now)
                self._replace(
                    conversation.id, about, state=LegState.ENDED.value, held=False, confined=False
                )

    def take_changed(self) -> tuple[ConversationView, ...]:
        """The conversations that are another than when last asked. Asking empties it."""
        if not self._changed:
            return ()
        changed, self._changed = self._changed, {}
        return tuple(self._all[each] for each in changed if each in self._all)

    def _replace(
        self, conversation_id: str, about: dict[str, object], **changes: object
    ) -> ConversationView:
        """`about` are fields of the conversation, `changes` of its leg."""
        before = self._all[conversation_id]
        leg = msgspec.structs.replace(before.legs[0], **changes)
        after = msgspec.structs.replace(before, legs=(leg,), **about)
        if after != before:
            self._changed[conversation_id] = None
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
