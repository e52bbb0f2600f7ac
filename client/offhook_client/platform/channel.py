"""A notification channel over HTTP: opened, subscribed, let go of when it is gone."""

import msgspec

from offhook_client.calls import Caller
from offhook_client.errors import UnreachableError
from offhook_client.models import UNREADABLE
from offhook_client.platform.models import NewChannel
from offhook_client.retry import Kind, Trouble

OPEN = "postNotificationsChannels"
SUBSCRIBE = "putNotificationsChannelSubscriptions"
CALLS_TOPIC = "v2.users.{id}.conversations.calls"

_PREFIX = "/api/v2/notifications/channels"


class Channel:
    """At most one channel at a time, subscribed to the calls of one user.

    A channel belongs to the token that opened it, so another token gets another channel. The
    one before is left to its end: of too many, the platform drops the oldest idle one.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._open: NewChannel | None = None
        self._generation = 0
        """Of the token that opened it."""

    @property
    def id(self) -> str | None:
        """The channel's id; None while there is none."""
        return None if self._open is None else self._open.id

    def drop(self) -> None:
        """It is gone, or somebody else's now: the next `prepare` opens another."""
        self._open = None

    async def prepare(
        self, user_id: str, *, generation: int, attempts: int | None = None
    ) -> str | None:
        """Make sure of a channel that is subscribed; its `connectUri`.

        Subscribing what is subscribed costs nothing, proves that the channel is there, and
        extends its life. None: it was gone, and must be prepared again.
        Raises `RefusedError`, `LoginRefusedError`, `UnreachableError`.
        """
        channel = self._open
        if channel is None or self._generation != generation:
            channel = await self._fetch(attempts)
            self._open, self._generation = channel, generation
        topics = [{"id": CALLS_TOPIC.replace("{id}", user_id)}]
        reply = await self._caller.call(
            Kind.READ,  # Setting the same topics twice is setting them once.
            SUBSCRIBE,
            "PUT",
            f"{_PREFIX}/{channel.id}/subscriptions",
            headers={"Content-Type": "application/json"},
            body=msgspec.json.encode(topics),
            deadline=self._deadline(),
            attempts=attempts,
        )
        if reply.trouble is not None:
            self.drop()
            return None
        return channel.connect_uri

    async def _fetch(self, attempts: int | None) -> NewChannel:
        # A channel that was opened and whose answer was lost is idle, and harmless.
        reply = await self._caller.call(
            Kind.READ, OPEN, "POST", _PREFIX, deadline=self._deadline(), attempts=attempts
        )
        if reply.trouble in {Trouble.NOT_FOUND, Trouble.CONFLICT}:
            raise reply.error()
        try:
            return msgspec.json.decode(reply.body, type=NewChannel)
        except UNREADABLE as error:
            raise UnreachableError(f"{OPEN}: {reply.reason}, and no channel: {error}.") from None

    def _deadline(self) -> float:
        return self._caller.http.now() + self._caller.http.options.background_deadline_s
