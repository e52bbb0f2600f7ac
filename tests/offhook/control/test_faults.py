"""Fault rules through control: CRUD, accounts, and clear words about what cannot be."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook import tenancy as tenancies
from offhook.faults.catalogue import CATALOGUE, Row
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]
REPLY = {"kind": "reply", "status": 429, "retryAfterS": 3}


def kind_of(value: object) -> str | None:
    return value.kind if isinstance(value, Row) else None


def test_a_rule_of_the_reference_page_is_created_and_read(ask: Ask) -> None:
    match = {"operation": "postWebrtcClientMute", "clientId": None, "tokenId": None}
    rule = ask(
        "POST", "/faults", {"match": match, "fault": REPLY, "skip": 0, "times": 1}, status=201
    )
    assert rule["match"] == match
    assert rule["fault"] == {
        **REPLY,
        "code": None,
        "retryAfterForm": "seconds",
        "retryAfterText": None,
        "body": None,
    }
    assert (rule["remaining"], rule["bites"]) == (1, 0)
    assert ask("GET", f"/faults/{rule['id']}") == rule
    assert ask("GET", "/faults") == {"entities": [rule], "total": 1}


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=kind_of)
def test_every_kind_can_be_created(ask: Ask, tenancy: Tenancy, row: Row) -> None:
    written = {"kind": row.kind, **row.example}
    rule = ask("POST", "/faults", {"fault": written}, status=201)
    assert rule["fault"].items() >= written.items()
    assert [known.id for known in tenancy.faults.rules()] == [rule["id"]]


def test_a_deleted_rule_is_gone(ask: Ask) -> None:
    rule = ask("POST", "/faults", {"fault": REPLY}, status=201)
    ask("DELETE", f"/faults/{rule['id']}", status=204)
    assert rule["id"] in ask("GET", f"/faults/{rule['id']}", status=404)["message"]
    ask("DELETE", f"/faults/{rule['id']}", status=404)


def test_all_rules_are_deleted_at_once(ask: Ask) -> None:
    for _ in range(3):
        ask("POST", "/faults", {"fault": REPLY}, status=201)
    ask("DELETE", "/faults", status=204)
    assert ask("GET", "/faults")["total"] == 0


def test_rules_that_never_bit_can_be_asked_for(ask: Ask, tenancy: Tenancy) -> None:
    bit, idle = (ask("POST", "/faults", {"fault": REPLY}, status=201)["id"] for _ in range(2))
    tenancy.faults.bit(bit)
    assert [rule["id"] for rule in ask("GET", "/faults?neverBit=true")["entities"]] == [idle]
    assert ask("GET", "/faults?neverBit=false")["total"] == 2


def test_a_decision_shows_in_what_remains(ask: Ask, tenancy: Tenancy) -> None:
    rule = ask("POST", "/faults", {"fault": REPLY, "times": 3, "skip": 1}, status=201)
    for _ in range(2):
        tenancy.faults.decide("getUsersMe", device_id=None, token_id=None, now=5.0)
    now = ask("GET", f"/faults/{rule['id']}")
    assert (now["matched"], now["skipped"], now["remaining"], now["bites"]) == (2, 1, 2, 0)
    assert now["decidedAt"] == 5.0


def test_a_rule_on_what_never_comes_is_refused_and_not_kept(ask: Ask) -> None:
    body = {"match": {"operation": "postWebrtcClientsMute"}, "fault": REPLY}
    assert "'postWebrtcClientsMute'" in ask("POST", "/faults", body, status=404)["message"]
    assert ask("GET", "/faults")["total"] == 0


def test_a_path_that_a_stub_may_have_taken_over_can_be_named(ask: Ask) -> None:
    request = "GET /api/v2/users/me"
    ask("POST", "/stubs", {"request": request, "json": {}, "override": True}, status=201)
    ask("POST", "/faults", {"match": {"operation": request}, "fault": REPLY}, status=201)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"fault": {"kind": "dealy"}}, "delay"),
        ({"fault": {"kind": "delay", "seconds": 3}}, "delayS"),
        ({"fault": {"kind": "delay"}}, "delayS"),
        ({"fault": {"kind": "reply", "status": 99}}, "200 to 599"),
        ({"fault": "delay"}, "fault"),
        ({}, "fault"),
        ({"fault": REPLY, "times": 0}, "times"),
        ({"fault": REPLY, "skip": -1}, "skip"),
        ({"fault": REPLY, "match": {"client": "x"}}, "client"),
        ({"fault": REPLY, "often": 2}, "often"),
    ],
)
def test_a_wrong_rule_is_refused_by_name_and_not_kept(ask: Ask, body: object, named: str) -> None:
    assert named in ask("POST", "/faults", body, status=400)["message"]
    assert ask("GET", "/faults")["total"] == 0


def test_a_full_book_takes_no_more(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancies, "MAX_RULES", 1)
    ask("POST", "/faults", {"fault": REPLY}, status=201)
    assert "delete some" in ask("POST", "/faults", {"fault": REPLY}, status=409)["message"]
