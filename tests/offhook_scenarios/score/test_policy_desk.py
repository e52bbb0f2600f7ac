"""A policy as a client."""

from collections.abc import Callable

import pytest

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.policy_desk import BLIND, PolicyDesk
from offhook_scenarios.score.seen import SOCKETS, TOKENS, WRITES, Seen

See = Callable[[str, str], Seen]


def test_it_does_what_the_policy_says_and_nothing_else(see: See) -> None:
    seen = see("tutorial", "absent")
    assert not seen.of(SOCKETS | TOKENS)
    found = seen.gaps(WRITES)
    assert len(found) == 5
    for gaps in found:
        assert gaps == pytest.approx([1.01, 2.01], abs=0.02)


def test_a_policy_that_remembers_is_fresh_for_each_press(see: See) -> None:
    firsts = [gaps[0] for gaps in see("decorrelated", "absent").gaps(WRITES)]
    assert len(firsts) == 5
    assert max(firsts) <= 1.6


def test_a_policy_that_answers_nan_is_a_finding(see: See) -> None:
    broken = see("nan", "absent").broken
    assert broken is not None
    assert "returned NaN" in broken


async def test_it_believes_nothing_and_is_not_restarted() -> None:
    desk = PolicyDesk(CATALOGUE["none"].policy, name="none", seed=1)
    assert (await desk.observe()).device_id is None
    await desk.stop()


def test_what_says_nothing_of_a_policy_are_rules() -> None:
    assert set(BLIND) <= set(RULES)
