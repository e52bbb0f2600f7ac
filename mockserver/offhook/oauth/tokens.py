"""Access tokens, as the org remembers them.

The secret is what the client sends; everything else of the mock, its logs, faults and
journal knows a token by its public `id` only.
"""

from enum import StrEnum

import msgspec


class TokenStatus(StrEnum):
    """Whether a token is good, and if not, why."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class RevokedBecause(StrEnum):
    """What a person or a client did that revoked a token."""

    CONTROL = "control"
    """The control API was told to."""
    CLIENT = "client"
    """The client gave it up (RFC 7009)."""
    DELETED = "deleted"
    """`DELETE /api/v2/tokens/…` asked for it (wire contract §3)."""
    CODE_REUSE = "code-reuse"
    """Its authorization code came a second time (RFC 6749 §4.1.2)."""
    REFRESH_REUSE = "refresh-reuse"
    """A replaced refresh token of its family came again (RFC 9700 §4.14.2)."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token at one moment. Times in seconds since the Unix epoch, on the org's clock."""

    id: str
    user_id: str | None
    """None: a service token (RFC 6749 §4.4), which acts for nobody."""
    client_id: str
    scopes: frozenset[str]
    issued_at: float
    expires_at: float
    revoked: bool = False
    revoked_because: RevokedBecause | None = None
    family_id: str | None = None
    """All tokens that stem from one authorization are one family, and are revoked together."""

    def status(self, *, now: float) -> TokenStatus:
        """Revoked wins over expired: it is what a person did."""
        if self.revoked:
            return TokenStatus.REVOKED
        return TokenStatus.EXPIRED if now >= self.expires_at else TokenStatus.ACTIVE


class TokenEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An access token that was good is no longer. `why` is `expired` or `revoked`."""

    token_id: str
    why: TokenStatus


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token at one moment; it carries its family's client, user and scopes."""

    id: str
    secret: str
    family_id: str
    issued_at: float
    expires_at: float
    replaced_at: float | None = None
    """When a refresh put another one in its place."""
    successor: str | None = None
    """The secret of the other one, kept so that a lost answer can be repeated in the grace."""
