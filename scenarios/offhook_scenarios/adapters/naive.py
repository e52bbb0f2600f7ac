"""The naive desk: what the tutorial's code does, and nothing that it does not.

Written anew from its behaviour ("How to Control Agent Audio State …", steps 1 to 3, the
complete example, and "Common Errors"):

* It logs in with the password grant, and never refreshes.
* It reads the client first and listens afterwards, so what happens in between is lost.
* It shows what the last message said, whether answer or event, whatever its age.
* It retries 429 only: three tries in all, waiting 1 s and 2 s, whatever `Retry-After` says.
* Any other error goes to the log, and the screen stays as it was.
* It never reads the client's mute again.

The tutorial leaves open who reconnects a lost socket. This desk does it as kindly as its
functions allow: 1 s after the socket has closed it asks for the client again, since that call
is what "establishes the WebSocket connection", and listens. An error of that call is logged
and ends it, as the tutorial's functions rethrow and nothing catches.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart, Shown
from offhook_scenarios.sim.sleep import sleep_here

logger = logging.getLogger("offhook.naive")

TRIES = 3
RECONNECT_AFTER_S = 1.0
START_AGAIN_S = 1.0
"""After how long a person starts a program again that would not come up."""
REQUEST_TIMEOUT_S = 30.0
"""What the official WebRTC SDK gives a request (evidence: observed)."""

T = TypeVar("T")


class RefusedError(Exception):
    """The platform answered with an error status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


async def retry_with_backoff(request: Callable[[], Awaitable[T]]) -> T:
    """The tutorial's `retryWithBackoff`. The last 429 is raised like any other error."""
    for attempt in range(TRIES):
        try:
            return await request()
        except RefusedError as error:
            if error.status != 429 or attempt == TRIES - 1:  # noqa: PLR2004 - Too Many Requests.
                raise
            await asyncio.sleep(2**attempt)
    raise AssertionError("the last try returns or raises")


class NaiveDesk:
    """Adapter of the naive desk. It has no switch of its own: what is heard is up to the server."""

    name = "naive"
    can = frozenset({Ability.SET_MUTE, Ability.OBSERVE, Ability.PROCESS, Ability.SLEEP})

    def __init__(self) -> None:
        self.attempts = 0
        """HTTP requests that it made. aiohttp sends some of them twice, and does not say so."""
        self._belief = UNAWARE
        self._session: aiohttp.ClientSession | None = None
        self._listening: asyncio.Task[None] | None = None
        self._toggling: set[asyncio.Task[None]] = set()

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Log in, read the client, show it, listen: in this order."""
        self._config, self._tell = config, tell
        await self._open()

    async def _open(self) -> None:
        self._belief = UNAWARE
        config = self._config
        self._session = aiohttp.ClientSession(
            config.api, timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S)
        )
        await self._login()
        client = await retry_with_backoff(self._get_client)
        self._client_id: str = client["id"]
        self._show(muted=client["muted"])
        self._listening = asyncio.create_task(self._listen())

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        """`toggleMicrophoneMute`: it dies with the program."""
        if self._session is None:
            return
        toggling = asyncio.create_task(self._toggle(muted=muted))
        self._toggling.add(toggling)
        try:
            await asyncio.wait([toggling])
        finally:
            self._toggling.discard(toggling)
            toggling.cancel()
        if not toggling.cancelled():
            toggling.result()

    async def _toggle(self, *, muted: bool) -> None:
        """Send, believe the answer, log the error."""
        path = f"/api/v2/webrtc/clients/{self._client_id}/mute"
        try:
            await retry_with_backoff(lambda: self._request("POST", path, json={"muted": muted}))
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
            logger.info("Error toggling mute: %s", error)
        else:
            self._show(muted=muted)

    async def observe(self) -> Belief:
        """What is on the screen."""
        return self._belief

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:
        """A process keeps nothing; it is started until it is up."""
        if kind is Restart.SLEEP:
            await sleep_here(lasts_s)
            return
        assert kind is Restart.PROCESS, f"the naive desk cannot restart by {kind}"
        await self.stop()
        self._belief = UNAWARE
        self._tell(UNAWARE)
        await asyncio.sleep(lasts_s)
        while True:
            try:
                await self._open()
            except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
                logger.info("The desk did not start: %s", error)
                await self.stop()
                await asyncio.sleep(START_AGAIN_S)
            else:
                return

    async def stop(self) -> None:
        """Close everything. The tutorial would delete the client, which ends the agent's call.

        Raises what broke the listening, if it was anything but a refusal or the network.
        """
        listening, session = self._listening, self._session
        self._listening = self._session = None
        for toggling in tuple(self._toggling):  # At most one answers: their order shows nowhere.
            toggling.cancel()
        try:
            if listening is not None:
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening
        finally:
            if session is not None:
                await session.close()

    async def _login(self) -> None:
        form = {
            "grant_type": "password",
            "username": self._config.username,
            "password": self._config.password,
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret,
        }
        self._headers: dict[str, str] = {}
        token = await self._request("POST", "/oauth/token", data=form)
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}

    async def _get_client(self) -> Any:
        path = "/api/v2/webrtc/clients/me"
        return await self._request("GET", path, params={"deviceId": self._config.device})

    async def _listen(self) -> None:
        """Keep a socket open until connecting it fails with an error."""
        assert self._session is not None, "listening before the start"
        try:
            while True:
                path = f"/api/v2/webrtc/clients/{self._client_id}/events"
                async with self._session.ws_connect(
                    path, params={"role": "device"}, headers=self._headers
                ) as socket:
                    async for message in socket:
                        self._take(message)
                logger.info("The WebRTC client disconnected.")
                await asyncio.sleep(RECONNECT_AFTER_S)
                client = await retry_with_backoff(self._get_client)
                self._client_id = client["id"]
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
            logger.info("Failed to get the WebRTC client: %s", error)

    def _take(self, message: aiohttp.WSMessage) -> None:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        event = message.json()
        if event["type"] == "muteChanged":
            self._show(muted=event["muted"])
        elif event["type"] == "connectionStatusChanged" and event["status"] == "disconnected":
            logger.info("WebRTC client disconnected. Mute state may be unreliable.")

    def _show(self, *, muted: bool) -> None:
        belief = Belief(shown=Shown.MUTED if muted else Shown.LIVE, device_id=self._client_id)
        if belief != self._belief:
            self._belief = belief
            self._tell(belief)

    async def _request(self, method: str, path: str, **options: Any) -> Any:
        assert self._session is not None, "a request before the start"
        self.attempts += 1
        async with self._session.request(
            method, path, headers=self._headers, **options
        ) as response:
            if not response.ok:
                raise RefusedError(response.status)
            text = await response.read()
            return await response.json() if text else None
