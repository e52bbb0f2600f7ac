"""What can change the authorization server, as values for `Org.receive`."""

import msgspec

from offhook.domain.inputs import Input
from offhook.oauth.tokens import Token


class Minted(msgspec.Struct, frozen=True, kw_only=True):
    """A token fresh from the mint. `secret` leaves the mock in this answer only."""

    token: Token
    secret: str


class MintToken(Input[Minted], frozen=True, kw_only=True):
    """Control makes a token without any grant. `user` is an id, username or email."""

    user: str | None
    client_id: str | None = None
    scopes: frozenset[str] | None = None
    ttl_s: float | None = None


class ExpireToken(Input[None], frozen=True, kw_only=True):
    """Control lets a token expire now."""

    token_id: str


class RevokeToken(Input[None], frozen=True, kw_only=True):
    """Control revokes a token now."""

    token_id: str
