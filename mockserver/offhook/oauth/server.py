"""The authorization server of an org: one object, one door, no clock of its own."""

import re
import string
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import Input
from offhook.oauth.authorize import authorize
from offhook.oauth.clients import Clients, require_grant
from offhook.oauth.directory import Directory
from offhook.oauth.errors import ErrorCode, OAuthError, Refused
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.grants.table import GRANTS
from offhook.oauth.inputs import (
    AskLogin,
    ExpireToken,
    Introspection,
    Issued,
    Minted,
    MintToken,
    Redirect,
    RequestAuthorization,
    RequestIntrospection,
    RequestRevocation,
    RequestToken,
    RevokeToken,
    RevokeUser,
)
from offhook.oauth.ledger import Ledger
from offhook.oauth.tokens import RevokedBecause, Token, TokenEnded, TokenStatus
from offhook.policies import Policies
from offhook.settings import OrgSettings

R = TypeVar("R")

MAX_TTL_S = 31_536_000.0


_LONG = 43
"""A secret of the ledger has at least so many letters, digits, `_` and `-`, one after the other."""
_SECRET = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{_LONG},}}")
_LETTERS = frozenset((string.ascii_letters + string.digits + "_-").encode())
_RUNS = bytes(ord("s") if byte in _LETTERS else ord(" ") for byte in range(256))
_LONG_RUN = b"s" * _LONG
"""What a secret is once its bytes are translated by `_RUNS`: found so, most texts are cleared in
a tenth of the time that the pattern takes."""
_HIDDEN = "[redacted]"


