"""The token, revocation, introspection and metadata endpoints, row by row.

Each row of the table "OAuth facts the mock must reproduce" is a test here, in
`test_oauth_authorize.py` (the browser's side) or in `test_oauth_bearer.py` (tokens in use);
what needs no HTTP is tested in `tests/offhook/oauth`. These rows are overridden by decision:

* errors at the API are the platform's body, not `application/problem+json`; so is the 429 of
  the token endpoint;
* a missing scope is 401 by default, as the tutorial says (policy `missing_scope_status`);
* a service token that mutes an agent is 403 `not.authorized`, because it owns no device;
* idempotency: the tutorial dialect takes an `Idempotency-Key`, which RFC 9110 does not know;
* `Retry-After` is always delta-seconds, never a date;
* the fields of a rate limit are off by default (policy `rate_headers`);
* RFC 8594 (`Sunset`) concerns clients only.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

import pytest

from offhook.api import oauth
from offhook.api.openapi import document
from offhook.domain.evidence import Evidence

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

    from offhook.api.exchange import Response

FORM = "application/x-www-form-urlencoded"
SERVER = {"client_id": "offhook-server", "client_secret": "offhook-secret"}
SERVICE = {"grant_type": "client_credentials"}


def basic(client_id: str, secret: str) -> str:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def post(
    desk: Desk,
    form: dict[str, str] | str,
    *,
    path: str = "/oauth/token",
    content_type: str = FORM,
    **headers: str,
) -> Response:
    text = form if isinstance(form, str) else urlencode(form)
    return desk.ask(
        "POST", path, body=text.encode(), headers={"Content-Type": content_type, **headers}
    )


def read(answer: Response) -> dict[str, Any]:
    body = json.loads(answer.body)
    assert isinstance(body, dict)
    return body


def test_a_success_has_its_fields_and_is_never_cached(desk: Desk) -> None:
    answer = post(desk, SERVER | SERVICE)
    assert answer.status == 200
    headers = dict(answer.headers)
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Pragma"] == "no-cache"
    body = read(answer)
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 86_400)
    assert body["scope"] == "conversation:read user:read webrtc:client:read"


def test_an_error_has_both_descriptions_and_is_never_cached(desk: Desk) -> None:
    answer = post(desk, SERVER | {"grant_type": 'sa"ml\\é'})
    assert answer.status == 400
    headers = dict(answer.headers)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Pragma"] == "no-cache"
    body = read(answer)
    assert body.keys() == {"error", "error_description", "description"}
    assert body["error"] == "unsupported_grant_type"
    assert body["error_description"] == body["description"]
    assert body["description"].isascii()
    assert not set(body["description"]) & {'"', "\\"}


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_an_invalid_client_by_basic_is_challenged_by_basic(desk: Desk, secret: str) -> None:
    answer = post(desk, SERVICE, Authorization=basic("offhook-server", secret))
    assert answer.status == 401
    assert read(answer)["error"] == "invalid_client"
    assert dict(answer.headers)["WWW-Authenticate"].startswith('Basic realm="offhook"')


def test_an_invalid_client_by_form_is_not_challenged(desk: Desk) -> None:
    for form in (SERVICE, SERVICE | {"client_id": "nobody"}, SERVER | {"client_secret": "wrong"}):
        answer = post(desk, form)
        assert answer.status == 401
        assert read(answer)["error"] == "invalid_client"
        assert "WWW-Authenticate" not in dict(answer.headers)


def test_basic_works_with_and_without_the_id_in_the_form(desk: Desk) -> None:
    right = basic("offhook-server", "offhook-secret")
    assert post(desk, SERVICE, Authorization=right).status == 200
    assert post(desk, SERVICE | {"client_id": "offhook-server"}, Authorization=right).status == 200


@pytest.mark.parametrize(
    "form",
    [
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&unknown=1&unknown=2",
        "grant_type=client_credentials&scope=%ff",
        "scope=user:read",
        "grant_type=authorization_code",
        "grant_type=refresh_token&refresh_token=",
    ],
)
def test_a_missing_repeated_or_unreadable_parameter_is_an_invalid_request(
    desk: Desk, form: str
) -> None:
    answer = post(desk, f"{urlencode(SERVER)}&{form}")
    assert answer.status == 400
    assert read(answer)["error"] == "invalid_request"


def test_two_ways_to_authenticate_are_an_invalid_request(desk: Desk) -> None:
    right = basic("offhook-server", "offhook-secret")
    answer = post(desk, SERVER | SERVICE, Authorization=right)
    assert answer.status == 400
    assert read(answer)["error"] == "invalid_request"
    assert "twice" in read(answer)["description"]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_only_a_form_is_taken(desk: Desk, content_type: str) -> None:
    answer = post(desk, SERVER | SERVICE, content_type=content_type)
    assert answer.status == 400
    assert read(answer)["error"] == "invalid_request"


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
def test_only_post_is_taken(desk: Desk, path: str) -> None:
    answer = desk.ask("GET", path)
    assert answer.status == 405
    assert dict(answer.headers)["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        (SERVICE | {"scope": "everything"}, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "guess"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "guess"}, "invalid_grant"),
    ],
)
def test_each_error_has_its_name_and_status_400(
    desk: Desk, form: dict[str, str], error: str
) -> None:
    answer = post(desk, SERVER | form)
    assert (answer.status, read(answer)["error"]) == (400, error)


def test_a_client_may_use_its_own_grants_only(desk: Desk) -> None:
    answer = post(desk, SERVICE | {"client_id": "offhook-desktop"})
    assert (answer.status, read(answer)["error"]) == (400, "unauthorized_client")


def test_the_password_grant_names_its_switch_and_warns_once_it_is_on(desk: Desk) -> None:
    form = SERVER | {"grant_type": "password", "username": "agent", "password": "agent-password"}
    refused = post(desk, form)
    assert (refused.status, read(refused)["error"]) == (400, "unauthorized_client")
    assert "allow_password_grant" in read(refused)["description"]
    desk.set(allow_password_grant=True)
    assert "deprecated" in read(post(desk, form))["warning"]
    entries = desk.tenancy.org.journal.entries(kind="input")
    warned = [entry for entry in entries if "warning" in entry.facts]
    assert len(warned) == 2
    assert "agent-password" not in repr(desk.tenancy.org.journal.entries())
    assert read(post(desk, form | {"password": "wrong"}))["error"] == "invalid_grant"


def test_the_life_of_a_token_is_a_policy_down_to_seconds(desk: Desk) -> None:
    desk.set(access_token_ttl_s=2.0)
    body = read(post(desk, SERVER | SERVICE))
    assert body["expires_in"] == 2
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    desk.wait(1.999)
    assert desk.ask("GET", "/api/v2/webrtc/clients", headers=headers).status != 401
    desk.wait(0.001)
    assert desk.ask("GET", "/api/v2/webrtc/clients", headers=headers).status == 401


def test_revocation_is_200_for_known_and_unknown_tokens(desk: Desk) -> None:
    secret = read(post(desk, SERVER | SERVICE))["access_token"]
    for token in (secret, secret, "guess"):
        answer = post(desk, SERVER | {"token": token}, path="/oauth/revoke")
        assert (answer.status, answer.body) == (200, b"")
    headers = {"Authorization": f"Bearer {secret}"}
    assert desk.ask("GET", "/api/v2/webrtc/clients", headers=headers).status == 401


def test_revocation_and_introspection_refuse_like_the_token_endpoint(desk: Desk) -> None:
    for path in ("/oauth/revoke", "/oauth/introspect"):
        assert read(post(desk, SERVER, path=path))["error"] == "invalid_request"
        wrong = SERVER | {"client_secret": "wrong", "token": "x"}
        assert post(desk, wrong, path=path).status == 401
        assert read(post(desk, "token=1&token=2", path=path))["error"] == "invalid_request"
    foreign = {"client_id": "offhook-desktop", "token": desk.token("agent")[1]}
    assert post(desk, foreign, path="/oauth/revoke").status == 200
    assert post(desk, foreign, path="/oauth/introspect").status == 401


def test_introspection_tells_of_a_good_token_and_nothing_of_another(desk: Desk) -> None:
    token_id, secret = desk.token("agent", "user:read", ttl_s=60.0)
    good = read(post(desk, SERVER | {"token": secret}, path="/oauth/introspect"))
    assert (good["active"], good["jti"], good["username"]) == (True, token_id, "agent")
    assert (good["iat"], good["exp"], good["scope"]) == (1_000, 1_060, "user:read")
    assert good["iss"] == "http://mock.example"
    desk.wait(60)
    late = post(desk, SERVER | {"token": secret}, path="/oauth/introspect")
    assert (late.status, read(late)) == (200, {"active": False})


METADATA = "/.well-known/oauth-authorization-server"


def test_the_metadata_names_endpoints_that_exist(desk: Desk) -> None:
    body = read(desk.ask("GET", METADATA))
    assert body["issuer"] == "http://mock.example"
    endpoints = [body[name] for name in body if name.endswith("_endpoint")]
    assert len(endpoints) == 4
    for url in endpoints:
        assert desk.tenancy.table.find(url.removeprefix("http://mock.example")) is not None
    assert body["authorization_response_iss_parameter_supported"] is True


def test_the_metadata_says_what_the_policies_allow(desk: Desk) -> None:
    body = read(desk.ask("GET", METADATA))
    assert body["grant_types_supported"] == [
        "authorization_code",
        "client_credentials",
        "refresh_token",
    ]
    assert body["response_types_supported"] == ["code"]
    assert body["code_challenge_methods_supported"] == ["S256"]
    desk.set(allow_password_grant=True, allow_implicit_grant=True, allow_plain_pkce=True)
    body = read(desk.ask("GET", METADATA))
    assert {"password", "implicit"} <= set(body["grant_types_supported"])
    assert body["response_types_supported"] == ["code", "token"]
    assert body["response_modes_supported"] == ["query", "fragment"]
    assert body["code_challenge_methods_supported"] == ["S256", "plain"]


def test_a_refusal_is_explained_by_its_correlation_id(desk: Desk) -> None:
    answer = post(desk, SERVER | {"grant_type": "magic"})
    why = desk.tenancy.whys.get(dict(answer.headers)["ININ-Correlation-Id"])
    assert why is not None
    assert (why["operation"], why["code"]) == ("postOauthToken", "unsupported_grant_type")


def test_what_an_sdk_relies_on_is_observed_and_the_rest_says_it_is_not() -> None:
    told = {row.id: row.evidence for row in oauth.OPERATIONS}
    assert told["postOauthToken"] is Evidence.OBSERVED
    assert told["postOauthRevoke"] is Evidence.ASSUMED
    assert all(row.access.public for row in oauth.OPERATIONS)


def test_the_document_tells_what_to_send() -> None:
    told = document(oauth.OPERATIONS, title="Offhook", version="0")
    schemas = told["components"]["schemas"]
    assert schemas["TokenForm"]["required"] == ["grant_type"]
    assert {"code", "code_verifier", "refresh_token", "scope"} <= set(
        schemas["TokenForm"]["properties"]
    )
    assert schemas["HeldTokenForm"]["required"] == ["token"]
    asked = told["paths"]["/oauth/authorize"]["get"]["parameters"]
    required = [param["name"] for param in asked if param["required"]]
    assert required == ["response_type", "client_id"]


def test_nothing_broke_inside(desk: Desk) -> None:
    for row in oauth.OPERATIONS:
        for body in (b"", b"\xff", b"&&==&", b"a" * 1000):
            desk.ask(row.method, row.path, body=body, headers={"Content-Type": FORM})
            desk.ask(row.method, row.path, query=body.decode(errors="replace"))
    assert desk.errors() == []
