"""Refusals in the platform's words."""

import json
from typing import Any

import pytest

from offhook.api.refusal import challenge, error_code, refusal_answer, reply_answer, too_many
from offhook.domain.errors import REFUSALS, DomainError
from offhook.faults.verdicts import Reply, RetryAfterForm

NOW = 784_111_777.9
"""0.9 s after the example of RFC 9110 §5.6.7."""


def reply(status: int, **changes: Any) -> Reply:
    fields = {"rule_id": "r", "code": None, "retry_after_s": None, "body": None} | changes
    return Reply(status=status, **fields)


@pytest.mark.parametrize("code", REFUSALS)
def test_the_body_of_every_refusal_is_the_platforms(code: str) -> None:
    answer = refusal_answer(DomainError(code), "c-1")
    row = REFUSALS[code]
    assert answer.status == row.status
    assert json.loads(answer.body) == {
        "message": row.message,
        "code": code,
        "status": row.status,
        "contextId": "c-1",
        "details": [],
        "errors": [],
    }
    assert error_code(answer) == code


def test_a_named_field_becomes_a_detail_and_headers_travel() -> None:
    error = DomainError(
        "invalid.value", "Wrong.", facts={"field": "muted", "n": 1}, headers=(("Allow", "GET"),)
    )
    answer = refusal_answer(error, "c-1")
    assert json.loads(answer.body)["details"] == [
        {"errorCode": "invalid.value", "fieldName": "muted"}
    ]
    assert ("Allow", "GET") in answer.headers


def test_too_many_is_word_for_word_the_platforms() -> None:
    error = too_many(42, layer="token")
    assert error.message == "Rate limit exceeded the maximum. Retry the request in [42] seconds"
    assert error.headers == (("Retry-After", "42"),)
    assert error.facts == {"layer": "token", "retryAfterS": 42}


@pytest.mark.parametrize(
    ("told", "value"),
    [
        (challenge(), 'Bearer realm="offhook"'),
        (challenge("invalid_token"), 'Bearer realm="offhook", error="invalid_token"'),
        (
            challenge("insufficient_scope", scope="a b"),
            'Bearer realm="offhook", error="insufficient_scope", scope="a b"',
        ),
    ],
)
def test_the_challenge_is_that_of_rfc_6750(told: tuple[tuple[str, str], ...], value: str) -> None:
    assert told == (("WWW-Authenticate", value),)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (reply(400), "bad.request"),
        (reply(401), "bad.credentials"),
        (reply(404), "not.found"),
        (reply(429, retry_after_s=3), "too.many.requests.retry.after"),
        (reply(429), "too.many.requests"),
        (reply(500), "internal.server.error"),
        (reply(503), "service.unavailable"),
        (reply(418), "http.418"),
        (reply(400, code="invalid.date"), "invalid.date"),
    ],
)
def test_a_reply_without_a_body_is_the_platforms_for_its_status(verdict: Reply, code: str) -> None:
    answer = reply_answer(verdict, "c-1", now=NOW)
    body = json.loads(answer.body)
    assert (answer.status, body["status"]) == (verdict.status, verdict.status)
    assert (body["code"], body["contextId"]) == (code, "c-1")
    assert "%s" not in body["message"]


@pytest.mark.parametrize("code", [None, "too.many.requests.retry.after"])
def test_a_429_without_retry_after_names_no_seconds(code: str | None) -> None:
    answer = reply_answer(reply(429, code=code), "c-1", now=NOW)
    assert "Retry-After" not in dict(answer.headers)
    assert json.loads(answer.body)["message"] == "Rate limit exceeded the maximum."
    asking = reply_answer(reply(429, code=code, retry_after_s=0), "c-1", now=NOW)
    assert json.loads(asking.body)["message"].endswith("Retry the request in [0] seconds")


def test_a_reply_may_ask_to_wait_and_challenges_with_401() -> None:
    waiting = reply_answer(reply(503, retry_after_s=7), "c-1", now=NOW)
    assert ("Retry-After", "7") in waiting.headers
    assert challenge("invalid_token")[0] in reply_answer(reply(401), "c-1", now=NOW).headers


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"retry_after_form": RetryAfterForm.DATE}, None),
        (
            {"retry_after_form": RetryAfterForm.DATE, "retry_after_s": 0},
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ),
        (
            {"retry_after_form": RetryAfterForm.DATE, "retry_after_s": 60},
            "Sun, 06 Nov 1994 08:50:37 GMT",
        ),
        ({"retry_after_text": "soon"}, "soon"),
        ({"retry_after_text": "1e3", "retry_after_s": 60}, "1e3"),
    ],
)
def test_retry_after_may_be_a_date_or_any_text(fields: dict[str, Any], value: str | None) -> None:
    answer = reply_answer(reply(429, **fields), "c-1", now=NOW)
    assert dict(answer.headers).get("Retry-After") == value


def test_a_reply_has_its_own_body_when_the_rule_gives_one() -> None:
    answer = reply_answer(reply(503, body=b'{"own": true}', retry_after_s=1), "c-1", now=NOW)
    assert answer.body == b'{"own": true}'
    assert answer.headers == (("Content-Type", "application/json"), ("Retry-After", "1"))
    assert error_code(answer) is None


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_reply_whose_status_has_no_content_has_none(status: int) -> None:
    assert reply_answer(reply(status, body=b"{}"), "c-1", now=NOW).body == b""
    assert reply_answer(reply(status), "c-1", now=NOW).body == b""
