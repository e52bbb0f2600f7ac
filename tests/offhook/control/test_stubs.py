"""Stubs through the control API."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.tenancy import Tenancy

Ask = Callable[..., Any]
SKILLS = {"request": "GET /api/v2/routing/skills", "json": {"entities": []}}


def test_a_stub_is_created_listed_and_deleted(ask: Ask) -> None:
    made = ask("POST", "/stubs", SKILLS, status=201)
    assert made == {
        **SKILLS,
        "id": made["id"],
        "status": 200,
        "headers": {},
        "override": False,
        "declared": False,
        "uses": 0,
    }
    other = ask("POST", "/stubs", {"request": "POST /api/v2/a", "body": "b"}, status=201)
    assert ask("GET", "/stubs") == {"entities": [made, other], "total": 2}
    ask("DELETE", f"/stubs/{made['id']}", status=204)
    assert ask("GET", "/stubs")["entities"] == [other]
    ask("DELETE", "/stubs", status=204)
    assert ask("GET", "/stubs") == {"entities": [], "total": 0}


def test_an_unknown_stub_is_404(ask: Ask) -> None:
    told = ask("DELETE", "/stubs/none", status=404)["message"]
    assert told == "There is no stub 'none'; there are 0 stubs."


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({}, 400, "lacks the field 'request'"),
        (
            {"request": "GET"},
            400,
            (
                "The body is wrong: 'GET' is no request: write method, space, path, as in "
                "'GET /api/v2/routing/skills'."
            ),
        ),
        ({**SKILLS, "body": "b"}, 400, "has json and body: give one of them"),
        ({**SKILLS, "status": 99}, 400, "'status' is wrong"),
        ({**SKILLS, "jsn": 1}, 400, "has no field 'jsn'"),
        ({"request": "GET /api/v2/users/me"}, 409, "modelled, as getUsersMe: say override"),
        ({"request": "GET /api/v2/webrtc/clients/{id}"}, 409, "modelled, as getWebrtcClient"),
        ({"request": "POST /_offhook/v1/reset", "override": True}, 409, "cannot be stubbed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_set(
    ask: Ask, body: dict[str, Any], status: int, told: str
) -> None:
    message = ask("POST", "/stubs", body, status=status)["message"]
    assert told in message
    assert not message.endswith("..")
    assert ask("GET", "/stubs")["total"] == 0


def test_what_was_asked_for_and_is_not_modelled_is_listed(ask: Ask, tenancy: Tenancy) -> None:
    assert ask("GET", "/unmodelled") == {"entities": [], "total": 0, "others": 0}
    for number in (1, 2):
        tenancy.unmodelled.record("GET", f"/api/v2/routing/skills/{number}")
    listed = ask("GET", "/unmodelled")
    ((asked,), total) = listed["entities"], listed["total"]
    assert (asked["request"], asked["count"], total) == ("GET /api/v2/routing/skills/{id}", 2, 1)
    assert set(asked["stub"]) == {"python", "toml", "control"}
