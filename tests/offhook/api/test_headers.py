"""The headers that every answer carries."""

import pytest

from offhook.api.headers import ACCEPTED, EXPOSED, rate_headers, with_common
from offhook.limits import Admission
from offhook.policies import Policies, RateHeaders

ADMISSION = Admission(
    allowed=True, retry_after_s=0, used=3, budget=10, reset_s=42, layer="user-and-client"
)


def test_common_headers_come_once_and_after_the_answers_own() -> None:
    headers = with_common((("ETag", '"1.1"'),), "c-1")
    assert headers[:2] == (("ETag", '"1.1"'), ("ININ-Correlation-Id", "c-1"))
    names = [name for name, _ in headers]
    assert len(names) == len(set(names))
    assert dict(headers)["Cache-Control"] == "no-cache, no-store, must-revalidate"
    assert dict(headers)["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["Cache-Control", "cache-control", "Pragma", "EXPIRES"])
def test_an_answers_own_cache_headers_win(name: str) -> None:
    headers = with_common(((name, "mine"),), "c-1")
    values = [value for key, value in headers if key.lower() == name.lower()]
    assert values == ["mine"]
    assert {"cache-control", "pragma", "expires"} <= {key.lower() for key, _ in headers}


@pytest.mark.parametrize("name", ["retry-after", "inin-correlation-id", "inin-ratelimit-reset"])
def test_what_the_platform_exposes_is_exposed(name: str) -> None:
    assert name in {each.lower() for each in EXPOSED}


@pytest.mark.parametrize(
    "name",
    ["authorization", "content-type", "accept", "purecloud-sdk", "genesys-app", "x-requested-with"],
)
def test_what_the_platform_accepts_is_accepted(name: str) -> None:
    assert name in ACCEPTED


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (RateHeaders.NONE, ()),
        (
            RateHeaders.ININ,
            (
                ("inin-ratelimit-count", "3"),
                ("inin-ratelimit-allowed", "10"),
                ("inin-ratelimit-reset", "42"),
            ),
        ),
        (
            RateHeaders.IETF,
            (
                ("RateLimit-Policy", '"user-and-client";q=10;w=60'),
                ("RateLimit", '"user-and-client";r=7;t=42'),
            ),
        ),
    ],
)
def test_the_budget_is_told_by_policy(
    policy: RateHeaders, told: tuple[tuple[str, str], ...]
) -> None:
    assert rate_headers(Policies(rate_headers=policy), ADMISSION) == told
