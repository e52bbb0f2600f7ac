"""What a policy may answer, and what is said of one that answers anything else."""

import math
from typing import Any

import pytest

from offhook_scenarios.backoff.policy import (
    LONGEST_S,
    BrokenPolicyError,
    ask,
    retry_after_s,
    sound,
)
from offhook_scenarios.backoff.streams import Stream


def asked(answer: Any) -> float | None:
    def delay(*_: Any) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return ask(delay, 3, 429, {"Retry-After": "7"}, 1.25, Stream())


@pytest.mark.parametrize("answer", [None, 0, 0.0, 1.5, 7, LONGEST_S])
def test_seconds_and_none_are_answers(answer: float | None) -> None:
    assert asked(answer) == answer


async def later() -> float:
    return 1.0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (math.nan, "returned NaN; it must be seconds or None"),
        (-0.5, "returned -0.5 s, a wait that has passed already"),
        (1_000_000, "returned 1e+06 s; more than 86400 s (a day) is no backoff"),
        (math.inf, "returned inf s; more than 86400 s (a day) is no backoff"),
        ("1", "returned '1'; it must be seconds or None"),
        (later(), "returned a coroutine; write def, not async def"),
        ([1], r"returned [1]; it must be seconds or None"),
        (ZeroDivisionError("no"), "raised ZeroDivisionError: no"),
        (KeyError(), "raised KeyError: no message"),
        (SystemExit(4), "raised SystemExit: 4"),
    ],
)
def test_anything_else_is_a_clear_finding(answer: Any, words: str) -> None:
    with pytest.raises(BrokenPolicyError) as caught:
        asked(answer)
    assert str(caught.value) == f"delay(3, 429, {{'Retry-After': '7'}}, 1.250, rng) {words}."
    assert not sound(answer)


def test_an_interrupt_is_the_users_and_no_finding() -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(KeyboardInterrupt())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"Retry-After": "1.25"}, 1.25),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon", "Date": "Mon, 23 Nov 2026 08:00:00 GMT"}, None),
        ({"Retry-After": "Mon, 23 Nov 2026 08:00:30 GMT"}, None),
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 08:00:30 GMT",
                "Date": "Mon, 23 Nov 2026 08:00:00 GMT",
            },
            30.0,
        ),
    ],
)
def test_retry_after_is_read_in_all_its_forms(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers) == seconds
