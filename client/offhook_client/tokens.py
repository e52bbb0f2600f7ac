"""Grants: how a desk comes by its tokens."""

import msgspec


class GivenToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token from elsewhere. Nobody can refresh it: its end is `LoginRefusedError`."""

    access_token: str


class PasswordGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Resource owner password (RFC 6749 §4.3). Deprecated; here because the tutorial uses it."""

    username: str
    password: str
    client_id: str = "offhook-server"
    client_secret: str | None = None


class CodeGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Authorization code with PKCE S256 (RFC 7636), over the mock's no-page mode."""

    client_id: str = "offhook-desktop"
    client_secret: str | None = None
    redirect_uri: str = "http://127.0.0.1/callback"
    login_hint: str | None = None


class ServiceGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Client credentials (RFC 6749 §4.4). Such a token acts for nobody and cannot mute."""

    client_id: str
    client_secret: str


Grant = GivenToken | PasswordGrant | CodeGrant | ServiceGrant
