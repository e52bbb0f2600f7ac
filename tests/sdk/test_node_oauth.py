"""The JavaScript SDK on Node: its setting of address, its three logins, its refresh."""

from tests.sdk.control import Control
from tests.sdk.node_bench import Driver, seen
from tests.sdk.python_bench import (
    CLIENT_ID,
    CLIENT_SECRET,
    PUBLIC_CLIENT_ID,
    REDIRECT,
    authorize,
)

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


def log_in(js: Driver, server: ThreadedServer, **query: str) -> None:
    """The confidential code grant, which alone gives this SDK a refresh token."""
    code = authorize(server.url, client_id=CLIENT_ID, **query)["code"]
    data = js.get("client.loginCodeAuthorizationGrant", CLIENT_ID, CLIENT_SECRET, code, REDIRECT)
    assert data["refreshToken"]


def test_client_credentials_log_a_service_in(js: Driver) -> None:
    data = js.get("client.loginClientCredentialsGrant", CLIENT_ID, CLIENT_SECRET)
    assert data["accessToken"]
    assert data["tokenExpiryTime"]


def test_a_wrong_secret_is_rejected_with_the_error_of_axios(js: Driver, node: Node) -> None:
    refused = js.call("client.loginClientCredentialsGrant", CLIENT_ID, "wrong")
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert refused.value["status"] == 401


def test_pkce_logs_a_public_client_in(server: ThreadedServer, js: Driver) -> None:
    verifier = js.get("client.generatePKCECodeVerifier", 128)
    code = authorize(
        server.url,
        client_id=PUBLIC_CLIENT_ID,
        code_challenge=js.get("client.computePKCECodeChallenge", verifier),
        code_challenge_method="S256",
        login_hint="second",
    )["code"]
    js.get("client.authorizePKCEGrant", PUBLIC_CLIENT_ID, verifier, code, REDIRECT)
    assert js.get("UsersApi.getUsersMe")["username"].startswith("second")


def test_the_code_grant_logs_in_and_refreshes(server: ThreadedServer, js: Driver) -> None:
    log_in(js, server)
    before = js.get("UsersApi.getUsersMe")
    data = js.get(
        "client.refreshCodeAuthorizationGrant",
        CLIENT_ID,
        CLIENT_SECRET,
        js.get(
            "client.loginCodeAuthorizationGrant",
            CLIENT_ID,
            CLIENT_SECRET,
            authorize(server.url, client_id=CLIENT_ID)["code"],
            REDIRECT,
        )["refreshToken"],
    )
    assert data["accessToken"]
    assert js.get("UsersApi.getUsersMe") == before


def test_an_extended_response_tells_status_and_headers(
    server: ThreadedServer, js: Driver, control: Control
) -> None:
    js.get("client.setAccessToken", server.token())
    js.get("client.setReturnExtendedResponses", True)
    answer = js.get("UsersApi.getUsersMe")
    assert answer["status"] == 200
    assert answer["headers"]["inin-correlation-id"]
    control.fault("getUsersMe", kind="reply", status=429, retryAfterS=3)
    refused = js.call("UsersApi.getUsersMe")
    assert refused.value["status"] == 429
    assert refused.value["headers"]["retry-after"] == "3"
    assert refused.value["body"]["code"] == "too.many.requests.retry.after"
