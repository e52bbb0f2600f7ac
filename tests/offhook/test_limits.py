"""The limiter with literal times, and its laws by chance."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook import limits
from offhook.limits import Admission, Limiter, _whole_seconds
from offhook.policies import Policies, RetryAfter

SMALL = Policies(rate_per_token=3, rate_per_user_and_client=100, rate_window_s=60.0)


def admit(limiter: Limiter, now: float, policies: Policies = SMALL, **changes: Any) -> Admission:
    fields = {"token_id": "t", "user_id": "u", "client_id": "c", "operation": "o", **changes}
    return limiter.admit(policies=policies, now=now, **fields)


def test_the_budget_is_admitted_and_the_next_one_waits_for_the_windows_end() -> None:
    limiter = Limiter()
    for number, now in enumerate((10.0, 20.0, 30.5), 1):
        assert admit(limiter, now) == Admission(
            allowed=True,
            retry_after_s=0,
            used=number,
            budget=3,
            reset_s=math.ceil(70.0 - now),
            layer="token",
        )
    assert admit(limiter, 31.5) == Admission(
        allowed=False, retry_after_s=39, used=3, budget=3, reset_s=39, layer="token"
    )
    assert not admit(limiter, 69.999).allowed
    assert admit(limiter, 70.0).allowed


def test_a_wait_that_was_rounded_down_is_a_second_longer() -> None:
    now, at = 23.08665415409843, 61.08665415409843
    assert (math.ceil(at - now), now + 38 < at) == (38, True)
    assert _whole_seconds(at, now=now) == 39


def test_a_window_begins_with_its_first_request() -> None:
    limiter = Limiter()
    admit(limiter, 0.0)
    assert admit(limiter, 100.0).reset_s == 60
    assert admit(limiter, 159.5).reset_s == 1


def test_a_refused_request_takes_nothing_of_any_budget() -> None:
    policies = Policies(rate_per_token=1, rate_per_user_and_client=2, rate_window_s=60.0)
    limiter = Limiter()
    admit(limiter, 0.0, policies)
    for _ in range(50):
        assert not admit(limiter, 1.0, policies).allowed
    other = admit(limiter, 2.0, policies, token_id="other")
    assert (other.allowed, other.used, other.layer) == (True, 1, "token")
    full = admit(limiter, 3.0, policies, token_id="third")
    assert (full.allowed, full.used, full.layer) == (False, 2, "user-and-client")


@pytest.mark.parametrize(
    ("changes", "layer"),
    [
        ({}, "token"),
        ({"token_id": "t2"}, "user-and-client"),
        ({"token_id": "t2", "user_id": "u2"}, "operation"),
        ({"token_id": "t2", "client_id": "c2"}, "user"),
        ({"token_id": "t2", "client_id": "c2", "operation": "o2"}, "user"),
        ({"token_id": "t2", "user_id": "u2", "operation": "o2"}, None),
        ({"token_id": "t2", "user_id": None, "operation": "o2"}, None),
    ],
)
def test_each_layer_counts_what_it_is_named_after(
    changes: dict[str, Any], layer: str | None
) -> None:
    policies = Policies(
        rate_per_token=1, rate_per_user_and_client=1, rate_per_user=1, rate_per_operation={"o": 1}
    )
    limiter = Limiter()
    admit(limiter, 0.0, policies)
    admission = admit(limiter, 0.0, policies, **changes)
    assert admission.allowed is (layer is None)
    if layer is not None:
        assert admission.layer == layer


def test_a_service_has_no_user_whose_budget_it_could_take() -> None:
    policies = Policies(rate_per_user=1)
    limiter = Limiter()
    for number in range(5):
        assert admit(limiter, 0.0, policies, user_id=None, client_id=f"c{number}").allowed


def test_the_layer_that_takes_longest_decides() -> None:
    policies = Policies(rate_per_token=1, rate_per_user_and_client=2, rate_window_s=60.0)
    limiter = Limiter()
    admit(limiter, 0.0, policies, token_id="old")
    admit(limiter, 30.0, policies, token_id="new")
    both_full = admit(limiter, 31.0, policies, token_id="new")
    assert (both_full.retry_after_s, both_full.layer) == (59, "token")
    only_user = admit(limiter, 31.0, policies, token_id="third")
    assert (only_user.retry_after_s, only_user.layer) == (29, "user-and-client")


def test_an_admitted_request_tells_of_its_tightest_layer() -> None:
    policies = Policies(
        rate_per_token=10, rate_per_user_and_client=300, rate_per_operation={"o": 4}
    )
    admission = admit(Limiter(), 0.0, policies)
    assert (admission.layer, admission.used, admission.budget) == ("operation", 1, 4)


@pytest.mark.parametrize("constant_s", [0, 1, 17])
def test_a_constant_wait_knows_no_window(constant_s: int) -> None:
    policies = Policies(
        rate_per_token=1, retry_after=RetryAfter.CONSTANT, retry_after_constant_s=constant_s
    )
    limiter = Limiter()
    admit(limiter, 0.0, policies)
    for now in (0.0, 30.0, 59.9):
        admission = admit(limiter, now, policies)
        assert (admission.retry_after_s, admission.reset_s) == (constant_s, math.ceil(60 - now))


def test_a_backlog_is_given_one_slot_after_the_other() -> None:
    policies = Policies(rate_per_token=3, rate_window_s=60.0, retry_after=RetryAfter.BACKLOG_AWARE)
    limiter = Limiter()
    waits = [admit(limiter, 10.0, policies).retry_after_s for _ in range(8)]
    assert waits == [0, 0, 0, 60, 80, 100, 120, 140]


def test_a_backlog_shrinks_by_a_budget_each_window() -> None:
    policies = Policies(rate_per_token=3, rate_window_s=60.0, retry_after=RetryAfter.BACKLOG_AWARE)
    limiter = Limiter()
    for _ in range(3 + 10):
        admit(limiter, 0.0, policies)
    for _ in range(3):
        assert admit(limiter, 60.0, policies).allowed
    # Ten waited, a window has served three: this is the eighth, seven slots of 20 s behind.
    assert admit(limiter, 60.0, policies).retry_after_s == 60 + 7 * 20
    for _ in range(3):
        assert admit(limiter, 600.0, policies).allowed
    assert admit(limiter, 600.0, policies).retry_after_s == 60


def test_a_budget_that_is_changed_counts_at_once() -> None:
    limiter = Limiter()
    for _ in range(3):
        admit(limiter, 0.0)
    assert not admit(limiter, 1.0).allowed
    assert admit(limiter, 1.0, Policies(rate_per_token=4)).allowed


def test_idle_windows_are_forgotten() -> None:
    limiter = Limiter()
    for number in range(50_000):
        admit(limiter, number * 1.0, token_id=f"t{number}", user_id=f"u{number}")
    assert len(limiter) < 2_000


def test_busy_windows_are_kept() -> None:
    limiter = Limiter()
    for number in range(3_000):
        admit(limiter, 0.0, token_id=f"t{number}", user_id=f"u{number}")
    assert len(limiter) == 9_000
    for _ in range(2):
        assert admit(limiter, 59.0, token_id="t0", user_id="u0").allowed
    assert not admit(limiter, 59.0, token_id="t0", user_id="u0").allowed


REQUESTS = st.lists(
    st.tuples(
        st.floats(0.0, 40.0), st.sampled_from("ab"), st.sampled_from("mn"), st.sampled_from("xy")
    ),
    max_size=60,
)


@given(
    REQUESTS, st.integers(1, 4), st.integers(1, 5), st.integers(1, 7), st.sampled_from(RetryAfter)
)
def test_never_more_than_the_budget_is_admitted_in_a_window(
    requests: list[tuple[float, str, str, str]],
    per_token: int,
    per_client: int,
    per_user: int,
    mode: RetryAfter,
) -> None:
    policies = Policies(
        rate_per_token=per_token,
        rate_per_user_and_client=per_client,
        rate_per_user=per_user,
        rate_per_operation={"x": 2},
        rate_window_s=60.0,
        retry_after=mode,
    )
    limiter = Limiter()
    windows: dict[str, tuple[float, int]] = {}
    now = 0.0
    for pause, token, client, operation in requests:
        now += pause
        admission = admit(
            limiter, now, policies, token_id=token, client_id=client, operation=operation
        )
        budgets = {token: per_token, client: per_client, "user": per_user}
        budgets |= {"x": 2} if operation == "x" else {}
        for key in budgets:
            if now >= windows.get(key, (-1.0, 0))[0]:
                windows[key] = (now + 60.0, 0)
        free = all(windows[key][1] < budget for key, budget in budgets.items())
        assert admission.allowed is free
        if free:
            for key in budgets:
                windows[key] = (windows[key][0], windows[key][1] + 1)
        else:
            assert admission.used == admission.budget


@given(
    st.floats(0.0, 2e9),
    st.floats(0.001, 86_400.0),
    st.integers(1, 5),
    st.floats(0.0, 1.0),
)
def test_who_is_alone_and_waits_as_told_is_admitted(
    start: float, window_s: float, budget: int, part: float
) -> None:
    policies = Policies(rate_per_token=budget, rate_window_s=window_s)
    limiter = Limiter()
    for _ in range(budget):
        assert admit(limiter, start, policies).allowed
    now = start + part * window_s
    refused = admit(limiter, now, policies)
    if not refused.allowed:
        assert 1 <= refused.retry_after_s <= math.ceil(window_s) + 1
        assert admit(limiter, now + refused.retry_after_s, policies).allowed


def test_an_operation_with_a_budget_of_its_own_does_not_lend_it_to_others() -> None:
    limiter = Limiter()
    policies = Policies(rate_per_operation={"mute": 1})
    asked: dict[str, Any] = {"token_id": "t", "user_id": "u", "client_id": "c", "now": 0.0}
    told = [
        limiter.admit(**asked, operation=operation, policies=policies).allowed
        for operation in ("mute", "read", "mute", "read")
    ]
    assert told == [True, True, False, True]


def test_what_is_remembered_of_requests_is_bounded_and_forgetting_it_changes_nothing() -> None:
    limiter = Limiter()
    allowed = [
        admit(limiter, 0.0, operation=f"o{number}").allowed for number in range(limits._ASKED_MAX)
    ]
    assert allowed == [True] * 3 + [False] * (len(allowed) - 3)
    assert not admit(limiter, 0.0, operation="one more").allowed
    assert len(limiter._asked) == 1
