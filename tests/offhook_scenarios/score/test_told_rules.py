"""Retry-After: what is not exercised is not judged, and where the borders are."""

import pytest

from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import Arrival, Press, Seen
from offhook_scenarios.score.told_rules import RULES

BY_NAME = {rule.name: rule for rule in RULES}


def arrival(at: float, *, client: int = 0, told: str | None = "3", status: int = 429) -> Arrival:
    return Arrival(
        at=at,
        answered_at=at,
        operation="postWebrtcClientMute",
        method="POST",
        status=status,
        client=client,
        retry_after=told,
    )


def verdict(name: str, *arrivals: Arrival, presses: tuple[Press, ...] = ()) -> Verdict:
    rule = BY_NAME[name]
    look = {
        probe: Seen(
            probe=probe, clients=2, began=0.0, ended=90.0, arrivals=arrivals, presses=presses
        )
        for probe in rule.probes
    }
    return rule.judge(look).verdict


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"huge", "deadline"}))
def test_who_never_comes_back_is_not_judged_by_when(name: str) -> None:
    assert verdict(name) is Verdict.NOT_JUDGED


@pytest.mark.parametrize(("after_s", "found"), [(2.9, "broken"), (2.99, "kept"), (3.0, "kept")])
def test_a_timer_s_grain_too_soon_is_on_time(after_s: float, found: str) -> None:
    assert verdict("early-seconds", arrival(0.0), arrival(after_s, status=204)).value == found


@pytest.mark.parametrize(
    ("ended_at", "found"), [(10.0, "kept"), (80.0, "broken"), (None, "broken")]
)
def test_a_caller_must_be_told_before_he_leaves(ended_at: float | None, found: str) -> None:
    press = Press(at=0.0, client=0, ended_at=ended_at)
    assert verdict("deadline", arrival(0.0, told="3600"), presses=(press,)).value == found


def test_obeying_to_the_instant_is_no_spread() -> None:
    first = (arrival(0.0), arrival(0.0, client=1))
    together = (arrival(3.001), arrival(3.002, client=1))
    apart = (arrival(3.1), arrival(3.6, client=1))
    assert verdict("told-spread", *first, *together) is Verdict.BROKEN
    assert verdict("told-spread", *first, *apart) is Verdict.KEPT
