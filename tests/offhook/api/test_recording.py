"""What of an exchange goes into the journal, and what never does."""

from typing import Any

import pytest
from msgspec import UNSET

from offhook.api.exchange import Request, Response, Upgrade
from offhook.api.operation import Dialect
from offhook.api.recording import record_exchange, status_of
from offhook.api.resolve import resolve
from offhook.domain.views import Role
from offhook.tenancy import Tenancy

MUTE = "/api/v2/webrtc/clients/d/mute"
DONE = Response(status=204)
UPGRADE = Upgrade(device_id="d", role=Role.OBSERVER, token_id="t", since=None, subprotocol=None)


@pytest.fixture
def seen(desk: Any) -> Any:
    tenancy: Tenancy = desk.tenancy

    def record(answer: Response | Upgrade = DONE, **fields: Any) -> dict[str, object]:
        given: dict[str, Any] = {
            "method": "POST",
            "path": MUTE,
            "query": "",
            "headers": {},
            "body": b"",
            "origin": "",
        }
        step = fields.pop("step", UNSET)
        resolved = resolve(tenancy, Request(**{**given, **fields}), now=1.0)
        record_exchange(tenancy, resolved, answer, now=1.0, step=step)
        return tenancy.org.journal.entries(kind="exchange")[-1].facts

    return record


def test_what_was_asked_and_answered_is_kept(seen: Any) -> None:
    facts = seen(body=b'{"muted":true}', step="domain")
    assert facts["operation"] == "postWebrtcClientMute"
    assert (facts["method"], facts["path"], facts["status"]) == ("POST", MUTE, 204)
    assert (facts["body"], facts["step"], facts["device_id"]) == ('{"muted":true}', "domain", "d")
    assert "fault" not in facts
    assert "retry_after" not in facts


@pytest.mark.parametrize("query", ["access_token=abc", "a=1&code=xyz", "PASSWORD=x"])
def test_a_query_that_may_hold_a_secret_is_not_kept(seen: Any, query: str) -> None:
    assert seen(query=query)["query"] == "[redacted]"
    assert seen(query="role=device")["query"] == "role=device"


def test_a_form_and_a_body_that_names_a_secret_are_not_kept(seen: Any) -> None:
    form = seen(path="/oauth/token", body=b"grant_type=x")
    assert form["body"] == "[redacted]"
    assert seen(body=b'{"client_secret":"s3"}')["body"] == "[redacted]"
    assert len(str(seen(body=b"x" * 5000)["body"])) == 1024


def test_what_tells_a_repeat_is_kept_short(seen: Any) -> None:
    facts = seen(headers={"idempotency-key": "k" * 100, "offhook-intent": "a:1"})
    assert (facts["idempotency_key"], facts["intent"]) == ("k" * 64, "a:1")
    assert "if_match" not in facts


def test_when_to_come_back_is_kept_of_a_refusal_only(seen: Any) -> None:
    headers = (("Retry-After", "7"),)
    assert seen(Response(status=429, headers=headers))["retry_after"] == "7"
    assert "retry_after" not in seen(Response(status=200, headers=headers))


def test_what_is_no_response_becomes_a_socket(seen: Any) -> None:
    assert status_of(UPGRADE) == 101
    assert seen(UPGRADE)["status"] == 101


def test_nothing_of_an_unknown_path_is_missing(seen: Any) -> None:
    facts = seen(path="/nowhere")
    assert facts["operation"] is None
    assert Dialect.TUTORIAL not in facts.values()
