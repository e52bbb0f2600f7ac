"""What can change the authorization server, as values for `Org.receive`.

`Request…` comes from OAuth clients and is answered by a value even when it is refused
(`offhook.oauth.errors`); the others come from control and raise `DomainError`.
"""

import msgspec

from offhook.domain.inputs import Input
from offhook.oauth.errors import Refused
from offhook.oauth.parameters import Parameters
from offhook.oauth.tokens import RevokedBecause, Token

DEPRECATED = "The password grant is deprecated (RFC 9700 2.4): use authorization_code and PKCE."


class Minted(msgspec.Struct, frozen=True, kw_only=True):
    """A token fresh from the mint. `secret` leaves the mock in this answer only."""

    token: Token
    secret: str


class MintToken(Input[Minted], frozen=True, kw_only=True):
    """Control makes a token without any grant.

    `user` is an id, username or email; None makes a service token. `client_id` None is the
    first client of the org, `scopes` None all that the client may have, `ttl_s` None the
    policy `access_token_ttl_s`. Raises `DomainError` (400).
    """

    user: str | None
    client_id: str | None = None
    scopes: frozenset[str] | None = None
    ttl_s: float | None = None


class ExpireToken(Input[None], frozen=True, kw_only=True):
    """Control lets an access token expire now. Raises `DomainError` (404) for an unknown one."""

    token_id: str


class RevokeToken(Input[None], frozen=True, kw_only=True):
    """An access token is revoked now. Raises `DomainError` (404) for an unknown one."""

    token_id: str
    because: RevokedBecause = RevokedBecause.CONTROL


class RevokeUser(Input[None], frozen=True, kw_only=True):
    """Everything that a user was ever given is revoked now, refresh tokens too."""

    user_id: str


# What OAuth clients ask for.


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """How a client said who it is (RFC 6749 §2.3). `secret` is None when it gave none."""

    client_id: str
    secret: str | None = None
    by_header: bool = False
    """By `Authorization: Basic`, not in the form."""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A successful token request (RFC 6749 §5.1). `expires_in` in whole seconds."""

    token: Token
    secret: str
    expires_in: int
    refresh_secret: str | None = None
    warning: str | None = None
    """One sentence when the grant should no longer be used."""


class RequestToken(Input[Issued | Refused], frozen=True, kw_only=True):
    """`POST /oauth/token`."""

    parameters: Parameters
    presented: Presented

    def facts(self) -> dict[str, object]:
        """The grant and the client; the journal shall warn of deprecated grants."""
        grant = self.parameters.get("grant_type")
        facts: dict[str, object] = {"grant_type": grant, "client_id": self.presented.client_id}
        if grant == "password":
            facts["warning"] = DEPRECATED
        return facts


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """What a person answered on the login page."""

    username: str
    password: str
    denied: bool = False


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """The browser goes back to the client, with a code, a token or an error."""

    url: str


class AskLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A person must log in first. `problem` says what was wrong with the last try."""

    client_name: str
    parameters: Parameters
    """Of the authorization request, to be sent again with the login."""
    username: str = ""
    problem: str | None = None


class RequestAuthorization(Input[Redirect | AskLogin | Refused], frozen=True, kw_only=True):
    """`GET` or `POST /oauth/authorize`. `issuer` is the origin that the client used (RFC 9207)."""

    parameters: Parameters
    issuer: str
    login: Login | None = None

    def facts(self) -> dict[str, object]:
        """The client, what it asked for, and whether a person logged in."""
        return {
            "client_id": self.parameters.get("client_id"),
            "response_type": self.parameters.get("response_type"),
            "login": self.login is not None,
        }


class RequestRevocation(Input[Refused | None], frozen=True, kw_only=True):
    """`POST /oauth/revoke` (RFC 7009). None: it is revoked, or was never known."""

    parameters: Parameters
    presented: Presented

    def facts(self) -> dict[str, object]:
        """The client alone: the token in the form is a secret."""
        return {"client_id": self.presented.client_id}


class Introspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a good token stands for (RFC 7662 §2.2)."""

    token_id: str
    client_id: str
    user_id: str | None
    username: str | None
    scopes: frozenset[str]
    issued_at: float
    expires_at: float
    refresh: bool
    """It is a refresh token."""


class RequestIntrospection(Input[Introspection | Refused | None], frozen=True, kw_only=True):
    """`POST /oauth/introspect` (RFC 7662). None: the token is not active, whatever the reason."""

    parameters: Parameters
    presented: Presented

    def facts(self) -> dict[str, object]:
        """The client alone: the token in the form is a secret."""
        return {"client_id": self.presented.client_id}
