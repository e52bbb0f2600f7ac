"""Authlib as the client: somebody else's reading of the same RFCs, over real sockets.

Its `requests` client is used, because its httpx one warns of its own future.
"""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import msgspec
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from offhook.domain.inputs import PatchPolicies
from offhook.oauth.pkce import challenge_of
from offhook.settings import DEFAULT, ClientSettings
from offhook.threaded import ThreadedServer

BACK = "http://127.0.0.1:4000/back"
ODD = ClientSettings(id="odd: id+%", secret="s e+c:r%et/ü", scopes=frozenset({"user:read"}))
SETTINGS = msgspec.structs.replace(DEFAULT, clients=(*DEFAULT.clients, ODD))


@pytest.fixture
def mock() -> Iterator[ThreadedServer]:
    with ThreadedServer(SETTINGS, seed=1) as server:
        yield server
        assert server.errors == ()


@pytest.fixture
def metadata(mock: ThreadedServer) -> dict[str, Any]:
    found = requests.get(f"{mock.url}/.well-known/oauth-authorization-server", timeout=10).json()
    assert isinstance(found, dict)
    return found


@pytest.fixture
def public(metadata: dict[str, Any]) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        "offhook-desktop",
        token_endpoint_auth_method="none",
        code_challenge_method="S256",
        redirect_uri=BACK,
        token_endpoint=metadata["token_endpoint"],
    ) as session:
        yield session


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def confidential(
    request: pytest.FixtureRequest, metadata: dict[str, Any]
) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        "offhook-server",
        "offhook-secret",
        token_endpoint_auth_method=request.param,
        redirect_uri=BACK,
        token_endpoint=metadata["token_endpoint"],
    ) as session:
        yield session


def visit(url: str) -> str:
    """The browser follows the link; returns where it is sent back to."""
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def log_in(session: OAuth2Session, metadata: dict[str, Any], **more: str) -> dict[str, Any]:
    verifier = generate_token(128) if session.code_challenge_method else None
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, **more
    )
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=visit(url),
        state=state,
        code_verifier=verifier,
    )
    assert isinstance(token, dict)
    return token


def me(session: OAuth2Session, mock: ThreadedServer) -> str:
    answer = session.get(f"{mock.url}/api/v2/users/me", timeout=10)
    assert answer.status_code == 200, answer.text
    name = answer.json()["username"]
    assert isinstance(name, str)
    return name


def test_the_metadata_satisfies_authlib(metadata: dict[str, Any]) -> None:
    # RFC 8414 asks for https, which a mock on loopback does without; all else must hold.
    secured = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value
        for name, value in metadata.items()
    }
    AuthorizationServerMetadata(secured).validate()


def test_authlib_makes_the_challenge_that_we_make() -> None:
    for length in (43, 64, 128):
        verifier = generate_token(length)
        assert create_s256_code_challenge(verifier) == challenge_of(verifier)


def test_code_with_pkce_then_a_refresh(
    public: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    first = log_in(public, metadata, login_hint="second")
    assert me(public, mock) == "second"
    second = public.refresh_token(metadata["token_endpoint"])
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert me(public, mock) == "second"


def test_a_confidential_client_logs_in_without_pkce(
    confidential: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    assert log_in(confidential, metadata)["refresh_token"]
    assert me(confidential, mock) == "agent"


def test_a_token_that_expired_is_refreshed_by_itself(
    public: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    # Under Authlib's leeway of 60 s each token counts as expired at once.
    mock.receive(PatchPolicies(changes={"access_token_ttl_s": 30}))
    first = log_in(public, metadata)
    assert me(public, mock) == "agent"
    assert public.token["access_token"] != first["access_token"]


def test_the_issuer_in_the_redirect_is_the_metadatas(
    public: OAuth2Session, metadata: dict[str, Any]
) -> None:
    url, _ = public.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=generate_token(43)
    )
    carried = dict(parse_qsl(urlsplit(visit(url)).query))
    assert carried["iss"] == metadata["issuer"]


def test_a_replayed_refresh_token_is_an_error_and_logs_out(
    public: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    first = log_in(public, metadata)
    public.refresh_token(metadata["token_endpoint"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        public.refresh_token(metadata["token_endpoint"], refresh_token=first["refresh_token"])
    assert public.get(f"{mock.url}/api/v2/users/me", timeout=10).status_code == 401


def test_client_credentials(
    confidential: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    token = confidential.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    assert "refresh_token" not in token
    assert confidential.get(f"{mock.url}/api/v2/users/me", timeout=10).status_code == 400


def test_the_password_grant_behind_its_switch(
    confidential: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    login = {"username": "agent", "password": "agent-password"}
    with pytest.raises(OAuthError, match="unauthorized_client"):
        confidential.fetch_token(metadata["token_endpoint"], **login)
    mock.receive(PatchPolicies(changes={"allow_password_grant": True}))
    confidential.fetch_token(metadata["token_endpoint"], **login)
    assert me(confidential, mock) == "agent"


def test_implicit_behind_its_switch(
    public: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    mock.receive(PatchPolicies(changes={"allow_implicit_grant": True}))
    url, state = public.create_authorization_url(
        metadata["authorization_endpoint"], response_type="token"
    )
    token = public.token_from_fragment(visit(url), state=state)
    assert token["token_type"] == "bearer"
    assert me(public, mock) == "agent"


def test_introspect_then_revoke(
    confidential: OAuth2Session, metadata: dict[str, Any], mock: ThreadedServer
) -> None:
    token = log_in(confidential, metadata)
    endpoint = metadata["introspection_endpoint"]
    found = confidential.introspect_token(endpoint, token=token["access_token"]).json()
    assert (found["active"], found["username"]) == (True, "agent")
    hint = {"token_type_hint": "refresh_token"}
    found = confidential.introspect_token(endpoint, token=token["refresh_token"], **hint).json()
    assert found["active"]
    for _ in range(2):
        answer = confidential.revoke_token(
            metadata["revocation_endpoint"], token=token["refresh_token"], **hint
        )
        assert answer.status_code == 200
    found = confidential.introspect_token(endpoint, token=token["access_token"]).json()
    assert found == {"active": False}
    assert confidential.get(f"{mock.url}/api/v2/users/me", timeout=10).status_code == 401


def test_a_wrong_secret_is_an_invalid_client(metadata: dict[str, Any]) -> None:
    with (
        OAuth2Session("offhook-server", "wrong") as session,
        pytest.raises(OAuthError, match="invalid_client"),
    ):
        session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")


def test_an_id_and_a_secret_of_odd_characters(metadata: dict[str, Any]) -> None:
    # RFC 6749 §2.3.1 has both form-encoded inside Basic, which Authlib leaves to its caller.
    pair = f"{quote_plus(ODD.id)}:{quote_plus(ODD.secret or '')}"
    answer = requests.post(
        metadata["token_endpoint"],
        data={"grant_type": "client_credentials"},
        headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "user:read"
