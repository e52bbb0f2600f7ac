"""The Python SDK's three settings of address and its three logins."""

import json
from collections.abc import Callable
from types import ModuleType

import pytest
from tests.sdk.python_bench import (
    CLIENT_ID,
    CLIENT_SECRET,
    PUBLIC_CLIENT_ID,
    REDIRECT,
    SEEN,
    Desktop,
    authorize,
)

from offhook.threaded import ThreadedServer

Make = Callable[..., Desktop]


def test_the_global_host_points_a_client_at_the_mock(
    server: ThreadedServer, python_sdk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_sdk.configuration, "host", server.url)
    made = Desktop(python_sdk, python_sdk.api_client.ApiClient())
    made.client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
    assert made.client.access_token
    made.close()


def test_the_host_of_one_client_points_it_at_the_mock(desktop: Make) -> None:
    made = desktop()
    made.client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
    assert made.client.access_token


def test_the_gateway_points_a_client_at_the_mock(
    server: ThreadedServer, python_sdk: ModuleType
) -> None:
    made = Desktop(python_sdk, python_sdk.api_client.ApiClient())
    host, port = server.url.removeprefix("http://").split(":")
    made.client.set_gateway(host, "http", int(port), None, None)
    made.client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
    assert made.client.access_token
    made.close()


def test_a_wrong_secret_is_an_api_exception_with_the_body_of_oauth(
    desktop: Make, python_sdk: ModuleType
) -> None:
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        desktop().client.get_client_credentials_token(CLIENT_ID, "wrong")
    assert json.loads(refused.value.body)["error"] == "invalid_client", SEEN


def test_the_code_grant_logs_in_and_refreshes(server: ThreadedServer, desktop: Make) -> None:
    made = desktop()
    code = authorize(server.url, client_id=CLIENT_ID)["code"]
    _, answer = made.client.get_code_authorization_token(CLIENT_ID, CLIENT_SECRET, code, REDIRECT)
    first = made.client.access_token
    assert answer["refresh_token"] == made.client.refresh_token
    made.client.refresh_code_authorization_token(
        CLIENT_ID, CLIENT_SECRET, made.client.refresh_token
    )
    assert made.client.access_token not in ("", first)
    assert made.api("UsersApi").get_users_me().username.startswith("agent")


def test_pkce_logs_a_public_client_in(server: ThreadedServer, desktop: Make) -> None:
    made = desktop()
    verifier = made.client.generate_pkce_code_verifier(128)
    code = authorize(
        server.url,
        client_id=PUBLIC_CLIENT_ID,
        code_challenge=made.client.compute_pkce_code_challenge(verifier),
        code_challenge_method="S256",
        login_hint="second",
    )["code"]
    made.client.get_pkce_token(PUBLIC_CLIENT_ID, verifier, code, REDIRECT)
    assert made.api("UsersApi").get_users_me().username.startswith("second")


def test_a_wrong_verifier_is_refused(
    server: ThreadedServer, desktop: Make, python_sdk: ModuleType
) -> None:
    made = desktop()
    verifier = made.client.generate_pkce_code_verifier(128)
    code = authorize(
        server.url,
        client_id=PUBLIC_CLIENT_ID,
        code_challenge=made.client.compute_pkce_code_challenge(verifier),
        code_challenge_method="S256",
    )["code"]
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        made.client.get_pkce_token(PUBLIC_CLIENT_ID, "w" * 64, code, REDIRECT)
    assert json.loads(refused.value.body)["error"] == "invalid_grant", SEEN
