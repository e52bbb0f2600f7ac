"""Clients that break one rule each, and what is seen of them: played once for all tests."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

import aiohttp
import pytest

from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.policy import Policy, retry_after_s
from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.score.bench import MakeClient
from offhook_scenarios.score.play import play_simulated
from offhook_scenarios.score.policy_desk import PolicyDesk
from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.seen import Seen

CLIENTS = 5
Headers = Mapping[str, str]


def hasty(attempt: int, _status: int, headers: Headers, _elapsed: float, _rng: Random) -> float:
    """At once, where it matters most: the first time, and when it is told 0."""
    return 0.0 if attempt == 1 else 0.05 if "Retry-After" in headers else 30.0


def steady(_attempt: int, _status: int, _headers: Headers, _elapsed: float, _rng: Random) -> float:
    return 10.0


def late(_attempt: int, _status: int, headers: Headers, _elapsed: float, _rng: Random) -> float:
    return (retry_after_s(headers) or 0.0) + 11.0


def exact(attempt: int, _status: int, headers: Headers, _elapsed: float, _rng: Random) -> float:
    """Obeys, and takes what it cannot read for 0."""
    return retry_after_s(headers) or 0.0 if attempt == 1 else 5.0


def uncapped(attempt: int, _status: int, _headers: Headers, _elapsed: float, rng: Random) -> float:
    return float(2**attempt) * rng.uniform(0.9, 1.1)


def nan(attempt: int, _status: int, _headers: Headers, _elapsed: float, _rng: Random) -> float:
    return 0.1 if attempt == 1 else float("nan")


class Rogue(PolicyDesk):
    """A desk with a socket that it dials again after `redial`, and a login for every 401."""

    def __init__(self, *, redial: Callable[[int], float], relogin_s: float = 0.1) -> None:
        super().__init__(CATALOGUE["full-jitter"].policy, name="rogue", seed=1)
        self._redial = redial
        self._relogin_s = relogin_s
        self._listening: asyncio.Task[None] | None = None

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        assert self._listening is not None
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening
        await super().stop()

    async def _write(self, *, muted: bool) -> tuple[int, Headers]:
        while True:
            status, headers = await super()._write(muted=muted)
            if status != 401:
                return status, headers
            self._headers = await self._login()
            await asyncio.sleep(self._relogin_s)

    async def _listen(self) -> None:
        attempt = 0
        while True:
            attempt += 1
            with contextlib.suppress(aiohttp.ClientError):
                assert self._session is not None
                async with self._session.ws_connect(
                    f"{self._device}/events", headers=self._headers
                ) as socket:
                    async for _ in socket:
                        pass
            await asyncio.sleep(self._redial(attempt))


def of(policy: Policy) -> MakeClient:
    return lambda seed: PolicyDesk(policy, name="policy", seed=seed)


ROGUES: dict[str, MakeClient] = {
    "hasty": of(hasty),
    "steady": of(steady),
    "late": of(late),
    "exact": of(exact),
    "uncapped": of(uncapped),
    "nan": of(nan),
    "redials-at-once": lambda _seed: Rogue(redial=lambda _attempt: 0.3),
    "redials-steadily": lambda _seed: Rogue(redial=lambda _attempt: 4.0),
    "logs-in-for-ever": lambda _seed: Rogue(redial=lambda _attempt: 1e4, relogin_s=2.0),
}


@cache
def look(client: str, probe: str) -> Seen:
    """What a client does in a probe: a rogue, a desk or a policy by its name."""
    if client in ROGUES:
        make = ROGUES[client]
    elif client in CATALOGUE:
        make = of(CATALOGUE[client].policy)
    else:
        make = find_client(client)
    with quiet():
        (seen,) = play_simulated([PROBES[probe]], make, clients=CLIENTS, seed=1)
    return seen


@pytest.fixture
def see() -> Callable[[str, str], Seen]:
    """See `look`."""
    return look
