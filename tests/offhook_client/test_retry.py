"""The retry table walked wholly; waits, budget and gate with literal times."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook_client.retry import (
    TABLE,
    Action,
    Cooldown,
    Kind,
    RetryBudget,
    Trouble,
    backoff,
    ceiling,
    classify,
    read_retry_after,
    spread_after,
)

A = Action
EXPECTED = {
    # read, mute, delete, code, refresh, login
    Trouble.NOT_SENT: (A.RETRY, A.RESEND, A.RETRY, A.RETRY, A.RETRY, A.RETRY),
    Trouble.NO_ANSWER: (A.RETRY, A.RESEND, A.RETRY, A.FAIL, A.REPEAT_ONCE, A.RETRY),
    Trouble.REFUSED: (A.FAIL,) * 6,
    Trouble.UNAUTHORIZED: (A.REFRESH, A.REFRESH, A.REFRESH, A.FAIL, A.FAIL, A.FAIL),
    Trouble.NOT_FOUND: (A.ESTABLISH, A.ESTABLISH, A.DONE, A.FAIL, A.FAIL, A.FAIL),
    Trouble.CONFLICT: (
        A.WAIT_CONNECTED,
        A.WAIT_CONNECTED,
        A.WAIT_TERMINATED,
        A.FAIL,
        A.FAIL,
        A.FAIL,
    ),
    Trouble.STALE: (A.FAIL, A.RECONCILE, A.FAIL, A.FAIL, A.FAIL, A.FAIL),
    Trouble.TRANSIENT: (A.RETRY, A.RESEND, A.RETRY, A.FAIL, A.REPEAT_ONCE, A.RETRY),
    Trouble.THROTTLED: (A.COOL_DOWN,) * 6,
    Trouble.UNSUPPORTED: (A.FAIL,) * 6,
}


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("kind", Kind)
def test_every_trouble_of_every_kind_has_its_action(trouble: Trouble, kind: Kind) -> None:
    assert TABLE[trouble, kind] is EXPECTED[trouble][list(Kind).index(kind)]


def test_the_table_holds_nothing_else() -> None:
    assert len(TABLE) == len(Trouble) * len(Kind)


def test_a_code_that_may_have_been_sent_is_never_sent_again() -> None:
    again = {trouble for trouble in Trouble if TABLE[trouble, Kind.CODE] is not Action.FAIL}
    assert again == {Trouble.NOT_SENT, Trouble.THROTTLED}


@pytest.mark.parametrize(
    ("statuses", "trouble"),
    [
        ((200, 201, 204, 302, 304), None),
        ((400, 403, 405, 413, 415, 422, 426), Trouble.REFUSED),
        ((401,), Trouble.UNAUTHORIZED),
        ((404, 410), Trouble.NOT_FOUND),
        ((409,), Trouble.CONFLICT),
        ((412,), Trouble.STALE),
        ((408, 425, 500, 502, 503, 504), Trouble.TRANSIENT),
        ((429,), Trouble.THROTTLED),
        ((402, 418, 501, 505, 599), Trouble.UNSUPPORTED),
    ],
)
def test_each_status_has_its_meaning(statuses: tuple[int, ...], trouble: Trouble | None) -> None:
    assert {classify(status, "") for status in statuses} == {trouble}


def test_a_conflict_over_a_stale_intent_is_not_one_over_the_device() -> None:
    assert classify(409, "stale.intent") is Trouble.STALE
    assert classify(409, "general.conflict") is Trouble.CONFLICT


def test_a_lacking_scope_is_final_for_a_new_token_would_lack_it_too() -> None:
    assert classify(401, "unauthorized", insufficient_scope=True) is Trouble.REFUSED


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.25), (2, 0.5), (3, 1.0), (7, 16.0), (8, 20.0), (5000, 20.0)]
)
def test_the_ceiling_doubles_up_to_the_cap(attempt: int, longest: float) -> None:
    assert ceiling(attempt, base_s=0.25, cap_s=20.0) == longest


def test_even_the_last_waits_are_spread() -> None:
    chance = random.Random(1)
    waits = {backoff(50, chance, base_s=0.25, cap_s=20.0) for _ in range(50)}
    assert len(waits) == 50
    assert max(waits) > 15.0
    assert min(waits) < 5.0


@given(
    attempt=st.integers(1, 100),
    retry_after_s=st.floats(0, 1e6),
    spread=st.sampled_from([0.2, 1.0]),
)
def test_who_is_told_when_to_come_back_is_spread_as_far_as_who_is_not(
    attempt: int, retry_after_s: float, spread: float
) -> None:
    over_s = spread_after(attempt, retry_after_s, base_s=0.25, cap_s=20.0, spread=spread)
    least_s = max(spread * retry_after_s, ceiling(attempt, base_s=0.25, cap_s=20.0))
    assert least_s <= over_s <= max(20.0, spread * retry_after_s)


NOON = "Mon, 23 Nov 2026 12:00:00 GMT"
NOON_S = 1_795_435_200.0


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        (None, None, None),
        ("", None, None),
        ("7", None, 7.0),
        (" 7 ", None, 7.0),
        ("0", None, 0.0),
        ("99999999999999999999", None, 1e20),
        ("-5", None, None),
        ("1.5", None, None),
        ("٣", None, None),
        ("soon", None, None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", NOON, 30.0),
        ("Mon, 23 Nov 2026 11:59:00 GMT", NOON, 0.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", None, 40.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", "nonsense", 40.0),
        ("Mon, 23 Nov 2026 12:00:30 -0000", NOON, 30.0),
        ("Mon, 99 Nov 2026 12:00:30 GMT", NOON, None),
        (f"Mon, 23 Nov {'9' * 20} 12:00:30 GMT", NOON, None),
        (f"Mon, 23 Nov 2026 12:00:30 +{'9' * 20}", NOON, None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", f"Mon, 23 Nov {'9' * 20} 12:00:00 GMT", 40.0),
    ],
)
def test_retry_after_is_read_in_both_forms(
    value: str | None, date: str | None, seconds: float | None
) -> None:
    # The local clock is ten seconds late: it may be asked only where there is no Date.
    assert read_retry_after(value, date=date, now=NOON_S - 10.0) == seconds


def test_the_budget_is_a_share_of_the_calls_and_a_floor() -> None:
    budget = RetryBudget(ratio=0.1, floor_per_s=1.0, life_s=10.0)
    assert budget.balance(now=0.0) == 10.0
    for _ in range(100):
        budget.deposit(now=0.0)
    assert budget.balance(now=0.0) == 20.0
    assert [budget.withdraw(now=1.0) for _ in range(21)] == [True] * 20 + [False]


def test_credits_and_debts_die_after_their_life() -> None:
    budget = RetryBudget(ratio=1.0, floor_per_s=0.0, life_s=10.0)
    budget.deposit(now=0.0)
    assert budget.balance(now=9.9) == 1.0
    assert not budget.withdraw(now=10.0)
    budget.deposit(now=20.0)
    assert budget.withdraw(now=21.0)
    assert not budget.withdraw(now=22.0)
    budget.deposit(now=31.0)
    assert budget.withdraw(now=31.0)


def test_one_gate_holds_for_everybody_and_opens_on_time() -> None:
    gate, chance = Cooldown(), random.Random(1)
    gate.close(("1", "api"), until=107.0, spread_s=2.0)
    waits = [gate.wait_s(("1", "api"), chance, now=100.0) for _ in range(100)]
    assert min(waits) >= 7.0
    assert max(waits) <= 9.0
    assert len(set(waits)) == 100
    assert gate.wait_s(("1", "api"), chance, now=107.0) == 0.0
    assert gate.wait_s(("1", "api"), chance, now=100.0) == 0.0


def test_a_gate_is_closed_for_its_own_bucket_only() -> None:
    gate, chance = Cooldown(), random.Random(1)
    gate.close(("1", "api"), until=107.0, spread_s=2.0)
    assert gate.wait_s(("1", "oauth"), chance, now=100.0) == 0.0
    assert gate.wait_s(("2", "api"), chance, now=100.0) == 0.0
    assert gate.until(("2", "api")) == 0.0


def test_a_shorter_closing_does_not_open_a_gate_early() -> None:
    gate = Cooldown()
    gate.close(("1", "api"), until=107.0, spread_s=0.0)
    gate.close(("1", "api"), until=103.0, spread_s=0.0)
    assert gate.until(("1", "api")) == 107.0
    gate.close(("1", "api"), until=110.0, spread_s=0.0)
    assert gate.until(("1", "api")) == 110.0


def test_refusals_of_requests_that_were_under_way_together_count_once() -> None:
    cooldown, key = Cooldown(), ("1", "api")
    assert cooldown.refused(key, now=10.0) == 1
    cooldown.close(key, until=11.0, spread_s=0.0)
    assert [cooldown.refused(key, now=10.1) for _ in range(5)] == [1] * 5
    assert cooldown.refused(key, now=11.0) == 2
    cooldown.admitted(key)
    assert cooldown.refused(key, now=20.0) == 1
