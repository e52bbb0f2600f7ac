"""A user: mutes and unmutes a device of its own, and retries by a policy."""

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping

import aiohttp

from offhook_scenarios.backoff.policy import NO_ANSWER, Policy, Remembering, ask, retry_after_s
from offhook_scenarios.backoff.streams import Stream
from offhook_scenarios.load.meter import Meter

FIRST_ERROR = 400
TIMEOUT_S = 30.0
_SETTLE_S = 0.5
_PATH = "/api/v2/webrtc/clients"


class MockError(Exception):
    """The mock does not do what a user needs before it can begin. The message says what."""


def open_session(url: str) -> aiohttp.ClientSession:
    """A session for all users of a process."""
    session = aiohttp.ClientSession(
        url,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    # What aiohttp sends again by itself would arrive and not be counted.
    session._retry_connection = False  # noqa: SLF001 - there is no public switch.
    return session


class User:
    """One user. `run` it as a task; `stop` lets it end its request and come to rest."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        meter: Meter,
        policy: Policy,
        *,
        number: int,
        name: str,
        pause_s: float,
        seed: int,
    ) -> None:
        self._session = session
        self._meter = meter
        self._policy = policy
        self._number = number
        self._name = name
        self._pause_s = pause_s
        self._stream = Stream(seed)
        self._stopping = asyncio.Event()
        self._operations = 0

    def stop(self) -> None:
        """Begin nothing more; what is under way is waited for by whoever awaits `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Operations one after the other, with a pause after each. Raises `MockError`."""
        headers = {"Authorization": f"Bearer {await self._token()}"}
        device = await self._device(headers)
        # Most devices take a moment to connect; a mute before that is a 409, which is retried.
        await self._rest(_SETTLE_S)
        muted = False
        while device is not None and not self._stopping.is_set():
            muted = not muted
            await self._operation("POST", f"{_PATH}/{device}/mute", headers, {"muted": muted})
            await self._rest(self._pause_s)

    async def _token(self) -> str:
        """Through control, which is no traffic: who comes with a token must not ask for one."""
        body = {"user": self._name}
        try:
            async with self._session.post("/_offhook/v1/tokens", json=body) as answer:
                text = await answer.text()
                if answer.content_type != "application/json":
                    raise MockError(
                        f"What answers at {self._session._base_url} is no mock: "  # noqa: SLF001 - there is no public name.
                        f"POST {answer.url.path} got {answer.status}, {answer.content_type}."
                    )
                if answer.status >= FIRST_ERROR:
                    raise MockError(
                        f"The mock mints no token for {self._name}: "
                        f"{(await answer.json()).get('message', text)}"
                    )
                return str((await answer.json())["accessToken"])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MockError(
                f"No mock answers at {self._session._base_url}: {_why(error)}. "  # noqa: SLF001 - there is no public name.
                "`offhook serve` starts one, and says where."
            ) from error

    async def _device(self, headers: Mapping[str, str]) -> str | None:
        path = f"{_PATH}/me?deviceId=load-{self._number}"
        found = await self._operation("GET", path, headers, None)
        return None if found is None else str(found["id"])

    async def _operation(
        self, method: str, path: str, headers: Mapping[str, str], body: object
    ) -> dict[str, object] | None:
        """Attempts until one succeeds, the policy gives up, or the user stops. Its answer."""
        self._operations += 1
        policy = self._policy
        if isinstance(policy, Remembering):
            policy = policy.fresh()
        began, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            status, told, answer = await self._attempt(method, path, headers, body)
            if NO_ANSWER < status < FIRST_ERROR:
                self._meter.operation(gave_up=False)
                return answer
            self._stream.aim(self._number << 12 | self._operations & 0xFFF, attempt)
            elapsed = time.monotonic() - began
            wait = ask(policy, attempt, status, told, elapsed, self._stream)
            if wait is None:
                self._meter.operation(gave_up=True)
                return None
            waited = await self._rest(wait)
            self._meter.wait(asked_s=retry_after_s(told), planned_s=wait, waited_s=waited)
            if self._stopping.is_set():
                return None

    async def _attempt(
        self, method: str, path: str, headers: Mapping[str, str], body: object
    ) -> tuple[int, Mapping[str, str], dict[str, object]]:
        began = time.monotonic()
        status, told, text = NO_ANSWER, {}, b""
        answer: dict[str, object] = {}
        try:
            async with self._session.request(method, path, headers=headers, json=body) as response:
                text = await response.read()
                status, told = response.status, dict(response.headers)
                if text and status < FIRST_ERROR:
                    answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            status = NO_ANSWER
        name = f"{_PATH}/me" if method == "GET" else f"{_PATH}/{{id}}/mute"
        self._meter.request(
            method,
            name,
            now=time.time(),
            took_ms=(time.monotonic() - began) * 1000.0,
            size=len(text),
            status=status,
        )
        return status, told, answer

    async def _rest(self, seconds: float) -> float | None:
        """Wait, and return for how long it was; None when the user stopped meanwhile."""
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
                return None
        return time.monotonic() - began


def _why(error: BaseException) -> str:
    """What kept the mock from answering, in the system's words or ours, never a library's."""
    if isinstance(error, TimeoutError):
        return f"nothing came within {TIMEOUT_S:g} s"
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno).lower()
    return "it hung up, or spoke no HTTP"
