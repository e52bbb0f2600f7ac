"""What a request means, before anything is decided about it: place, credentials, device.

Faults look at this, so it is found out before the order of refusal begins. Nothing here refuses.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from offhook.api.exchange import Request
from offhook.api.operation import Operation
from offhook.api.table import DEVICE_PARAMETER, Bound, Place
from offhook.oauth.tokens import Token

if TYPE_CHECKING:
    from offhook.tenancy import Tenancy

SUBPROTOCOL = "bearer."
"""A browser cannot set headers on a WebSocket, so the token travels as `bearer.<token>`."""

_BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)
"""RFC 6750 §2.1; the scheme word is compared without case (RFC 9110 §11.1)."""

_OTHER_SCHEME = re.compile(r"(?!bearer\b)[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?: +.*)?", re.IGNORECASE)


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The bearer token of a request. At most one field is set; none when there is no token.

    An authentication scheme other than Bearer counts as no token (RFC 6750 §3: an unsupported
    method lacks authentication information), a malformed or repeated one as a problem (§3.1).
    """

    secret: str | None = None
    problem: str | None = None


NO_CREDENTIALS = Credentials()


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A request and what it means."""

    request: Request
    correlation_id: str
    arrived_at: float
    place: Place | None
    bound: Bound | None
    """None when the path or the method is unknown, and for OPTIONS."""
    path: Mapping[str, str]
    credentials: Credentials
    token: Token | None
    """The token that was sent, good or not."""
    device_id: str | None

    @property
    def operation(self) -> Operation | None:
        """The operation that was asked for, None when there is none."""
        return None if self.bound is None else self.bound.operation

    @property
    def token_id(self) -> str | None:
        """The public id of the token that was sent, None without a known one."""
        return None if self.token is None else self.token.id

    @property
    def target(self) -> str | None:
        """What a fault rule matches: the operation id, or `GET /a/path` where there is none.

        None for what no fault may hit: preflights, and the control API, which is how a user
        gets rid of faults. That an unknown path has a name lets a `reply` fault stand in for
        an operation that the mock does not model.
        """
        if self.bound is not None:
            return None if self.bound.control else self.bound.operation.id
        if self.request.method == "OPTIONS" or self.place is not None:
            return None
        return f"{self.request.method} {self.request.path}"


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a request's head means by itself, whatever the state of the org."""

    place: Place | None
    bound: Bound | None
    path: Mapping[str, str]
    credentials: Credentials
    device_id: str | None


def understand(tenancy: "Tenancy", request: Request) -> Meaning:
    """The meaning of a request's head; it stays true while the stubs are the same."""
    place, path = tenancy.find(request)
    bound = None
    if place is not None:
        bound = place.bound.get(request.method)
        if bound is None and request.method == "HEAD":
            bound = place.bound.get("GET")
    public = bound is None or bound.operation.access.public
    return Meaning(
        place=place,
        bound=bound,
        path=path,
        credentials=NO_CREDENTIALS if public else read_credentials(request),
        device_id=path.get(DEVICE_PARAMETER) if bound is not None and bound.on_device else None,
    )


def resolve(
    tenancy: "Tenancy",
    request: Request,
    *,
    now: float,
    correlation_id: str | None = None,
    meaning: Meaning | None = None,
) -> Resolved:
    """Find the place, the token and the device of a request. Never refuses, never changes state.

    A request that was held up on its way is resolved again, under the `correlation_id` that
    it has already. `meaning` is that of the same head, where it is known.
    """
    org = tenancy.org
    if meaning is None:
        meaning = understand(tenancy, request)
    secret = meaning.credentials.secret
    return Resolved(
        request=request,
        correlation_id=correlation_id or org.entropy.id("correlation"),
        arrived_at=now,
        place=meaning.place,
        bound=meaning.bound,
        path=meaning.path,
        credentials=meaning.credentials,
        token=None if secret is None else org.oauth.token(secret),
        device_id=meaning.device_id,
    )


def read_credentials(request: Request) -> Credentials:
    """The bearer token, from the one place where it may be."""
    if "access_token" in request.query and _in_query(request.query):
        return Credentials(
            problem="A token in the query is refused: send it as Authorization: Bearer <token>."
        )
    header = request.headers.get("authorization")
    offered = bearer_subprotocol(request)
    if header is not None and offered is not None:
        return Credentials(
            problem="The token is sent twice, in Authorization and as a subprotocol: send it once."
        )
    if offered is not None:
        return Credentials(secret=offered.removeprefix(SUBPROTOCOL))
    if header is None:
        return NO_CREDENTIALS
    found = _BEARER.fullmatch(header)
    if found is not None:
        return Credentials(secret=found[1])
    if _OTHER_SCHEME.fullmatch(header) is not None:
        return NO_CREDENTIALS
    return Credentials(
        problem="The Authorization header is malformed; it looks like Bearer <token>, once."
    )


def bearer_subprotocol(request: Request) -> str | None:
    """The offered WebSocket subprotocol that carries a token, whole; None when none does."""
    offered = request.headers.get("sec-websocket-protocol")
    if offered is None:
        return None
    for name in offered.split(","):
        if name.strip().startswith(SUBPROTOCOL):
            return name.strip()
    return None


def _in_query(query: str) -> bool:
    return any(name == "access_token" for name, _ in parse_qsl(query, keep_blank_values=True))
