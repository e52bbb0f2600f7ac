"""What a request means: place, token, device. Nothing is refused here."""

from typing import TYPE_CHECKING

import pytest

from offhook.api import oauth, tutorial
from offhook.api.exchange import Request
from offhook.api.operation import Operation
from offhook.api.resolve import bearer_subprotocol, read_credentials, resolve
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.oauth.inputs import RevokeToken

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

ALL = (*tutorial.OPERATIONS, *oauth.OPERATIONS, *CONTROL)


def request(query: str = "", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        method="GET", path="/", query=query, headers=named, body=b"", origin="http://mock.example"
    )


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.id)
def test_every_row_of_the_table_resolves_to_itself(desk: "Desk", row: Operation) -> None:
    path, wanted = row.path, {}
    for param in (param for param in row.params if param.where == "path"):
        path = path.replace(f"{{{param.name}}}", "a%2Fb%20c")
        wanted[param.name] = "a/b c"
    resolved = desk.resolve(row.method, path)
    assert resolved.operation is row
    assert resolved.path == wanted
    assert resolved.target == (None if row in CONTROL else row.id)
    if row.method == "GET":
        assert desk.resolve("HEAD", path).operation is row


def test_me_is_no_device(desk: "Desk") -> None:
    assert desk.resolve("GET", "/api/v2/webrtc/clients/me").device_id is None
    assert desk.resolve("GET", "/api/v2/webrtc/clients/you").device_id == "you"
    # Only reading has a place of its own; nothing else is done to `me`.
    assert desk.resolve("POST", "/api/v2/webrtc/clients/me/mute").device_id == "me"


def test_the_token_and_the_device_are_known_by_public_ids(desk: "Desk") -> None:
    token_id, secret = desk.token()
    resolved = desk.resolve(
        "GET", "/api/v2/webrtc/clients/d-1", headers={"Authorization": f"Bearer {secret}"}
    )
    assert (resolved.token_id, resolved.device_id) == (token_id, "d-1")


def test_public_operations_look_at_no_token(desk: "Desk") -> None:
    resolved = desk.resolve("GET", "/_offhook/v1/clock", headers={"Authorization": "Bearer ( "})
    assert resolved.credentials.problem is None


def test_each_request_has_its_own_correlation_id(desk: "Desk") -> None:
    ids = {desk.resolve("GET", "/").correlation_id for _ in range(10)}
    assert len(ids) == 10


def test_resolved_again_it_keeps_its_correlation_id_and_sees_the_token_as_it_is(
    desk: "Desk",
) -> None:
    token_id, secret = desk.token()
    headers = {"Authorization": f"Bearer {secret}"}
    first = desk.resolve("GET", "/api/v2/users/me", headers=headers)
    desk.tenancy.org.receive(RevokeToken(token_id=token_id), now=desk.now)
    again = resolve(desk.tenancy, first.request, now=desk.now, correlation_id=first.correlation_id)
    assert again.correlation_id == first.correlation_id
    assert again.token is not None
    assert again.token.revoked


@pytest.mark.parametrize(
    ("method", "path", "target"),
    [
        ("GET", "/api/v2/stations", "GET /api/v2/stations"),
        ("OPTIONS", "/api/v2/stations", None),
        ("OPTIONS", "/api/v2/users/me", None),
        ("PUT", "/api/v2/users/me", None),
        ("GET", "/_offhook/v1/state", None),
        ("GET", "/api/v2/users/me", "getUsersMe"),
    ],
)
def test_what_a_fault_rule_can_hit(
    desk: "Desk", method: str, path: str, target: str | None
) -> None:
    assert desk.resolve(method, path).target == target


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_compared_without_case(scheme: str) -> None:
    found = read_credentials(request(authorization=f"{scheme} aB0-._~+/=="))
    assert (found.secret, found.problem) == ("aB0-._~+/==", None)


@pytest.mark.parametrize("header", ["Basic YTpi", "Digest a=b", "Negotiate"])
def test_another_scheme_is_no_token(header: str) -> None:
    found = read_credentials(request(authorization=header))
    assert (found.secret, found.problem) == (None, None)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer  ", "Bearer a b", "Bearer a, Bearer b", "Bearer =a", "(x) a"]
)
def test_a_malformed_header_is_a_problem(header: str) -> None:
    found = read_credentials(request(authorization=header))
    assert found.secret is None
    assert found.problem is not None


def test_the_subprotocol_of_a_socket_is_a_place_for_the_token() -> None:
    offered = request(sec_websocket_protocol="chat, bearer.s3cret , other")
    assert bearer_subprotocol(offered) == "bearer.s3cret"
    assert read_credentials(offered).secret == "s3cret"
    assert bearer_subprotocol(request(sec_websocket_protocol="chat")) is None
    assert bearer_subprotocol(request()) is None


def test_a_token_in_two_places_is_a_problem() -> None:
    twice = request(authorization="Bearer a", sec_websocket_protocol="bearer.a")
    assert "twice" in (read_credentials(twice).problem or "")


@pytest.mark.parametrize("query", ["access_token=a", "x=1&access_token=", "access_token"])
def test_a_token_in_the_query_is_a_problem(query: str) -> None:
    for headers in ({}, {"authorization": "Bearer a"}):
        assert "query" in (read_credentials(request(query, **headers)).problem or "")


def test_a_query_that_only_speaks_of_a_token_is_none() -> None:
    assert read_credentials(request("about=access_token")).problem is None
