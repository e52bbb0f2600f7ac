"""All codes and tokens that were given out, in families.

A family is everything that stems from one authorization: its code, its access tokens, its
refresh tokens. Reuse of a code or of a replaced refresh token revokes the whole family.
"""

import heapq
from collections.abc import Callable

import msgspec

from offhook.domain.entropy import Entropy
from offhook.oauth.pkce import Challenge
from offhook.oauth.tokens import (
    RefreshToken,
    RevokedBecause,
    Token,
    TokenEnded,
    TokenStatus,
)
from offhook.policies import Policies

RETENTION_S = 86_400.0
"""How long a code or token is remembered after it expired, so that a refusal can explain."""


REMEMBERED = 50_000
"""The most codes and tokens that an org remembers. One more ends and forgets the one that would
expire first."""


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """One authorization: what whom was allowed. `scopes` is the most any token of it may have."""

    id: str
    client_id: str
    user_id: str | None
    scopes: frozenset[str]
    revoked_because: RevokedBecause | None = None


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code. `redirect_uri` is where it went."""

    id: str
    family_id: str
    redirect_uri: str
    redirect_named: bool
    """The request named the URI, so that the token request must name it too."""
    challenge: Challenge | None
    expires_at: float
    used: bool = False
    """Exchanged, or burnt by a wrong code verifier."""


class Ledger:
    """Gives out codes and tokens, and remembers them until `RETENTION_S` after their expiry."""

    def __init__(self, *, policies: Callable[[], Policies], entropy: Entropy) -> None:
        self._policies = policies
        self._entropy = entropy
        self._families: dict[str, Family] = {}
        self._members: dict[str, dict[tuple[str, str], None]] = {}
        """Kind and secret of what a family was given, oldest first."""
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Token] = {}
        self._access_ids: dict[str, str] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._live: set[str] = set()
        """Ids of access tokens whose end was not yet told."""
        self._expiries: list[tuple[float, str]] = []
        self._forgettable: list[tuple[float, str, str]] = []
        self._ended: list[TokenEnded] = []

    # Families.

    def open_family(self, *, client_id: str, user_id: str | None, scopes: frozenset[str]) -> Family:
        """A new authorization. The caller must give out a code or a token of it."""
        family = Family(
            id=self._entropy.id("family"), client_id=client_id, user_id=user_id, scopes=scopes
        )
        self._families[family.id] = family
        self._members[family.id] = {}
        return family

    def family(self, family_id: str) -> Family:
        """The family of a code or token that is still remembered."""
        return self._families[family_id]

    def revoke_family(self, family_id: str, because: RevokedBecause) -> None:
        """Revoke every token of the family, and let it have no more. Once is enough."""
        family = self._families[family_id]
        if family.revoked_because is not None:
            return
        self._families[family_id] = msgspec.structs.replace(family, revoked_because=because)
        for kind, secret in self._members[family_id]:
            if kind == "access":
                self.revoke_access(self._access_ids[secret], because)

    def revoke_user(self, user_id: str, because: RevokedBecause) -> None:
        """Revoke everything that a user was ever given."""
        for family in tuple(self._families.values()):
            if family.user_id == user_id:
                self.revoke_family(family.id, because)

    # Codes.

    def add_code(
        self,
        family: Family,
        *,
        redirect_uri: str,
        redirect_named: bool,
        challenge: Challenge | None,
        now: float,
    ) -> str:
        """Give out a code; returns its secret."""
        secret = self._entropy.secret("code")
        expires_at = now + self._policies().code_ttl_s
        self._codes[secret] = Code(
            id=self._entropy.id("code"),
            family_id=family.id,
            redirect_uri=redirect_uri,
            redirect_named=redirect_named,
            challenge=challenge,
            expires_at=expires_at,
        )
        self._remember(family.id, "code", secret, expires_at)
        return secret

    def code(self, secret: str) -> Code | None:
        """The code, used ones too."""
        return self._codes.get(secret)

    def use_code(self, secret: str) -> None:
        """From now on the code is used, for good or for nothing."""
        self._codes[secret] = msgspec.structs.replace(self._codes[secret], used=True)

    def knows(self, secret: str) -> bool:
        """Whether it is a code or a token that was given out and is remembered."""
        return secret in self._access_ids or secret in self._refresh or secret in self._codes

    # Access tokens.

    def add_access(
        self,
        family: Family,
        *,
        now: float,
        scopes: frozenset[str] | None = None,
        ttl_s: float | None = None,
    ) -> tuple[Token, str]:
        """Give out an access token; returns it and its secret. None means all scopes, policy."""
        ttl_s = self._policies().access_token_ttl_s if ttl_s is None else ttl_s
        secret = self._entropy.secret("access-token")
        token = Token(
            id=self._entropy.id("access-token"),
            user_id=family.user_id,
            client_id=family.client_id,
            scopes=family.scopes if scopes is None else scopes,
            issued_at=now,
            expires_at=now + ttl_s,
            family_id=family.id,
        )
        self._access[token.id] = token
        self._access_ids[secret] = token.id
        self._live.add(token.id)
        heapq.heappush(self._expiries, (token.expires_at, token.id))
        self._remember(family.id, "access", secret, token.expires_at)
        return token, secret

    def access(self, secret: str) -> Token | None:
        """The access token of this secret, one that has ended too."""
        token_id = self._access_ids.get(secret)
        return None if token_id is None else self._access[token_id]

    def access_by_id(self, token_id: str) -> Token | None:
        """The access token of this public id, one that has ended too."""
        return self._access.get(token_id)

    def all_access(self) -> tuple[Token, ...]:
        """All access tokens that are remembered, oldest first."""
        return tuple(self._access.values())

    def revoke_access(self, token_id: str, because: RevokedBecause) -> None:
        """Revoke one access token. Once is enough."""
        token = self._access[token_id]
        if token.revoked:
            return
        self._end(token_id, TokenStatus.REVOKED)
        self._access[token_id] = msgspec.structs.replace(
            token, revoked=True, revoked_because=because
        )

    def expire_access(self, token_id: str, *, now: float) -> None:
        """Let one access token expire now; one that has ended stays as it is."""
        token = self._access[token_id]
        if token.status(now=now) is TokenStatus.ACTIVE:
            self._access[token_id] = msgspec.structs.replace(token, expires_at=now)
            self._end(token_id, TokenStatus.EXPIRED)

    # Refresh tokens.

    def add_refresh(self, family: Family, *, now: float) -> RefreshToken:
        """Give out a refresh token."""
        refresh = RefreshToken(
            id=self._entropy.id("refresh-token"),
            secret=self._entropy.secret("refresh-token"),
            family_id=family.id,
            issued_at=now,
            expires_at=now + self._policies().refresh_token_ttl_s,
        )
        self._refresh[refresh.secret] = refresh
        self._remember(family.id, "refresh", refresh.secret, refresh.expires_at)
        return refresh

    def refresh(self, secret: str) -> RefreshToken | None:
        """The refresh token, one that was replaced too."""
        return self._refresh.get(secret)

    def refresh_status(self, refresh: RefreshToken, *, now: float) -> TokenStatus:
        """A replaced refresh token counts as revoked."""
        if refresh.replaced_at is not None or self._families[refresh.family_id].revoked_because:
            return TokenStatus.REVOKED
        return TokenStatus.EXPIRED if now >= refresh.expires_at else TokenStatus.ACTIVE

    def replace_refresh(self, refresh: RefreshToken, *, now: float) -> RefreshToken:
        """Put a new refresh token in the place of a live one."""
        assert refresh.replaced_at is None, "only a live refresh token is replaced"
        successor = self.add_refresh(self._families[refresh.family_id], now=now)
        self._refresh[refresh.secret] = msgspec.structs.replace(
            refresh, replaced_at=now, successor=successor.secret
        )
        return successor

    # Time.

    def next_deadline(self) -> float | None:
        """The earliest expiry of an access token whose end was not yet told."""
        while self._expiries:
            expires_at, token_id = self._expiries[0]
            if token_id in self._live:
                return expires_at
            heapq.heappop(self._expiries)
        return None

    def handle_timer(self, *, now: float) -> None:
        """Tell the ends that are due, and forget what ended long ago."""
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            self._end(self._expiries[0][1], TokenStatus.EXPIRED)
        self.forget(now=now)

    def take_ended(self) -> list[TokenEnded]:
        """The ends since the last time one asked."""
        ended, self._ended = self._ended, []
        return ended

    def forget(self, *, now: float) -> None:
        """Forget what expired more than `RETENTION_S` ago."""
        while self._forgettable and self._forgettable[0][0] <= now:
            _, kind, secret = heapq.heappop(self._forgettable)
            self._drop(kind, secret)

    def _end(self, token_id: str, why: TokenStatus) -> None:
        if token_id not in self._live:
            return
        self._live.remove(token_id)
        self._ended.append(TokenEnded(token_id=token_id, why=why))

    def _remember(self, family_id: str, kind: str, secret: str, expires_at: float) -> None:
        self._members[family_id][kind, secret] = None
        heapq.heappush(self._forgettable, (expires_at + RETENTION_S, kind, secret))
        if len(self._forgettable) > REMEMBERED:
            _, kind, secret = heapq.heappop(self._forgettable)
            if kind == "access":
                self._end(self._access_ids[secret], TokenStatus.REVOKED)
            self._drop(kind, secret)

    def _drop(self, kind: str, secret: str) -> None:
        if kind == "access":
            token_id = self._access_ids.pop(secret)
            family_id = self._access.pop(token_id).family_id
            self._live.discard(token_id)
        elif kind == "refresh":
            family_id = self._refresh.pop(secret).family_id
        else:
            family_id = self._codes.pop(secret).family_id
        assert family_id is not None, "what the ledger gave out has a family"
        del self._members[family_id][kind, secret]
        if not self._members[family_id]:
            del self._members[family_id], self._families[family_id]
