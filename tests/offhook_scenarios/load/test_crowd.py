"""As many users as are wanted."""

import asyncio
import time
from typing import Any

import pytest

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.load.crowd import Crowd
from offhook_scenarios.load.meter import Meter
from offhook_scenarios.load.user import MockError


def crowd(url: str, meter: Meter, *, name: str = "agent") -> Crowd:
    policy = CATALOGUE["full-jitter"].policy
    return Crowd(url, meter, policy, name=name, pause_s=0.01, seed=1)


async def test_users_come_and_go_and_leave_nothing_uncounted(mock: Any) -> None:
    meter = Meter(now=time.time())
    async with crowd(mock.url, meter) as users:
        await users.set_count(5)
        await mock.saw(5, "getWebrtcClientsMe")
        await mock.saw(5, "postWebrtcClientMute")
        await users.set_count(2)
        assert users.count == 2
        users.look()
        await asyncio.sleep(0.1)
    assert users.count == 0
    assert len(mock.server.state()["devices"]) == 5
    assert meter.tally.attempts == mock.seen.total()


async def test_what_keeps_users_from_going_on_is_raised(mock: Any) -> None:
    async with crowd(mock.url, Meter(now=0.0), name="nobody") as users:
        await users.set_count(1)
        await asyncio.sleep(0.3)
        with pytest.raises(MockError):
            users.look()
        await users.set_count(0)
        with pytest.raises(MockError):
            users.look()
