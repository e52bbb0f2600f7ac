"""The event socket: dial, listen, notice that it is dead, dial again.

A loop of our own round `websockets.connect`: its reconnect iterator dials again at once after
any successful handshake, takes 401 and 429 for final, and does not spread the delays.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from enum import StrEnum
from typing import Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import CloseCode

from offhook_client.calls import BUCKET
from offhook_client.errors import (
    ClientError,
    LoginRefusedError,
    RefusedError,
    ReplacedError,
    UnreachableError,
)
from offhook_client.http import Http, Reply
from offhook_client.models import UNREADABLE, Frame, Version
from offhook_client.retry import backoff, read_retry_after, spread_after
from offhook_client.tokens import Token, Tokens

SUBJECT = "events"
_LATE_S = 60.0
"""A dial that was given up longer ago arrives no more."""
_TOO_MANY = 429
_DECODER = msgspec.json.Decoder(Frame)


class Ending(StrEnum):
    """What an end of the socket asks for."""

    DIAL = "dial"
    """A link that broke: after a short delay that grows if it breaks again and again."""
    RENEW = "renew"
    """Nothing is wrong: dial at once with the new token."""
    BACK_OFF = "back off"
    SPREAD = "spread"
    """The server restarts or is busy: come back, but not all at once."""
    REFRESH = "refresh"
    GONE = "gone"
    REPLACED = "replaced"
    REFUSED = "refused"


CLOSE_CODES: dict[int, Ending] = {
    CloseCode.SERVICE_RESTART: Ending.SPREAD,
    CloseCode.TRY_AGAIN_LATER: Ending.SPREAD,
    4400: Ending.BACK_OFF,
    4401: Ending.REFRESH,
    4404: Ending.GONE,
    4409: Ending.REPLACED,
    4413: Ending.BACK_OFF,
}
"""What the server's close codes mean. Any other end is a link that broke."""

HANDSHAKE: dict[int, Ending] = {
    401: Ending.REFRESH,
    403: Ending.REFUSED,
    404: Ending.GONE,
    410: Ending.GONE,
    429: Ending.SPREAD,
    503: Ending.SPREAD,
}
"""What a refused handshake means. Any other status is answered by backing off."""


class Follower(Protocol):
    """Whoever is told how a socket fares. Called on the loop; must not block."""

    def gone(self) -> None:
        """What the socket was of is no more; the socket's task ends."""

    def failed(self, error: ClientError) -> None:
        """The socket will not come back; its task ends."""


class Listener(Follower, Protocol):
    """Whoever follows the socket of a device."""

    def since(self) -> Version | None:
        """From where replay is asked for."""

    def dialling(self) -> None:
        """The socket is about to be opened."""

    def frame(self, frame: Frame) -> None:
        """A frame has come."""

    def garbled(self) -> None:
        """A frame has come that cannot be read."""

    def link_lost(self) -> None:
        """The socket is closed or held for dead."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How a socket, or the attempt to open one, has ended."""

    ending: Ending
    reason: str
    retry_after_s: float | None = None
    given_up: bool = False
    """Nothing was heard of the dial in time: it may yet arrive."""


