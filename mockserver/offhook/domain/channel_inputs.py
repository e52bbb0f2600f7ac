"""What can change notification channels, as values for `Org.receive`."""

import msgspec

from offhook.domain.inputs import Input


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A notification channel at one moment."""

    id: str
    user_id: str | None
    """None: it was opened with a service token."""
    client_id: str
    token_id: str
    expires_at: float
    topics: tuple[str, ...]
    """The ids as they were asked for, combined ones too."""
    connected: bool


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one topic id."""

    id: str
    rejection: str | None = None
    """Why it was rejected; None when it is permitted."""


class OpenChannel(Input[ChannelView], frozen=True, kw_only=True):
    """`POST /api/v2/notifications/channels`."""

    user_id: str | None
    client_id: str
    token_id: str


class Subscribe(Input[tuple[TopicView, ...]], frozen=True, kw_only=True):
    """Topics are added to a channel, or take the place of its topics.

    Raises 404 without the channel, 400 for more topics than a channel takes, and 400 for a
    topic that is rejected unless `ignore_errors`.
    """

    channel_id: str
    topics: tuple[str, ...]
    replace: bool
    ignore_errors: bool = False


class Unsubscribe(Input[None], frozen=True, kw_only=True):
    """All topics of a channel are taken from it."""

    channel_id: str


class AttachChannel(Input[None], frozen=True, kw_only=True):
    """A socket is open on a channel's `connectUri`. It takes over from the one before."""

    socket_id: str
    channel_id: str


class ChannelMessage(Input[None], frozen=True, kw_only=True):
    """What a channel's socket was told: `ping`, `subscribe`, or `unreadable`."""

    socket_id: str
    kind: str
    topics: tuple[str, ...] = ()
    correlation_id: str | None = None
    problem: str | None = None


class AnnounceClosing(Input[int], frozen=True, kw_only=True):
    """Maintenance: the sockets of a channel, or all (None), hear that they will be closed.

    Returns how many.
    """

    channel_id: str | None
