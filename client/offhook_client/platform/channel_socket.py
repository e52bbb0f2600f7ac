"""The socket of a notification channel: opened, listened to, found dead, opened again.

Liveness is a question in JSON, `{"message": "ping"}`, with a deadline for its answer: the
platform's own heartbeat comes every 30 s only. The first pong also says when the channel is
really heard; what is read after it misses nothing.
"""

import asyncio
from enum import StrEnum
from typing import Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import CloseCode

from offhook_client.calls import Caller
from offhook_client.errors import ClientError, UnreachableError
from offhook_client.events import CLOSE_CODES, Dialler, End, Ending, Follower
from offhook_client.models import UNREADABLE
from offhook_client.platform.channel import Channel
from offhook_client.platform.models import Call, Envelope, Notice
from offhook_client.platform.pace import Pace
from offhook_client.platform.user import User
from offhook_client.tokens import Token

METADATA = "channel.metadata"
PING = '{"message": "ping"}'
PONG = "pong"
CALLS_SUFFIX = ".conversations.calls"


class System(StrEnum):
    """What the platform says about the socket itself."""

    CLOSING = "v2.system.socket_closing"
    REPLACED = "v2.system.no_longer_subscribed"
    REVOKED = "v2.system.token_revoked"


NOTICES: dict[str, Ending] = {
    System.CLOSING: Ending.RENEW,
    System.REPLACED: Ending.DIAL,
    System.REVOKED: Ending.REFRESH,
}
"""What each asks for: move at once, dial another channel, get another token."""


class Listener(Follower, Protocol):
    """Whoever follows the socket of a channel."""

    def subscribed(self) -> None:
        """From now on no event is missed."""

    def heard(self, call: Call) -> None:
        """An event about a call."""

    def garbled(self) -> None:
        """A frame has come that cannot be read."""

    def link_lost(self) -> None:
        """The socket is closed or held for dead."""


class ChannelSocket(Dialler):
    """The socket of whatever channel the user has now."""

    def __init__(self, caller: Caller, user: User, listener: Listener, pace: Pace) -> None:
        super().__init__(caller.http, caller.tokens, listener)
        self._channel = Channel(caller)
        self._user = user
        self._listener = listener
        self._pace = pace

    @property
    def channel_id(self) -> str | None:
        """The channel that is listened to, or that is being opened."""
        return self._channel.id

    async def _dial(self, token: Token) -> End:
        options = self._http.options
        try:
            # One attempt: the dialler retries by itself.
            uri = await self._channel.prepare(
                self._user.id, generation=token.generation, attempts=1
            )
            if uri is None:
                return End(ending=Ending.DIAL, reason="the channel is gone")
            connection = await connect(
                uri,
                compression=None,
                proxy=None,
                open_timeout=options.open_timeout_s,
                ping_interval=None,
                close_timeout=options.close_timeout_s,
            )
        except InvalidStatus as error:
            return self._turned_away(self._read_refusal(error))
        except (UnreachableError, OSError, TimeoutError, WebSocketException) as error:
            return End(ending=Ending.BACK_OFF, reason=type(error).__name__)
        return await self._listen(connection, token.generation)

    def _turned_away(self, end: End) -> End:
        if end.ending is not Ending.GONE:
            return end
        self._channel.drop()
        return End(ending=Ending.DIAL, reason=end.reason)

    async def _listen(self, connection: ClientConnection, generation: int) -> End:
        opened_at = self._http.now()
        self._opened(connection, generation)
        renewing = asyncio.create_task(self._renew_topics(connection, generation))
        try:
            end = await self._follow(connection)
        except TimeoutError:
            end = End(ending=Ending.DIAL, reason="no pong")
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd is not None else CloseCode.ABNORMAL_CLOSURE
            end = End(ending=CLOSE_CODES.get(code, Ending.DIAL), reason=f"close {int(code)}")
        finally:
            renewing.cancel()
            self._connection = None
            # Closing politely could wait for a peer that is not there any more.
            connection.transport.abort()
            self._listener.link_lost()
        return self._judged(end, opened_at)

    async def _follow(self, connection: ClientConnection) -> End:
        """Hand over what comes until the platform says that it ends. Raises `TimeoutError`."""
        now, pace = self._http.now, self._pace
        live, waiting, due = False, False, now()
        while True:
            try:
                async with asyncio.timeout_at(due):
                    text = await connection.recv()
            except TimeoutError:
                if waiting:
                    raise
                async with asyncio.timeout(pace.pong_s):
                    await connection.send(PING)
                waiting, due = True, now() + pace.pong_s
                continue
            frame = self._decode(text)
            if frame.topic_name in NOTICES:
                return self._noticed(frame.topic_name)
            if frame.topic_name == METADATA:
                if _is_pong(frame):
                    waiting, due = False, now() + pace.ping_s
                    if not live:
                        live = True
                        self._listener.subscribed()
            elif live:
                self._hand_over(frame)

    def _noticed(self, topic: str) -> End:
        self._http.note("channel", NOTICES[topic], topic)
        if topic == System.REPLACED:
            # Two sockets on one channel would throw each other out for ever.
            self._channel.drop()
        return End(ending=NOTICES[topic], reason=topic)

    def _decode(self, text: str | bytes) -> Envelope:
        try:
            return msgspec.json.decode(text, type=Envelope)
        except UNREADABLE:
            self._listener.garbled()
            return Envelope()

    def _hand_over(self, frame: Envelope) -> None:
        if not frame.topic_name.endswith(CALLS_SUFFIX):
            return
        try:
            call = msgspec.json.decode(frame.event_body, type=Call)
        except UNREADABLE:
            self._listener.garbled()
            return
        self._listener.heard(call)

    async def _renew_topics(self, connection: ClientConnection, generation: int) -> None:
        """Keep the channel from expiring. A channel that is gone is dialled anew."""
        uri: str | None = ""
        while uri is not None:
            await asyncio.sleep(self._pace.renewal_s)
            self._http.note("channel", "renew", "the topics' time")
            try:
                uri = await self._channel.prepare(self._user.id, generation=generation)
            except UnreachableError:
                continue
            except ClientError:
                # Whoever dials next is refused as well, and says so.
                break
        await connection.close()


def _is_pong(frame: Envelope) -> bool:
    try:
        return msgspec.json.decode(frame.event_body, type=Notice).message == PONG
    except UNREADABLE:
        return False
