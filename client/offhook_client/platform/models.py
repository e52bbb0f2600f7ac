"""What the platform says, as values: no more of it than the client needs.

Camel case on the wire; unknown fields are passed over.
"""

import msgspec
from msgspec import Raw

CONNECTED = "connected"
"""The one state of a participant in which a person is heard."""

OVER = frozenset({"disconnected", "terminated"})


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Anything of which only the id matters: the user, a reference to one."""

    id: str


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A participant of a call, flat: the shape of `conversations/calls` and of its topic."""

    id: str
    state: str | None = None
    muted: bool = False
    user: Named | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it is read, and as its topic sends it."""

    id: str
    participants: tuple[Participant, ...] = ()


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to `GET /api/v2/conversations/calls`."""

    entities: tuple[Call, ...] = ()


class NewChannel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer to `POST /api/v2/notifications/channels`."""

    id: str
    connect_uri: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Any frame of a channel's socket. Answers to messages carry no topic."""

    topic_name: str = ""
    event_body: Raw = Raw(b"{}")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The body of `channel.metadata`."""

    message: str = ""


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """What a call says about the user."""

    call_id: str
    participant_id: str
    state: str | None
    muted: bool

    @property
    def live(self) -> bool:
        """The person can be heard, mute aside."""
        return self.state == CONNECTED


def own_leg(call: Call, user_id: str) -> Leg | None:
    """The user's part of a call; None when it has none.

    Whoever left a call and came back has two: the one that is not over counts, else the last.
    """
    own = [each for each in call.participants if each.user and each.user.id == user_id]
    own.sort(key=lambda each: each.state not in OVER)
    if not own:
        return None
    last = own[-1]
    return Leg(
        call_id=call.id,
        participant_id=last.id,
        state=last.state,
        muted=last.muted,
    )