class Dialler(ABC):
    """Keeps a socket open: dials, notices the end, waits, dials again. `run` it as a task.

    `follower` is told when there is nothing to dial any more.
    """

    def __init__(self, http: Http, tokens: Tokens, follower: Follower) -> None:
        self._http = http
        self._tokens = tokens
        self._follower = follower
        self._attempt = 0
        """Dials since the link was last healthy for long enough."""
        self._refused = 0
        """The token generation that a handshake or 4401 refused last."""
        self._healthy_since: float | None = None
        """Where the last link ended for a new token: since when it had been healthy."""
        self._given_up: deque[float] = deque()
        """When dials were given up that may yet arrive."""
        self._connection: ClientConnection | None = None
        self._renewing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Keep a socket open until the device is gone, replaced or refused, or until cancelled."""
        self._tokens.on_new.append(self._renewed)
        try:
            if self._attempt:
                await self._wait(End(ending=Ending.BACK_OFF, reason="the same device again"))
            while await self._once():
                pass
        except ClientError as error:
            self._follower.failed(error)
        finally:
            self._tokens.on_new.remove(self._renewed)
            if self._renewing is not None:
                self._renewing.cancel()

    def follow(self, before: "Dialler") -> None:
        """Go on as `before` left off, which was told that this very device is gone.

        Otherwise a server that denies a device it gives again and again would be asked in a
        circle, without a pause.
        """
        self._attempt = before._attempt  # noqa: SLF001 - one of its own kind.
        self._given_up = before._given_up  # noqa: SLF001 - as above.

    async def leave(self) -> None:
        """Say goodbye (close code 1000). `run` must be cancelled after it."""
        if self._connection is not None:
            await self._connection.close()

    def _renewed(self, token: Token) -> None:
        self._renew(token.generation)

    def _renew(self, generation: int) -> None:
        """A new token: dial with it before the server gives up the socket of the old one."""
        if self._connection is not None and self._renewing is None:
            self._http.note(SUBJECT, "renew", f"token generation {generation}")
            self._renewing = asyncio.create_task(self._connection.close())

    def _opened(self, connection: ClientConnection, generation: int) -> None:
        """This is the link now. While it was dialled, its token may have been renewed."""
        self._connection = connection
        if self._tokens.generation > generation:
            self._renew(self._tokens.generation)

    async def _once(self) -> bool:
        """Dial, listen until the end, wait. False when the task is over."""
        try:
            token = await self._tokens.current()
        except UnreachableError as error:
            self._attempt += 1
            await self._wait(End(ending=Ending.BACK_OFF, reason=f"no token: {error}"))
            return True
        key = (str(token.generation), BUCKET)
        await self._http.pass_gate(key, subject=SUBJECT, deadline=None)
        self._attempt += 1
        end = self._weighed(await self._dial(token))
        match end.ending:
            case Ending.GONE:
                self._http.note(SUBJECT, "establish", end.reason)
                self._follower.gone()
                return False
            case Ending.REPLACED:
                self._http.note(SUBJECT, "stop", end.reason)
                raise ReplacedError("Another device socket has taken this desk's place.")
            case Ending.REFUSED:
                raise RefusedError(403, "not.authorized", f"The event socket: {end.reason}.")
            case Ending.REFRESH:
                if self._refused == token.generation:
                    raise LoginRefusedError(401, "bad.credentials", f"Refused: {end.reason}.")
                self._refused = token.generation
                self._http.note(SUBJECT, "refresh", end.reason, attempt=self._attempt)
                await self._replace(token)
                return True
            case Ending.RENEW:
                self._attempt = max(0, self._attempt - 1)
            case Ending.DIAL | Ending.BACK_OFF | Ending.SPREAD:
                await self._wait(end)
        return True

    def _weighed(self, end: End) -> End:
        """What took this socket's place may be an own dial that was given up: dial again then.

        A dial that the server answers late takes the place of the one that came after it, and
        nobody is at its end.
        """
        now = self._http.now()
        while self._given_up and self._given_up[0] < now - _LATE_S:
            self._given_up.popleft()
        if end.given_up:
            self._given_up.append(now)
        elif end.ending is Ending.REPLACED and self._given_up:
            self._given_up.popleft()
            return msgspec.structs.replace(end, ending=Ending.BACK_OFF)
        return end

    async def _replace(self, token: Token) -> None:
        """Get a new token. Where none can be had now, the old one is tried again after a wait."""
        try:
            await self._tokens.replace(token.generation)
        except UnreachableError as error:
            self._refused = 0
            await self._wait(End(ending=Ending.BACK_OFF, reason=f"no token: {error}"))

    async def _wait(self, end: End) -> None:
        self._healthy_since = None
        options, rng = self._http.options, self._http.rng
        cap_s = options.reconnect_cap_s
        if end.retry_after_s is not None:
            spread_s = spread_after(
                self._attempt,
                end.retry_after_s,
                base_s=options.reconnect_first_s,
                cap_s=cap_s,
                spread=options.spread,
            )
            wait_s = end.retry_after_s + rng.uniform(0.0, spread_s)
        else:
            base_s = options.reconnect_first_s
            if end.ending is Ending.SPREAD:
                base_s = options.restart_spread_s
            wait_s = backoff(max(1, self._attempt), rng, base_s=base_s, cap_s=cap_s)
        self._http.note(
            SUBJECT,
            "reconnect",
            end.reason,
            wait_s=wait_s,
            attempt=max(1, self._attempt),
            retry_after_s=end.retry_after_s,
        )
        await asyncio.sleep(wait_s)

    def _read_refusal(self, error: InvalidStatus) -> End:
        response = error.response
        return End(
            ending=HANDSHAKE.get(response.status_code, Ending.BACK_OFF),
            reason=f"handshake {response.status_code}",
            retry_after_s=read_retry_after(
                response.headers.get("Retry-After"),
                date=response.headers.get("Date"),
                now=self._http.wall_clock(),
            ),
        )

    def _judged(self, end: End, opened_at: float) -> End:
        """What the end of a link means that was opened then."""
        since = opened_at if self._healthy_since is None else self._healthy_since
        if self._http.now() - since >= self._http.options.reset_after_s:
            self._attempt = 0
        self._healthy_since = None
        if self._renewing is not None:
            # Nothing is wrong: a link is as healthy as the ones before its token's renewals.
            self._healthy_since = since
            self._renewing = None
            end = End(ending=Ending.RENEW, reason="new token")
        return end

    @abstractmethod
    async def _dial(self, token: Token) -> End:
        """Open a socket with this token and listen until its end."""


class EventSocket(Dialler):
    """The socket of one device. `run` it as a task; cancel it to let go."""

    def __init__(self, http: Http, tokens: Tokens, client_id: str, listener: Listener) -> None:
        super().__init__(http, tokens, listener)
        self._client_id = client_id
        self._listener = listener

    async def send(self, report: object) -> None:
        """Send a report of the device. Dropped when there is no socket."""
        if self._connection is not None:
            try:
                await self._connection.send(msgspec.json.encode(report).decode())
            except ConnectionClosed:
                return

    async def _dial(self, token: Token) -> End:
        options = self._http.options
        since = self._listener.since()
        query = "role=device" if since is None else f"role=device&since={since}"
        path = f"/api/v2/webrtc/clients/{self._client_id}/events?{query}"
        self._listener.dialling()
        try:
            connection = await connect(
                "ws" + self._http.base_url.removeprefix("http") + path,
                additional_headers=token.headers,
                compression=None,
                proxy=None,
                open_timeout=options.open_timeout_s,
                ping_interval=options.ping_interval_s,
                ping_timeout=options.ping_timeout_s,
                close_timeout=options.close_timeout_s,
            )
        except InvalidStatus as error:
            end = self._read_refusal(error)
            if error.response.status_code == _TOO_MANY and end.retry_after_s:
                # The limit is the token's: whatever else would be sent with it waits too.
                reply = Reply(status=_TOO_MANY, retry_after_s=end.retry_after_s)
                self._http.cool_down((str(token.generation), BUCKET), reply)
            return end
        except (OSError, TimeoutError, WebSocketException) as error:
            late = isinstance(error, TimeoutError)
            return End(ending=Ending.BACK_OFF, reason=type(error).__name__, given_up=late)
        self._tokens.proved(token.generation)
        return await self._listen(connection, token.generation)

    async def _listen(self, connection: ClientConnection, generation: int) -> End:
        opened_at = self._http.now()
        self._opened(connection, generation)
        try:
            while True:
                self._hand_over(await self._hear(connection))
        except asyncio.CancelledError:
            # Whoever follows on the same device must know how healthy this link was.
            self._judged(End(ending=Ending.GONE, reason="let go"), opened_at)
            raise
        except TimeoutError:
            end = End(ending=Ending.DIAL, reason="silence")
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd is not None else CloseCode.ABNORMAL_CLOSURE
            end = End(ending=CLOSE_CODES.get(code, Ending.DIAL), reason=f"close {int(code)}")
        finally:
            self._connection = None
            # Closing politely could wait for a peer that is not there any more.
            connection.transport.abort()
            self._listener.link_lost()
        return self._judged(end, opened_at)

    async def _hear(self, connection: ClientConnection) -> str | bytes:
        """The next frame; half-way into a silence it is asked for. Raises `TimeoutError`.

        WebSocket pings alone prove too little: they are answered for a token that has ended, by
        a server that tells it nothing any more.
        """
        half_s = self._http.options.silence_s / 2.0
        try:
            async with asyncio.timeout(half_s):
                return await connection.recv()
        except TimeoutError:
            await connection.send('{"type": "ping"}')
        async with asyncio.timeout(half_s):
            return await connection.recv()

    def _hand_over(self, text: str | bytes) -> None:
        try:
            frame = _DECODER.decode(text)
        except UNREADABLE:
            self._listener.garbled()
            return
        if frame.client_id in {None, self._client_id}:
            self._listener.frame(frame)
