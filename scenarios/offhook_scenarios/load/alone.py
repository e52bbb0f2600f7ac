"""All users in this process."""

import asyncio
import time
from collections.abc import Callable

from offhook_scenarios.backoff.policy import Policy
from offhook_scenarios.load.crowd import Crowd
from offhook_scenarios.load.meter import Meter, Tally

STEP_S = 0.2


async def run_alone(
    url: str,
    policy: Policy,
    *,
    users: int,
    seconds: float,
    name: str,
    pause_s: float,
    seed: int,
    progress: Callable[[float, Tally], None] = lambda _share, _tally: None,
) -> Tally:
    """So many users for so long. Raises `MockError` and `BrokenPolicyError`."""
    meter = Meter(now=time.time())
    began = time.monotonic()
    async with Crowd(url, meter, policy, name=name, pause_s=pause_s, seed=seed) as crowd:
        await crowd.set_count(users)
        while (gone := time.monotonic() - began) < seconds:
            crowd.look()
            progress(gone / seconds, meter.tally)
            await asyncio.sleep(min(STEP_S, seconds - gone))
    crowd.look()
    return meter.tally
