"""What stands in where the table has nothing: stubs, and shapes of an API definition."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from offhook.api.definition import ApiDefinition
from offhook.api.exchange import Response
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.stubs import Stub, StubError

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

SKILLS = "/api/v2/routing/skills"
ME = "/api/v2/users/me"


def stub(desk: "Desk", request: str, **fields: Any) -> str:
    return desk.tenancy.add_stub(Stub(request=request, **fields)).id


def get(desk: "Desk", path: str, *, method: str = "GET") -> Response:
    return desk.ask(method, path, headers={"Authorization": desk.bearer()})


def test_a_stub_answers_what_is_not_modelled_and_counts_it(desk: "Desk") -> None:
    stub_id = stub(desk, f"GET {SKILLS}", json={"entities": []}, status=203, headers={"A": "b"})
    answer = get(desk, SKILLS)
    assert (answer.status, answer.body) == (203, b'{"entities":[]}')
    assert ("A", "b") in answer.headers
    assert ("Access-Control-Allow-Origin", "*") in answer.headers
    assert desk.tenancy.stubs.uses(stub_id) == 1
    assert desk.tenancy.unmodelled.asked() == ()


def test_head_is_answered_as_get_without_content(desk: "Desk") -> None:
    stub(desk, f"GET {SKILLS}", json={})
    answer = get(desk, SKILLS, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_a_stub_keeps_the_order_token_then_rate_then_answer(make_desk: "type[Desk]") -> None:
    desk = make_desk(rate_per_token=1)
    stub_id = stub(desk, f"GET {SKILLS}", status=418)
    assert desk.ask("GET", SKILLS).status == 401
    headers = {"Authorization": desk.bearer()}
    statuses = [desk.ask("GET", SKILLS, headers=headers).status for _ in range(2)]
    assert statuses == [418, 429]
    assert desk.tenancy.stubs.uses(stub_id) == 1


def test_a_fault_knows_the_stub_as_the_request_itself(desk: "Desk") -> None:
    stub(desk, "GET /api/v2/routing/skills/{skillId}")
    target = desk.resolve("GET", f"{SKILLS}/7").target
    assert target == f"GET {SKILLS}/7"
    rule = RuleSpec(match=Match(operation=target), fault=ReplyFault(status=503))
    desk.tenancy.faults.add(rule, id="r")
    assert desk.tenancy.faults.decide(target, device_id=None, token_id=None, now=desk.now)


def test_an_operation_may_have_a_limit_as_the_request_itself(make_desk: "type[Desk]") -> None:
    desk = make_desk(rate_per_operation={f"GET {SKILLS}": 1})
    stub(desk, f"GET {SKILLS}")
    assert [get(desk, SKILLS).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("request_", [f"GET {ME}", "HEAD /api/v2/users/me"])
def test_a_stub_of_what_is_modelled_is_refused_by_its_name(desk: "Desk", request_: str) -> None:
    with pytest.raises(StubError, match="is modelled, as getUsersMe: say override = true"):
        stub(desk, request_)


@pytest.mark.parametrize("override", [False, True])
@pytest.mark.parametrize("path", ["/_offhook/v1/faults", "/_offhook/v1/new", "/_offhook"])
def test_the_control_api_is_never_stubbed(desk: "Desk", path: str, *, override: bool) -> None:
    with pytest.raises(StubError, match="The control API cannot be stubbed"):
        stub(desk, f"GET {path}", override=override)


def test_with_override_a_stub_wins_until_it_is_removed(desk: "Desk") -> None:
    stub_id = stub(desk, f"GET {ME}", json={"id": "me"}, override=True)
    assert get(desk, ME).body == b'{"id":"me"}'
    assert desk.resolve("GET", ME).target == "getUsersMe"
    assert desk.ask("GET", ME).status == 401
    desk.tenancy.stubs.remove(stub_id)
    assert json.loads(get(desk, ME).body)["username"] == "agent"


def test_what_is_public_stays_public_when_it_is_overridden(desk: "Desk") -> None:
    stub(desk, "POST /oauth/token", json={"access_token": "mine"}, override=True)
    assert desk.ask("POST", "/oauth/token").body == b'{"access_token":"mine"}'


def test_a_stub_overrides_its_own_operation_and_not_one_beside_it(desk: "Desk") -> None:
    stub(desk, "GET /api/v2/webrtc/clients/{clientId}", json={"id": "x"}, override=True)
    assert get(desk, "/api/v2/webrtc/clients/7").body == b'{"id":"x"}'
    assert json.loads(get(desk, "/api/v2/webrtc/clients/me").body)["id"] != "x"


def test_a_wide_stub_leaves_what_is_modelled_alone(desk: "Desk") -> None:
    stub(desk, "GET /api/v2/{any}/me", json=1, override=True)
    assert get(desk, "/api/v2/teams/me").body == b"1"
    assert json.loads(get(desk, ME).body)["username"] == "agent"


def test_a_stub_may_add_a_method_to_a_modelled_path(desk: "Desk") -> None:
    stub(desk, f"DELETE {ME}", status=204)
    assert get(desk, ME, method="DELETE").status == 204
    assert get(desk, ME).status == 200


def test_preflights_are_answered_without_a_stub(desk: "Desk") -> None:
    stub_id = stub(desk, f"GET {SKILLS}")
    assert desk.ask("OPTIONS", SKILLS).status == 204
    assert desk.tenancy.stubs.uses(stub_id) == 0


DEFINITION = {
    "swagger": "2.0",
    "paths": {
        path: {"get": {"responses": {"200": {"schema": {"type": "string"}}}}}
        for path in (SKILLS, f"{SKILLS}/{{skillId}}", ME)
    },
}


@pytest.fixture
def shaped(desk: "Desk") -> "Desk":
    desk.tenancy.definition = ApiDefinition(DEFINITION)
    return desk


def test_what_is_neither_modelled_nor_stubbed_has_the_shape_of_the_definition(
    shaped: "Desk",
) -> None:
    answer = get(shaped, f"{SKILLS}/7")
    assert (answer.status, answer.body) == (200, b'"string"')
    assert ("Offhook-Shaped", "true") in answer.headers
    assert shaped.ask("GET", f"{SKILLS}/7").status == 401
    assert shaped.resolve("GET", f"{SKILLS}/7").target == f"GET {SKILLS}/7"
    assert get(shaped, SKILLS, method="HEAD").status == 200


def test_a_stub_wins_over_a_shape_and_so_does_what_is_modelled(shaped: "Desk") -> None:
    stub(shaped, f"GET {SKILLS}", json=7)
    assert get(shaped, SKILLS).body == b"7"
    assert json.loads(get(shaped, ME).body)["username"] == "agent"


def test_what_the_definition_does_not_know_is_still_501(shaped: "Desk") -> None:
    assert get(shaped, SKILLS, method="POST").status == 501
    assert get(shaped, "/api/v2/teams").status == 501
