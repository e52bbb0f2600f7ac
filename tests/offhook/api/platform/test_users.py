"""Users: what is told of them, and what only when it is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from offhook.api import tutorial
from offhook.api.operation import Dialect
from offhook.api.platform import users
from offhook.domain.inputs import ChangeCall, StartCall

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk
    from tests.offhook.api.platform.conftest import Platform

ME = "/api/v2/users/me"
ALWAYS = {
    "id",
    "name",
    "division",
    "chat",
    "email",
    "username",
    "state",
    "version",
    "acdAutoAnswer",
    "selfUri",
}
EXPANSIONS = {
    "routingStatus": "status",
    "presence": "presenceDefinition",
    "station": "effectiveStation",
    "conversationSummary": "call",
    "organization": "id",
    "token": "OAuthClient",
}


def test_unasked_only_what_is_always_told(platform: Platform) -> None:
    me = platform.get(ME)
    assert set(me) == ALWAYS
    assert me["chat"]["jabberId"] == f"{me['id'].replace('-', '')}@offhook.orgspan.com"
    assert me["selfUri"] == f"/api/v2/users/{me['id']}"


@pytest.mark.parametrize("name", EXPANSIONS)
def test_what_is_expanded_appears_and_nothing_else(platform: Platform, name: str) -> None:
    me = platform.get(f"{ME}?expand={name}")
    assert set(me) == ALWAYS | {name}
    assert EXPANSIONS[name] in me[name]


@pytest.mark.parametrize(
    "query",
    [
        "expand=" + ",".join(EXPANSIONS),
        "&".join(f"expand={name}" for name in EXPANSIONS),
        "expand=" + ",%20".join(EXPANSIONS) + ",geolocation,nonsense",
    ],
)
def test_expansions_come_by_commas_or_repeated_and_unknown_ones_are_ignored(
    platform: Platform, query: str
) -> None:
    assert set(platform.get(f"{ME}?{query}")) == ALWAYS | set(EXPANSIONS)


def test_another_user_tells_neither_organization_nor_token(platform: Platform) -> None:
    other = platform.get(f"/api/v2/users/{platform.id('second')}?expand={','.join(EXPANSIONS)}")
    assert other["username"] == "second"
    assert set(other) == ALWAYS | set(EXPANSIONS) - {"organization", "token"}


def test_everybody_is_listed_in_pages(platform: Platform) -> None:
    listing = platform.get("/api/v2/users?expand=presence")
    assert [each["username"] for each in listing["entities"]] == ["agent", "second", "supervisor"]
    assert all("presence" in each for each in listing["entities"])
    last = platform.get("/api/v2/users?pageSize=2&pageNumber=2")
    assert [each["username"] for each in last["entities"]] == ["supervisor"]


def test_the_summary_counts_what_has_not_ended_by_medium(platform: Platform) -> None:
    org, desk = platform.desk.tenancy.org, platform.desk
    call, _, _ = (
        org.receive(StartCall(user_id=platform.id(), media=media), now=desk.now)
        for media in ("voice", "voice", "chat")
    )
    ended = ChangeCall(conversation_id=call.id, state="ended")
    org.receive(ended, now=desk.now)
    summary = platform.get(f"{ME}?expand=conversationSummary")["conversationSummary"]
    counts = {
        medium: summary[medium]["contactCenter"]["active"]
        for medium in ("call", "callback", "email", "message", "chat")
    }
    assert counts == {"call": 1, "callback": 0, "email": 0, "message": 0, "chat": 1}


def test_a_service_token_is_no_user_but_may_look_at_them(platform: Platform) -> None:
    status, refusal = platform.ask(f"GET {ME}", user=None)
    assert (status, refusal["code"]) == (400, "bad.request")
    assert "user context" in refusal["message"]
    assert platform.get(f"/api/v2/users/{platform.id()}", user=None)["username"] == "agent"


def test_an_unknown_user_is_not_found(platform: Platform) -> None:
    assert platform.refused("GET /api/v2/users/nobody") == (404, "not.found")


def test_the_tutorial_alone_has_it_too_with_its_scope(make_desk: type[Desk]) -> None:
    rows = (*tutorial.OPERATIONS, *users.OPERATIONS)
    desk = make_desk(rows, dialects=frozenset({Dialect.TUTORIAL}))
    answer = desk.ask("GET", ME, headers={"Authorization": desk.bearer()})
    assert answer.status == 200
    assert {"id", "name", "username", "email", "selfUri"} <= set(json.loads(answer.body))
    unscoped = desk.bearer("agent", "conversation:read")
    assert desk.ask("GET", ME, headers={"Authorization": unscoped}).status == 401
    assert desk.ask("GET", "/api/v2/users", headers={"Authorization": desk.bearer()}).status == 404
