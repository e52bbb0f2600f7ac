"""One process."""

from typing import Any

import pytest

from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.policy import BrokenPolicyError
from offhook_scenarios.load.alone import run_alone
from offhook_scenarios.load.meter import Tally

OPTIONS: dict[str, Any] = {"users": 4, "name": "agent", "pause_s": 0.01, "seed": 1}


async def test_the_counts_are_those_of_the_mock(mock: Any) -> None:
    shares = []

    def note(share: float, _tally: Tally) -> None:
        shares.append(share)

    policy = CATALOGUE["full-jitter"].policy
    tally = await run_alone(mock.url, policy, seconds=1.0, progress=note, **OPTIONS)
    assert tally.attempts == mock.seen.total() > 8
    assert 0.0 <= min(shares) < max(shares) < 1.0


async def test_a_policy_that_breaks_ends_it(mock: Any) -> None:
    def broken(*_asked: object) -> float:
        return -1.0

    rule = RuleSpec(fault=ReplyFault(status=503), times=None)
    mock.server.faults.add(rule, id="always")
    with pytest.raises(BrokenPolicyError):
        await run_alone(mock.url, broken, seconds=5.0, **OPTIONS)
