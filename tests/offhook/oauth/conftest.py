"""An authorization server on a desk: its policies and its time are turned by hand."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from offhook.domain.entropy import Entropy
from offhook.domain.users import Users
from offhook.oauth.errors import ErrorCode, Refused
from offhook.oauth.inputs import (
    AskLogin,
    Introspection,
    Issued,
    Login,
    Presented,
    Redirect,
    RequestAuthorization,
    RequestIntrospection,
    RequestRevocation,
    RequestToken,
)
from offhook.oauth.parameters import Parameters
from offhook.oauth.server import AuthorizationServer
from offhook.policies import Policies
from offhook.settings import DEFAULT, ClientSettings, Grant

SETTINGS = msgspec.structs.replace(
    DEFAULT,
    clients=(
        *DEFAULT.clients,
        ClientSettings(id="other", secret="other-secret"),
        ClientSettings(
            id="registered",
            redirect_uris=("https://desk.example/back?a=1", "http://127.0.0.1/back"),
        ),
        ClientSettings(
            id="narrow",
            secret="narrow-secret",
            grants=frozenset({Grant.CLIENT_CREDENTIALS}),
            scopes=frozenset({"user:read"}),
        ),
    ),
)

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BACK = "http://127.0.0.1:4000/back"

SECRETS = {client.id: client.secret for client in SETTINGS.clients}


class Desk:
    """The server, and the shortest ways to ask it."""

    verifier = VERIFIER
    challenge = CHALLENGE
    back = BACK

    def __init__(self) -> None:
        self.now = 1_000.0
        self.policies = Policies()
        entropy = Entropy(7)
        self.users = Users(SETTINGS, entropy=entropy)
        self.server = AuthorizationServer(
            SETTINGS, users=self.users, policies=lambda: self.policies, entropy=entropy
        )

    def set(self, **policies: Any) -> None:
        self.policies = msgspec.structs.replace(self.policies, **policies)

    def who(self, client: str) -> Presented:
        return Presented(client_id=client, secret=SECRETS.get(client))

    def authorize(
        self, login: Login | None = None, /, **changes: str | None
    ) -> Redirect | AskLogin | Refused:
        """A good request of the public client, with `changes`; None leaves one out."""
        asked = {
            "response_type": "code",
            "client_id": "offhook-desktop",
            "redirect_uri": BACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "s t&a=te",
        } | changes
        parameters = Parameters({name: value for name, value in asked.items() if value})
        item = RequestAuthorization(
            parameters=parameters, issuer="http://mock.example", login=login
        )
        return self.server.receive(item, now=self.now)

    def carried(self, login: Login | None = None, /, **changes: str | None) -> dict[str, str]:
        """What the redirect of such a request carries."""
        answer = self.authorize(login, **changes)
        assert isinstance(answer, Redirect), answer
        parts = urlsplit(answer.url)
        return dict(parse_qsl(parts.fragment or parts.query))

    def code(self, **changes: str | None) -> str:
        return self.carried(**changes)["code"]

    def token(self, client: str, **parameters: str) -> Issued | Refused:
        item = RequestToken(parameters=Parameters(parameters), presented=self.who(client))
        return self.server.receive(item, now=self.now)

    def issued(self, client: str, **parameters: str) -> Issued:
        answer = self.token(client, **parameters)
        assert isinstance(answer, Issued), answer
        return answer

    def refused(self, client: str, **parameters: str) -> ErrorCode:
        answer = self.token(client, **parameters)
        assert isinstance(answer, Refused), answer
        return answer.error

    def exchange(self, code: str, **changes: str) -> dict[str, str]:
        """The parameters that exchange a code of `authorize`."""
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        } | changes

    def logged_in(self) -> Issued:
        """The tokens of the public client after code and PKCE."""
        return self.issued("offhook-desktop", **self.exchange(self.code()))

    def refresh(self, secret: str, **more: str) -> dict[str, str]:
        return {"grant_type": "refresh_token", "refresh_token": secret, **more}

    def revoke(self, client: str, secret: str) -> Refused | None:
        item = RequestRevocation(
            parameters=Parameters({"token": secret}), presented=self.who(client)
        )
        return self.server.receive(item, now=self.now)

    def introspect(self, client: str, secret: str) -> Introspection | Refused | None:
        item = RequestIntrospection(
            parameters=Parameters({"token": secret}), presented=self.who(client)
        )
        return self.server.receive(item, now=self.now)

    def good(self, issued: Issued) -> bool:
        """Whether the access token is good now."""
        token = self.server.token(issued.secret)
        return token is not None and token.status(now=self.now) == "active"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def make_desk() -> type[Desk]:
    """For properties, which need a fresh desk for each example."""
    return Desk
