"""The tutorial's operations, as the wire page describes them, over the whole path of a request."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from offhook.api.exchange import Response, Upgrade
from offhook.domain.inputs import DropDevice, ForceMute, SetUserState
from offhook.domain.version import Version
from offhook.domain.views import Role

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

CLIENTS = "/api/v2/webrtc/clients"


def get(desk: "Desk", path: str, authorization: str, query: str = "") -> Response:
    return desk.ask("GET", path, query=query, headers={"Authorization": authorization})


def body(answer: Response) -> Any:
    return json.loads(answer.body)


def code(answer: Response) -> tuple[int, object]:
    return answer.status, body(answer)["code"]


def header(answer: Response, name: str) -> str | None:
    return dict(answer.headers).get(name)


# Who am I.


def test_users_me_is_the_user_of_the_token(desk: "Desk") -> None:
    answer = get(desk, "/api/v2/users/me", desk.bearer("second"))
    assert answer.status == 200
    assert body(answer)["username"] == "second"


@pytest.mark.parametrize("path", ["/api/v2/users/me", f"{CLIENTS}/me"])
def test_a_service_token_has_no_user_context(desk: "Desk", path: str) -> None:
    answer = get(desk, path, desk.bearer(None))
    assert code(answer) == (400, "bad.request")
    assert "requires a user context" in body(answer)["message"]


# Opening a device.


def test_me_creates_a_device_then_reads_it(desk: "Desk") -> None:
    authorization = desk.bearer()
    first = get(desk, f"{CLIENTS}/me", authorization)
    assert first.status == 200
    assert body(first)["connectionStatus"] == "initializing"
    assert header(first, "ETag") == '"1.0"'
    again = get(desk, f"{CLIENTS}/me", authorization, "deviceId=default")
    assert body(again)["id"] == body(first)["id"]


def test_device_ids_tell_the_devices_of_a_user_apart(desk: "Desk") -> None:
    assert desk.client(device="a") != desk.client(device="b")
    assert desk.client(device="a") == desk.client(device="a")


@pytest.mark.parametrize("bad", ["", "a%20b", "x" * 65, "a%0A", "%C3%A9"])
def test_a_device_id_of_another_shape_is_400(desk: "Desk", bad: str) -> None:
    answer = get(desk, f"{CLIENTS}/me", desk.bearer(), f"deviceId={bad}")
    assert code(answer) == (400, "invalid.query.param.value")


@pytest.mark.parametrize("change", [{"licences": frozenset()}, {"conflict": True}])
def test_without_licence_or_in_conflict_there_is_no_client(
    desk: "Desk", change: dict[str, Any]
) -> None:
    user = desk.tenancy.org.find_user("agent")
    assert user is not None
    desk.tenancy.org.receive(SetUserState(user_id=user.id, **change), now=desk.now)
    assert code(get(desk, f"{CLIENTS}/me", desk.bearer())) == (404, "not.found")


def test_me_restarts_a_disconnected_device_under_the_same_id(desk: "Desk") -> None:
    client_id = desk.client()
    desk.tenancy.org.receive(DropDevice(device_id=client_id), now=desk.now)
    assert body(get(desk, f"{CLIENTS}/{client_id}", desk.bearer()))["connectionStatus"] == (
        "disconnected"
    )
    again = body(get(desk, f"{CLIENTS}/me", desk.bearer()))
    assert (again["id"], again["connectionStatus"]) == (client_id, "initializing")


# Reading.


def test_a_user_sees_own_devices_and_a_service_token_all(desk: "Desk") -> None:
    mine, other = desk.client("agent"), desk.client("second")
    for bearer, seen in (
        (desk.bearer("agent"), [mine]),
        (desk.bearer("second"), [other]),
        (desk.bearer("supervisor"), []),
        (desk.bearer(None), [mine, other]),
    ):
        answer = body(get(desk, CLIENTS, bearer))
        assert [each["id"] for each in answer["entities"]] == seen
        assert answer["total"] == len(seen)


def test_one_device_is_read_with_its_version(desk: "Desk") -> None:
    client_id = desk.client()
    answer = get(desk, f"{CLIENTS}/{client_id}", desk.bearer())
    assert (answer.status, header(answer, "ETag")) == (200, '"1.0"')
    assert get(desk, f"{CLIENTS}/{client_id}", desk.bearer(None)).status == 200


def test_without_versions_there_is_no_etag(make_desk: "type[Desk]") -> None:
    desk = make_desk(versions=False)
    client_id = desk.client()
    read = get(desk, f"{CLIENTS}/{client_id}", desk.bearer())
    assert header(read, "ETag") is None
    assert header(desk.mute(client_id, desk.bearer()), "ETag") is None


# Who may.


@pytest.mark.parametrize(
    ("user", "method", "tail", "status"),
    [
        ("second", "GET", "", 403),
        ("second", "GET", "/events", 403),
        ("second", "POST", "/mute", 403),
        ("second", "DELETE", "", 403),
        (None, "GET", "", 200),
        (None, "GET", "/events", 403),
        (None, "POST", "/mute", 403),
        (None, "DELETE", "", 403),
    ],
)
def test_nobody_touches_the_device_of_another_but_a_service_may_look(
    desk: "Desk", user: str | None, method: str, tail: str, status: int
) -> None:
    path = f"{CLIENTS}/{desk.client('agent')}{tail}"
    answer = desk.ask(
        method, path, body=b'{"muted": true}', headers={"Authorization": desk.bearer(user)}
    )
    assert answer.status == status
    if status == 403:
        assert code(answer) == (403, "not.authorized")


@pytest.mark.parametrize(
    ("method", "tail", "needed"),
    [
        ("GET", "", "webrtc:client:view"),
        ("GET", "/events", "webrtc:client:view"),
        ("POST", "/mute", "webrtc:client:edit"),
        ("DELETE", "", "webrtc:client:edit"),
    ],
)
def test_the_user_needs_the_permission(desk: "Desk", method: str, tail: str, needed: str) -> None:
    client_id = desk.client()
    user = desk.tenancy.org.find_user("agent")
    assert user is not None
    kept = frozenset({"webrtc:client:view", "webrtc:client:edit"} - {needed})
    desk.tenancy.org.receive(SetUserState(user_id=user.id, permissions=kept), now=desk.now)
    answer = desk.ask(
        method, f"{CLIENTS}/{client_id}{tail}", headers={"Authorization": desk.bearer()}
    )
    assert code(answer) == (403, "missing.permissions")
    assert f"[{needed}]" in body(answer)["message"]


# Muting.


def test_a_mute_is_204_with_the_new_version_and_the_intent_echoed(desk: "Desk") -> None:
    client_id = desk.client()
    answer = desk.mute(client_id, desk.bearer(), Offhook_Intent="desk-1:7")
    assert (answer.status, answer.body) == (204, b"")
    assert header(answer, "ETag") == '"1.1"'
    assert header(answer, "Offhook-Intent") == "desk-1:7"
    read = body(get(desk, f"{CLIENTS}/{client_id}", desk.bearer()))
    assert (read["muted"], read["rev"], read["cause"]) == (True, 1, "self")
    assert read["lastIntent"]["muted"] is True


def test_by_policy_a_mute_is_answered_minimally(make_desk: "type[Desk]") -> None:
    desk = make_desk(mute_answer="minimal")
    client_id = desk.client()
    answer = desk.mute(client_id, desk.bearer())
    assert (answer.status, body(answer)) == (200, {"id": client_id, "muted": True})


def test_if_match_makes_it_compare_and_set(desk: "Desk") -> None:
    client_id = desk.client()
    assert desk.mute(client_id, desk.bearer(), If_Match='"1.0"').status == 204
    assert code(desk.mute(client_id, desk.bearer(), If_Match='"1.0"')) == (
        412,
        "precondition.failed",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-Match", "1.0"),
        ("If-Match", '"1"'),
        ("If-Match", "*"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", "x" * 129),
        ("Idempotency-Key", "a b"),
        ("Offhook-Intent", "desk"),
        ("Offhook-Intent", "desk:0"),
        ("Offhook-Intent", "desk:-1"),
        ("Offhook-Intent", "d e:1"),
    ],
)
def test_a_header_of_another_shape_is_400_and_named(desk: "Desk", name: str, value: str) -> None:
    sent: dict[str, Any] = {name: value}
    answer = desk.mute(desk.client(), desk.bearer(), **sent)
    assert code(answer) == (400, "invalid.value")
    assert body(answer)["details"][0]["fieldName"] == name.lower()


def test_a_repeat_with_its_key_has_no_second_effect(desk: "Desk") -> None:
    client_id, bearer = desk.client(), desk.bearer()
    first = desk.mute(client_id, bearer, Idempotency_Key="k", Offhook_Intent="a:1")
    again = desk.mute(client_id, bearer, Idempotency_Key="k", Offhook_Intent="a:1")
    assert header(first, "Idempotency-Replayed") is None
    assert header(again, "Idempotency-Replayed") == "true"
    assert (again.status, header(again, "ETag")) == (204, '"1.1"')
    assert header(again, "Offhook-Intent") == "a:1"
    assert header(again, "ININ-Correlation-Id") != header(first, "ININ-Correlation-Id")
    assert body(get(desk, f"{CLIENTS}/{client_id}", bearer))["rev"] == 1


def test_what_the_domain_refused_may_be_tried_again_with_its_key(desk: "Desk") -> None:
    client_id, bearer = desk.client(), desk.bearer()
    desk.set(admin_force="locked")
    desk.tenancy.org.receive(ForceMute(device_id=client_id, muted=True), now=desk.now)
    first = desk.mute(client_id, bearer, muted=False, Idempotency_Key="k")
    desk.tenancy.org.receive(ForceMute(device_id=client_id, muted=False), now=desk.now)
    again = desk.mute(client_id, bearer, muted=False, Idempotency_Key="k")
    assert code(first) == (403, "forced")
    assert (again.status, header(again, "Idempotency-Replayed")) == (204, None)


def test_what_was_refused_before_the_domain_may_be_tried_again(desk: "Desk") -> None:
    client_id, bearer = desk.client(), desk.bearer()
    path = f"{CLIENTS}/{client_id}/mute"
    headers = {"Authorization": bearer, "Idempotency-Key": "k"}
    assert desk.ask("POST", path, body=b"{", headers=headers).status == 400
    good = desk.ask("POST", path, body=b'{"muted": true}', headers=headers)
    assert (good.status, header(good, "Idempotency-Replayed")) == (204, None)


def test_another_token_has_keys_of_its_own_and_a_window_ends(desk: "Desk") -> None:
    client_id, bearer = desk.client(), desk.bearer()
    desk.mute(client_id, bearer, Idempotency_Key="k")
    other = desk.mute(client_id, desk.bearer(), Idempotency_Key="k")
    assert header(other, "Idempotency-Replayed") is None
    desk.wait(desk.tenancy.org.policies.idempotency_window_s)
    assert header(desk.mute(client_id, bearer, Idempotency_Key="k"), "Idempotency-Replayed") is None


# Deleting.


def test_a_deleted_device_ends_and_is_then_unknown(desk: "Desk") -> None:
    client_id = desk.client()
    path, headers = f"{CLIENTS}/{client_id}", {"Authorization": desk.bearer()}
    assert desk.ask("DELETE", path, headers=headers).status == 204
    assert code(desk.mute(client_id, desk.bearer())) == (409, "general.conflict")
    desk.wait(desk.tenancy.org.policies.terminate_delay_s)
    assert code(desk.mute(client_id, desk.bearer())) == (404, "not.found")
    assert code(desk.ask("DELETE", path, headers=headers)) == (404, "not.found")


# The event socket.


def test_a_good_upgrade_says_what_was_asked_for(desk: "Desk") -> None:
    client_id = desk.client()
    token_id, secret = desk.token()
    answer = desk.answer(
        "GET",
        f"{CLIENTS}/{client_id}/events",
        query="role=device&since=1.3",
        headers={"Upgrade": "WebSocket", "Sec-WebSocket-Protocol": f"bearer.{secret}"},
    )
    assert answer == Upgrade(
        device_id=client_id,
        role=Role.DEVICE,
        token_id=token_id,
        since=Version(1, 3),
        subprotocol=f"bearer.{secret}",
    )
    entry = desk.tenancy.org.journal.entries(kind="exchange")[-1]
    assert entry.facts["status"] == 101
    assert secret not in repr(entry)


def test_without_a_role_it_observes(desk: "Desk") -> None:
    headers = {"Upgrade": "websocket", "Authorization": desk.bearer()}
    answer = desk.answer("GET", f"{CLIENTS}/{desk.client()}/events", headers=headers)
    assert isinstance(answer, Upgrade)
    assert (answer.role, answer.since, answer.subprotocol) == (Role.OBSERVER, None, None)


@pytest.mark.parametrize("query", ["role=owner", "since=1", "since=%221.3%22", "since=0.1"])
def test_a_wrong_role_or_version_is_400(desk: "Desk", query: str) -> None:
    headers = {"Upgrade": "websocket", "Authorization": desk.bearer()}
    answer = desk.ask("GET", f"{CLIENTS}/{desk.client()}/events", query=query, headers=headers)
    assert code(answer) == (400, "invalid.query.param.value")


@pytest.mark.parametrize(
    ("method", "upgrade"), [("GET", None), ("GET", "h2c"), ("HEAD", "websocket")]
)
def test_without_an_upgrade_it_is_426(desk: "Desk", method: str, upgrade: str | None) -> None:
    headers = {"Authorization": desk.bearer()} | ({} if upgrade is None else {"Upgrade": upgrade})
    answer = desk.ask(method, f"{CLIENTS}/{desk.client()}/events", headers=headers)
    assert (answer.status, header(answer, "Upgrade")) == (426, "websocket")


# Paths that nobody serves.


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v2/stations", 501),
        ("/api/v2/webrtc/nothing", 404),
        ("/_offhook/v1/nothing", 404),
        ("/nothing", 404),
    ],
)
def test_what_the_platform_has_and_the_mock_has_not_is_501(
    desk: "Desk", path: str, status: int
) -> None:
    answer = get(desk, path, "")
    assert answer.status == status
    assert (f"GET {path}" in body(answer)["message"]) == (status == 501)


def test_without_the_platform_dialect_it_is_just_404(make_desk: "type[Desk]") -> None:
    desk = make_desk(dialects=frozenset())
    assert get(desk, "/api/v2/stations", "").status == 404
