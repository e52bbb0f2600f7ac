"""Tokens in use: what the API says to good ones, bad ones and too many requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from offhook.oauth.inputs import RevokeToken

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

    from offhook.api.exchange import Response

FORM = "application/x-www-form-urlencoded"
CLIENTS = "/api/v2/webrtc/clients"
SERVICE = {
    "grant_type": "client_credentials",
    "client_id": "offhook-server",
    "client_secret": "offhook-secret",
}


def ask(desk: Desk, authorization: str | None = None, query: str = "") -> Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return desk.ask("GET", CLIENTS, query=query, headers=headers)


def challenge(answer: Response) -> str:
    return dict(answer.headers)["WWW-Authenticate"]


def post(desk: Desk, form: dict[str, str], path: str = "/oauth/token") -> Response:
    body = urlencode(form).encode()
    return desk.ask("POST", path, body=body, headers={"Content-Type": FORM})


def test_without_credentials_the_challenge_names_no_error(desk: Desk) -> None:
    answer = ask(desk)
    assert answer.status == 401
    assert challenge(answer) == 'Bearer realm="offhook"'


def test_a_token_that_is_no_longer_good_is_an_invalid_token(desk: Desk) -> None:
    revoked_id, revoked = desk.token()
    desk.tenancy.org.receive(RevokeToken(token_id=revoked_id), now=desk.now)
    _, expired = desk.token(ttl_s=1.0)
    desk.wait(1.0)
    for secret in (revoked, expired, "guess"):
        answer = ask(desk, f"Bearer {secret}")
        assert answer.status == 401
        assert 'error="invalid_token"' in challenge(answer)


def test_a_missing_scope_is_named_and_401_or_403_by_policy(desk: Desk) -> None:
    secret = desk.bearer("agent", "user:read")
    for status in (401, 403):
        desk.set(missing_scope_status=status)
        answer = ask(desk, secret)
        assert answer.status == status
        assert 'error="insufficient_scope", scope="webrtc:client:read"' in challenge(answer)


def test_a_malformed_header_and_a_token_in_the_query_are_a_400(desk: Desk) -> None:
    _, secret = desk.token()
    assert ask(desk, f"Bearer {secret}", query=f"access_token={secret}").status == 400
    assert ask(desk, query=f"access_token={secret}").status == 400
    assert ask(desk, f"Bearer {secret}, Bearer {secret}").status == 400


def test_a_service_token_cannot_mute_an_agent(desk: Desk) -> None:
    client_id = desk.client("agent")
    secret = json.loads(post(desk, SERVICE).body)["access_token"]
    answer = desk.mute(client_id, f"Bearer {secret}")
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "not.authorized")


def test_a_replayed_refresh_token_logs_the_whole_family_out(desk: Desk) -> None:
    desk.set(allow_password_grant=True)
    login = SERVICE | {
        "grant_type": "password",
        "username": "agent",
        "password": "agent-password",
    }
    first = json.loads(post(desk, login).body)
    renew = SERVICE | {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = json.loads(post(desk, renew).body)
    assert ask(desk, f"Bearer {first['access_token']}").status == 200
    assert ask(desk, f"Bearer {second['access_token']}").status == 200
    replay = post(desk, renew)
    assert (replay.status, json.loads(replay.body)["error"]) == (400, "invalid_grant")
    for pair in (first, second):
        assert ask(desk, f"Bearer {pair['access_token']}").status == 401


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
def test_the_endpoints_have_the_limit_of_their_client(desk: Desk, path: str) -> None:
    desk.set(rate_per_user_and_client=2, rate_per_token=2)
    statuses = [post(desk, SERVICE | {"token": "x"}, path).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = post(desk, SERVICE, path)
    assert 0 < int(dict(refused.headers)["Retry-After"]) <= 60
    assert json.loads(refused.body)["code"] == "too.many.requests.retry.after"
    other = {"client_id": "offhook-desktop", "grant_type": "refresh_token", "refresh_token": "x"}
    assert post(desk, other | {"token": "x"}, path).status in {200, 400, 401}
    desk.wait(60)
    assert post(desk, SERVICE | {"token": "x"}, path).status == 200


def test_the_login_page_and_the_metadata_are_never_counted(desk: Desk) -> None:
    desk.set(rate_per_user_and_client=1, rate_per_token=1)
    for _ in range(3):
        assert desk.ask("GET", "/.well-known/oauth-authorization-server").status == 200
        assert desk.ask("GET", "/oauth/authorize").status == 400