class AuthorizationServer:
    """Gives out tokens and says what they stand for.

    `receive` answers a `Request…` by a value, `Refused` when OAuth refuses it: a refused
    request may have changed something, which a raised error must not. Inputs of control raise
    `DomainError` with nothing changed. After any of these, and after `handle_timer`, the
    caller asks `take_ended` for the tokens whose sockets must be dealt with.
    """

    def __init__(
        self,
        settings: OrgSettings,
        *,
        users: Directory,
        policies: Callable[[], Policies],
        entropy: Entropy,
    ) -> None:
        self.clients = Clients(settings.clients)
        self._users = users
        self._policies = policies
        self._ledger = Ledger(policies=policies, entropy=entropy)

    # The contract of everything that lives in time.

    def receive(self, item: Input[R], *, now: float) -> R:
        """Take one input of `offhook.oauth.inputs`."""
        self._ledger.handle_timer(now=now)
        answer: Any
        try:
            answer = self._HANDLERS[type(item)](self, item, now)
        except OAuthError as error:
            answer = Refused.of(error)
        return cast("R", answer)

    def next_deadline(self) -> float | None:
        """The earliest expiry of an access token."""
        return self._ledger.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """Let expire what is due, and forget what expired long ago."""
        self._ledger.handle_timer(now=now)
        deadline = self._ledger.next_deadline()
        assert deadline is None or deadline > now, "a met deadline has passed"

    def take_ended(self) -> list[TokenEnded]:
        """The access tokens that ended since the last time one asked."""
        return self._ledger.take_ended()

    # What others may know.

    def token(self, secret: str) -> Token | None:
        """The access token of this secret; ended ones for a day, so that refusals explain."""
        return self._ledger.access(secret)

    def hide(self, text: str) -> str:
        """The text without the tokens and codes of this org, which people put everywhere."""
        if _LONG_RUN not in text.encode(errors="replace").translate(_RUNS):
            return text
        return _SECRET.sub(
            lambda found: _HIDDEN if self._ledger.knows(found[0]) else found[0], text
        )

    def token_by_id(self, token_id: str) -> Token | None:
        """The access token of this public id."""
        return self._ledger.access_by_id(token_id)

    def tokens(self) -> tuple[Token, ...]:
        """All access tokens that are remembered, oldest first."""
        return self._ledger.all_access()

    # What control asks for.

    def _mint(self, item: MintToken, now: float) -> Minted:
        first = next(iter(self.clients), None)
        client = first if item.client_id is None else self.clients.find(item.client_id)
        if client is None:
            raise DomainError("invalid.value", f"There is no OAuth client {item.client_id}.")
        user = None if item.user is None else self._users.find(item.user)
        if item.user is not None and user is None:
            raise DomainError(
                "invalid.value", f"There is no user of the id, username or email {item.user}."
            )
        if item.ttl_s is not None and not 0 <= item.ttl_s <= MAX_TTL_S:
            raise DomainError(
                "invalid.value", f"ttl_s is {item.ttl_s}; it must be 0 to {MAX_TTL_S:.0f}."
            )
        family = self._ledger.open_family(
            client_id=client.id,
            user_id=None if user is None else user.id,
            scopes=client.scopes if item.scopes is None else item.scopes,
        )
        token, secret = self._ledger.add_access(family, ttl_s=item.ttl_s, now=now)
        return Minted(token=token, secret=secret)

    def _expire(self, item: ExpireToken, now: float) -> None:
        self._ledger.expire_access(self._known(item.token_id).id, now=now)

    def _revoke(self, item: RevokeToken, _now: float) -> None:
        self._ledger.revoke_access(self._known(item.token_id).id, item.because)

    def _revoke_user(self, item: RevokeUser, _now: float) -> None:
        self._ledger.revoke_user(item.user_id, RevokedBecause.DELETED)

    def _known(self, token_id: str) -> Token:
        token = self._ledger.access_by_id(token_id)
        if token is None:
            raise DomainError("not.found", f"There is no access token of the id {token_id}.")
        return token

    # What OAuth clients ask for. An `OAuthError` becomes `Refused` in `receive`.

    def _request_token(self, item: RequestToken, now: float) -> Issued:
        client = self.clients.authenticate(item.presented)
        named = item.parameters.require("grant_type")
        grant = next((grant for grant in GRANTS if grant == named), None)
        if grant is None:
            raise OAuthError(
                ErrorCode.UNSUPPORTED_GRANT_TYPE,
                f"There is no grant {named} here; there are {', '.join(GRANTS)}.",
            )
        require_grant(client, grant)
        call = GrantCall(
            client=client,
            parameters=item.parameters,
            ledger=self._ledger,
            users=self._users,
            policies=self._policies(),
            now=now,
        )
        return GRANTS[grant](call)

    def _request_authorization(self, item: RequestAuthorization, now: float) -> Redirect | AskLogin:
        return authorize(
            item,
            clients=self.clients,
            ledger=self._ledger,
            users=self._users,
            policies=self._policies(),
            now=now,
        )

    def _request_revocation(self, item: RequestRevocation, _now: float) -> None:
        """RFC 7009 §2.1: a refresh token takes its family with it, an access token only itself."""
        client = self.clients.authenticate(item.presented)
        secret = item.parameters.require("token")
        access, refresh = self._ledger.access(secret), self._ledger.refresh(secret)
        owner = access.client_id if access else None
        if refresh is not None:
            owner = self._ledger.family(refresh.family_id).client_id
        if owner not in {None, client.id}:
            raise OAuthError(
                ErrorCode.INVALID_GRANT,
                f"The token was given to another client than {client.id}.",
            )
        if access is not None:
            self._ledger.revoke_access(access.id, RevokedBecause.CLIENT)
        if refresh is not None:
            self._ledger.revoke_family(refresh.family_id, RevokedBecause.CLIENT)

    def _request_introspection(
        self, item: RequestIntrospection, now: float
    ) -> Introspection | None:
        client = self.clients.authenticate(item.presented)
        if client.secret is None:
            raise OAuthError(
                ErrorCode.INVALID_CLIENT,
                f"Client {client.id} is public: introspection is for clients with a secret.",
                challenge=item.presented.by_header,
            )
        return self._introspect(item.parameters.require("token"), now=now)

    def _introspect(self, secret: str, *, now: float) -> Introspection | None:
        access, refresh = self._ledger.access(secret), self._ledger.refresh(secret)
        if access is not None and access.status(now=now) is TokenStatus.ACTIVE:
            token_id, scopes = access.id, access.scopes
            user_id, client_id = access.user_id, access.client_id
            issued_at, expires_at = access.issued_at, access.expires_at
        elif (
            refresh is not None
            and self._ledger.refresh_status(refresh, now=now) is TokenStatus.ACTIVE
        ):
            family = self._ledger.family(refresh.family_id)
            token_id, scopes = refresh.id, family.scopes
            user_id, client_id = family.user_id, family.client_id
            issued_at, expires_at = refresh.issued_at, refresh.expires_at
        else:
            return None
        user = None if user_id is None else self._users.find(user_id)
        return Introspection(
            token_id=token_id,
            client_id=client_id,
            user_id=user_id,
            username=None if user is None else user.username,
            scopes=scopes,
            issued_at=issued_at,
            expires_at=expires_at,
            refresh=access is None,
        )

    _HANDLERS: ClassVar[dict[type[Input[Any]], Callable[[Any, Any, float], Any]]] = {
        MintToken: _mint,
        ExpireToken: _expire,
        RevokeToken: _revoke,
        RevokeUser: _revoke_user,
        RequestToken: _request_token,
        RequestAuthorization: _request_authorization,
        RequestRevocation: _request_revocation,
        RequestIntrospection: _request_introspection,
    }
