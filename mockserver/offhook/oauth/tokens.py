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

    def status(self, *, now: float) -> TokenStatus:
        """Revoked wins over expired: it is what a person did."""
        if self.revoked:
            return TokenStatus.REVOKED
        return TokenStatus.EXPIRED if now >= self.expires_at else TokenStatus.ACTIVE
