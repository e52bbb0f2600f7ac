"""Every operation refuses what all refuse, and no request breaks anything."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drawn import near, reaches

from offhook.api import oauth, tutorial
from offhook.api.exchange import CONTROL_BODY_BYTES, Answer, Response
from offhook.api.operation import Operation
from offhook.api.table import common_outcomes
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.oauth.inputs import ExpireToken, RevokeToken

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

ALL = (*tutorial.OPERATIONS, *oauth.OPERATIONS, *CONTROL)
GUARDED = [row for row in ALL if not row.access.public]
SCOPED = [row for row in GUARDED if row.access.scope is not None]
WITH_BODY = [row for row in ALL if row.body is not None]


def each(rows: list[Operation] | tuple[Operation, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.id)


def path_of(row: Operation) -> str:
    path = row.path
    for param in row.params:
        path = path.replace(f"{{{param.name}}}", "some-id")
    return path


def code(answer: Response) -> object:
    return json.loads(answer.body)["code"]


def header(answer: Response, name: str) -> str | None:
    return next((value for key, value in answer.headers if key.lower() == name.lower()), None)


def ask(desk: "Desk", row: Operation, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.ask(row.method, path_of(row), headers=named)


@each(GUARDED)
def test_without_a_token_it_is_401_with_a_bare_challenge(desk: "Desk", row: Operation) -> None:
    answer = ask(desk, row)
    assert (answer.status, code(answer)) == (401, "authentication.required")
    assert header(answer, "WWW-Authenticate") == 'Bearer realm="offhook"'


@each(GUARDED)
def test_another_scheme_counts_as_no_token(desk: "Desk", row: Operation) -> None:
    answer = ask(desk, row, Authorization="Basic YTpi")
    assert (answer.status, code(answer)) == (401, "authentication.required")


@each(GUARDED)
@pytest.mark.parametrize("why", ["unknown", "expired", "revoked"])
def test_a_token_that_is_no_longer_good_is_401(desk: "Desk", row: Operation, why: str) -> None:
    token_id, secret = desk.token()
    if why == "expired":
        desk.tenancy.org.receive(ExpireToken(token_id=token_id), now=desk.now)
    elif why == "revoked":
        desk.tenancy.org.receive(RevokeToken(token_id=token_id), now=desk.now)
    else:
        secret = "never-issued"
    answer = ask(desk, row, Authorization=f"bearer {secret}")
    assert (answer.status, code(answer)) == (401, "bad.credentials")
    assert header(answer, "WWW-Authenticate") == 'Bearer realm="offhook", error="invalid_token"'


def test_a_policy_gives_an_expired_token_a_code_of_its_own(make_desk: "type[Desk]") -> None:
    desk = make_desk(expired_token_code="credentials.expired")
    authorization = desk.bearer()
    desk.wait(desk.tenancy.org.policies.access_token_ttl_s)
    answer = ask(desk, tutorial.OPERATIONS[0], Authorization=authorization)
    assert (answer.status, code(answer)) == (401, "credentials.expired")


@each(GUARDED)
@pytest.mark.parametrize(
    "sent", ["Bearer", "Bearer ", "Bearer a b", "Bearer é", "Bearer a, Bearer b"]
)
def test_a_malformed_credential_is_400(desk: "Desk", row: Operation, sent: str) -> None:
    answer = ask(desk, row, Authorization=sent)
    assert (answer.status, code(answer)) == (400, "bad.request")
    assert header(answer, "WWW-Authenticate") == 'Bearer realm="offhook", error="invalid_request"'


@each(GUARDED)
def test_a_token_in_the_query_is_400_even_beside_a_good_one(desk: "Desk", row: Operation) -> None:
    _, secret = desk.token()
    for headers in ({}, {"Authorization": f"Bearer {secret}"}):
        answer = desk.ask(
            row.method, path_of(row), query=f"a=1&access_token={secret}", headers=headers
        )
        assert (answer.status, code(answer)) == (400, "bad.request")


@each(SCOPED)
@pytest.mark.parametrize(
    ("status", "wanted"), [(401, "unauthorized"), (403, "not.authorized")], ids=str
)
def test_a_missing_scope_is_401_or_by_policy_403(
    make_desk: "type[Desk]", row: Operation, status: int, wanted: str
) -> None:
    desk = make_desk(missing_scope_status=status)
    answer = ask(desk, row, Authorization=desk.bearer("agent", "conversation:read"))
    assert (answer.status, code(answer)) == (status, wanted)
    assert header(answer, "WWW-Authenticate") == (
        f'Bearer realm="offhook", error="insufficient_scope", scope="{row.access.scope}"'
    )


@each([row for row in GUARDED if row.access.counted])
def test_over_the_limit_it_is_429_with_whole_seconds(
    make_desk: "type[Desk]", row: Operation
) -> None:
    desk = make_desk(rate_per_token=1)
    authorization = desk.bearer()
    desk.answer(row.method, path_of(row), headers={"Authorization": authorization})
    desk.wait(17.5)
    answer = ask(desk, row, Authorization=authorization)
    assert (answer.status, code(answer)) == (429, "too.many.requests.retry.after")
    assert header(answer, "Retry-After") == "43"
    assert json.loads(answer.body)["message"] == (
        "Rate limit exceeded the maximum. Retry the request in [43] seconds"
    )
    desk.wait(43)
    again = desk.answer(row.method, path_of(row), headers={"Authorization": authorization})
    assert getattr(again, "status", None) != 429


@each([row for row in oauth.OPERATIONS if row.access.counted])
def test_a_form_is_counted_by_the_client_it_names(make_desk: "type[Desk]", row: Operation) -> None:
    desk = make_desk(rate_per_token=1)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses = [
        desk.ask("POST", row.path, body=f"client_id={name}".encode(), headers=headers).status
        for name in ("offhook-desktop", "offhook-desktop", "other")
    ]
    assert statuses[1] == 429
    assert 429 not in {statuses[0], statuses[2]}


@each(CONTROL)
def test_control_is_never_counted(make_desk: "type[Desk]", row: Operation) -> None:
    desk = make_desk(rate_per_token=1, rate_per_user_and_client=1)
    for _ in range(3):
        answer = desk.answer(row.method, path_of(row), body=b"{}")
        assert getattr(answer, "status", 200) != 429


@each(ALL)
def test_a_method_that_the_path_does_not_know_is_405(desk: "Desk", row: Operation) -> None:
    answer = desk.ask("PUT", path_of(row))
    assert (answer.status, code(answer)) == (405, "method.not.allowed")
    allowed = (header(answer, "Allow") or "").split(", ")
    assert row.method in allowed
    assert "OPTIONS" in allowed
    assert ("HEAD" in allowed) == ("GET" in allowed)


@each(ALL)
def test_a_body_over_the_limit_is_413(make_desk: "type[Desk]", row: Operation) -> None:
    desk = make_desk(max_body_bytes=10)
    # A policy must not lock the door by which it would be changed.
    limit = CONTROL_BODY_BYTES if row in CONTROL else 10
    # A device that is there and one's own, so that nothing is refused before.
    path = row.path.replace("{clientId}", desk.client()) if row in tutorial.OPERATIONS else ""
    answer = desk.ask(
        row.method,
        path or path_of(row),
        body=b" " * (limit + 1),
        headers={"Authorization": desk.bearer(), "Content-Type": "application/json"},
    )
    assert (answer.status, code(answer)) == (413, "request.entity.too.large")
    assert json.loads(answer.body)["message"].endswith(f"Maximum bytes: {limit}")


MEDIA_TYPES = {
    None: 400,
    "application/json": 400,
    "application/json; charset=utf-8": 400,
    "APPLICATION/merge-patch+JSON": 400,
    "text/plain": 415,
    "application/x-www-form-urlencoded": 415,
    "application/jsonp": 415,
    "": 415,
}
"""How a body that is no JSON is refused, by what it calls itself."""


@each(WITH_BODY)
def test_a_body_that_calls_itself_something_else_is_415(desk: "Desk", row: Operation) -> None:
    path = row.path.replace("{clientId}", desk.client()) if row in tutorial.OPERATIONS else ""
    statuses = {}
    for sent in MEDIA_TYPES:
        headers = {"Authorization": desk.bearer()}
        if sent is not None:
            headers["Content-Type"] = sent
        answer = desk.ask(row.method, path or path_of(row), body=b"[not JSON", headers=headers)
        statuses[sent] = answer.status
    assert statuses == MEDIA_TYPES


@each(CONTROL)
def test_bound_beyond_loopback_control_needs_its_key(
    make_desk: "type[Desk]", row: Operation
) -> None:
    desk = make_desk(control_key="sésame")
    for headers, wanted in (
        ({}, "authentication.required"),
        ({"Offhook-Key": "wrong"}, "bad.credentials"),
    ):
        answer = desk.ask(row.method, path_of(row), headers=headers)
        assert (answer.status, code(answer)) == (401, wanted)
        assert header(answer, "WWW-Authenticate") is not None
    good = desk.answer(row.method, path_of(row), headers={"Offhook-Key": "sésame"})
    assert getattr(good, "status", 200) != 401


JSON_BODIES = near(
    '{"muted": true}',
    '{"muted": false, "name": "x", "level": 0.5, "fault": {"kind": "reply", "status": 503}}',
    '{"user": "agent", "scopes": ["user:read"], "seconds": 1, "policies": {"heartbeat_s": 2}}',
).map(lambda text: text.encode(errors="surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(body=st.binary() | JSON_BODIES)
def test_no_body_breaks_anything(shared_desk: "Desk", client_id: str, body: bytes) -> None:
    answer = shared_desk.ask(
        "POST",
        f"/api/v2/webrtc/clients/{client_id}/mute",
        body=body,
        headers={"Authorization": shared_desk.bearer()},
    )
    assert answer.status in {204, 400}
    assert shared_desk.errors() == []


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
LOOKED_AT = ["authorization", "if-match", "content-type", "sec-websocket-protocol"]


REQUESTS = st.fixed_dictionaries(
    {
        "row": st.sampled_from(ALL),
        "method": st.none() | st.sampled_from(METHODS),
        "tail": st.just("") | st.text(max_size=8),
        "known": st.booleans(),
        "query": st.just("") | near("deviceId=a&limit=2", "access_token=x&grant_type=password"),
        "headers": st.dictionaries(st.sampled_from(LOOKED_AT), st.text(max_size=20)),
        "body": st.just(b"") | st.binary(max_size=20) | JSON_BODIES,
    }
)


def made_of(desk: "Desk", request: dict[str, Any]) -> Answer:
    """Its answer. Who is `known` has a token, and asks for a client that there is."""
    row, headers, path = request["row"], request["headers"], path_of(request["row"])
    if request["known"]:
        headers = {**headers, "authorization": desk.bearer()}
        path = row.path.replace("{clientId}", desk.client())
    return desk.answer(
        request["method"] or row.method,
        path + request["tail"],
        query=request["query"],
        headers=headers,
        body=request["body"],
    )


@settings(max_examples=300, deadline=None)
@given(request=REQUESTS)
def test_no_request_breaks_anything(make_desk: "type[Desk]", request: dict[str, Any]) -> None:
    desk = make_desk()
    made_of(desk, request)
    assert desk.errors() == []


def test_some_of_them_are_done(make_desk: "type[Desk]") -> None:
    def status_of(request: dict[str, Any]) -> object:
        return getattr(made_of(make_desk(), request), "status", None)

    reaches(REQUESTS, status_of, 200, 204, 400, 401, 404)


@pytest.fixture(scope="module")
def shared_desk(make_desk: "type[Desk]") -> "Desk":
    return make_desk(rate_per_token=10**9, rate_per_user_and_client=10**9, rate_per_user=10**9)


@pytest.fixture(scope="module")
def client_id(shared_desk: "Desk") -> str:
    return shared_desk.client()


@each(ALL)
def test_what_all_refuse_is_declared(row: Operation) -> None:
    """The statuses that the tests of this file saw are the ones that the table adds."""
    common = set(common_outcomes(row))
    assert 413 in common
    assert (401 in common) == (row in GUARDED or row in CONTROL)
    assert (415 in common) == (row in WITH_BODY)
