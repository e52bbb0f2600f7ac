"""A client round a pure policy: it asks the policy after every failure, and does nothing else.

It has no event socket and never asks for a second token, so it is judged by its retries only.
"""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import aiohttp

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart
from offhook_scenarios.backoff.policy import NO_ANSWER, Policy, Remembering, ask
from offhook_scenarios.backoff.streams import Stream
from offhook_scenarios.score.seen import FIRST_ERROR

TIMEOUT_S = 30.0


class PolicyDesk:
    """Adapter of a policy. The policy's chance is a stream of its own for each press."""

    can = frozenset({Ability.SET_MUTE})

    def __init__(self, policy: Policy, *, name: str, seed: int) -> None:
        self.name = name
        self._policy = policy
        self._stream = Stream(seed)
        self._presses = 0
        self._session: aiohttp.ClientSession | None = None

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:  # noqa: ARG002 - it believes nothing.
        """Log in and open the device."""
        self._config = config
        self._session = aiohttp.ClientSession(
            config.api, timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)
        )
        # A layer below that retries by itself would be scored as the policy.
        self._session._retry_connection = False  # noqa: SLF001 - there is no public switch.
        self._headers = await self._login()
        async with self._session.get(
            "/api/v2/webrtc/clients/me", headers=self._headers, raise_for_status=True
        ) as answer:
            self._device = f"/api/v2/webrtc/clients/{(await answer.json())['id']}"

    async def _login(self) -> dict[str, str]:
        """A token, as the header that it is sent in."""
        assert self._session is not None, "a login before the start"
        form = {
            "grant_type": "password",
            "username": self._config.username,
            "password": self._config.password,
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret,
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        async with self._session.post(
            "/oauth/token", data=urlencode(form), headers=kind, raise_for_status=True
        ) as answer:
            return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        """Write until it succeeds or the policy gives up. Raises `BrokenPolicyError`."""
        self._presses += 1
        press = self._presses
        policy = self._policy
        if isinstance(policy, Remembering):
            policy = policy.fresh()
        loop = asyncio.get_running_loop()
        began, attempt = loop.time(), 0
        while True:
            attempt += 1
            status, headers = await self._write(muted=muted)
            if NO_ANSWER < status < FIRST_ERROR:
                return
            self._stream.aim(press, attempt)
            wait = ask(policy, attempt, status, headers, loop.time() - began, self._stream)
            if wait is None:
                return
            await asyncio.sleep(wait)

    async def _write(self, *, muted: bool) -> tuple[int, Mapping[str, str]]:
        assert self._session is not None, "a press before the start"
        try:
            async with self._session.post(
                f"{self._device}/mute", json={"muted": muted}, headers=self._headers
            ) as answer:
                return answer.status, answer.headers
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return NO_ANSWER, {}

    async def observe(self) -> Belief:
        """Nothing."""
        return UNAWARE

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:  # noqa: ARG002 - the Protocol's signature.
        """Not supported, as `can` says."""
        raise AssertionError(f"a policy is not restarted by {kind}")

    async def stop(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()


BLIND = {
    "B09": "a pure policy knows of one request at a time",
    "B41": "a pure policy knows no methods",
    "B43": "a pure policy asks for no tokens",
    "B44": "a pure policy sends nothing itself",
}
"""Rules that say nothing of a policy, by id, and why. Sockets it never opens."""
