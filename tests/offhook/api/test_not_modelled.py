"""The refusal of what is not modelled, and what becomes of it."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from offhook.api.platform.operations import OPERATIONS as PLATFORM

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

UUID = "6c1f2a34-0b5d-4e6f-a718-29304a5b6c7d"


@pytest.fixture
def desk(make_desk: "type[Desk]") -> "Desk":
    from offhook.api.oauth import OPERATIONS as OAUTH  # noqa: PLC0415 - beside its only use.
    from offhook.control.operations import OPERATIONS as CONTROL  # noqa: PLC0415 - as above.

    return make_desk((*PLATFORM, *OAUTH, *CONTROL))


def refused(desk: "Desk", method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.ask(method, path).body)
    return found


def test_it_names_the_stub_in_all_three_ways(desk: "Desk") -> None:
    told = refused(desk, "GET", "/api/v2/routing/skills")
    assert (told["status"], told["code"]) == (501, "not.implemented")
    assert told["message"] == (
        "The mock does not model GET /api/v2/routing/skills. To answer it: "
        'server.stub("GET /api/v2/routing/skills", json={})'
    )
    assert told["messageParams"] == {
        "python": 'server.stub("GET /api/v2/routing/skills", json={})',
        "toml": '[[orgs.stubs]]\nrequest = "GET /api/v2/routing/skills"\njson = {}',
        "control": (
            'POST /_offhook/v1/stubs {"request": "GET /api/v2/routing/skills", "json": {}}'
        ),
    }


@pytest.mark.parametrize("path", ["/", "/api", "/api/v2", "/oauth", "/_offhook", "/_offhook/v1/"])
def test_whoever_stands_at_a_door_is_told_what_is_behind(desk: "Desk", path: str) -> None:
    told = refused(desk, "GET", path)
    assert (told["status"], told["code"]) == (404, "not.found")
    assert told["message"].startswith(f"There is no path {path}. The API is below /api/v2/, ")
    listed = json.loads(desk.ask("GET", "/_offhook/v1/schema/openapi.json").body)
    assert "/api/v2/users/me" in listed["paths"]


@pytest.mark.parametrize("path", ["/favicon.ico", "/api/v3/users", "/_offhook/v1/nothing"])
def test_other_paths_are_not_there_without_more_words(desk: "Desk", path: str) -> None:
    assert refused(desk, "GET", path)["message"] == f"There is no path {path}."


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize("path", ["/api/v2/routing/skills", f"/api/v2/widgets/{UUID}/parts/7"])
def test_the_stub_that_it_names_mends_it(desk: "Desk", method: str, path: str) -> None:
    command = refused(desk, method, path)["messageParams"]["control"]
    verb, place, body = command.split(" ", 2)
    assert desk.ask(verb, place, body=body.encode()).status == 201
    answer = desk.ask(method, path, headers={"Authorization": desk.bearer()})
    assert (answer.status, answer.body) == (200, b"{}")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("GET /api/v2/conversation/calls", "GET /api/v2/conversations/calls"),
        ("GET /api/v2/conversations/calls/", "GET /api/v2/conversations/calls"),
        ("POST /api/v2/notification/channels", "POST /api/v2/notifications/channels"),
        ("GET /api/v2/routing/utilization", None),
    ],
)
def test_a_near_miss_is_pointed_at(desk: "Desk", asked: str, meant: str | None) -> None:
    message = refused(desk, *asked.split(" "))["message"]
    hint = f"{asked} (did you mean {meant}?)." if meant else f"{asked}."
    assert f"The mock does not model {hint} To answer it" in message


def test_a_method_that_a_platforms_path_lacks_is_405_with_the_stub(desk: "Desk") -> None:
    answer = desk.ask("DELETE", "/api/v2/conversations/calls")
    told = json.loads(answer.body)
    assert (told["status"], told["code"]) == (405, "method.not.allowed")
    assert ("Allow", "GET, HEAD, OPTIONS, POST") in answer.headers
    assert 'To answer it: server.stub("DELETE /api/v2/conversations/calls"' in told["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v2/webrtc/nothing", 404),
        ("GET", "/_offhook/v1/nothing", 404),
        ("DELETE", "/_offhook/v1/health", 405),
        ("TRACE", "/api/v2/conversations/calls", 405),
    ],
)
def test_what_is_not_the_platforms_has_no_stub_and_is_not_remembered(
    desk: "Desk", method: str, path: str, status: int
) -> None:
    told = refused(desk, method, path)
    assert told["status"] == status
    assert "messageParams" not in told
    assert desk.tenancy.unmodelled.asked() == ()


def test_each_is_remembered_and_counted_and_a_reset_keeps_it(desk: "Desk") -> None:
    for _ in range(3):
        refused(desk, "GET", "/api/v2/routing/skills/7")
    refused(desk, "DELETE", "/api/v2/conversations/calls")
    desk.tenancy.reset(now=desk.now)
    assert [(row.request, row.count) for row in desk.tenancy.unmodelled.asked()] == [
        ("GET /api/v2/routing/skills/{id}", 3),
        ("DELETE /api/v2/conversations/calls", 1),
    ]
