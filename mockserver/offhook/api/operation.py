"""The table of operations: router, OpenAPI document, access rules and tests all read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from offhook.api.exchange import Answer, Request
from offhook.domain.evidence import Evidence
from offhook.domain.views import DeviceView
from offhook.oauth.tokens import Token

if TYPE_CHECKING:
    from offhook.tenancy import Tenancy


class Dialect(StrEnum):
    """Which API an operation belongs to. `--dialect` chooses among the first two."""

    TUTORIAL = "tutorial"
    PLATFORM = "platform"
    OAUTH = "oauth"
    CONTROL = "control"


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Who may call an operation. Checked in the one order of refusal, never by a handler."""

    public: bool = False
    """No token is looked at."""
    scope: str | None = None
    permission: str | None = None
    owner: bool = False
    """The device in the path must belong to the token's user; a service token owns nothing."""
    service: bool = False
    """A service token may all the same: it acts for the org, and changes nothing here."""
    user: bool = False
    """Needs the context of a user, which a service token has not: 400."""
    counted: bool = True
    """Counts against the limits: of its token; a public form, of the OAuth client it names."""


class Param(msgspec.Struct, frozen=True, kw_only=True):
    """A path, query or header parameter. `schema` is JSON Schema, also used to check the value."""

    name: str
    where: str
    """`path`, `query` or `header`."""
    schema: Mapping[str, Any]
    meaning: str
    required: bool = False
    checked: bool = True
    """False: it is only described; the handler reads it and answers a wrong one its own way."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A status that an operation may answer, for the document and for the assertion."""

    meaning: str
    body: Any = None
    """A msgspec type, or None for an empty body."""
    media: tuple[str, ...] = ()
    """Content types besides JSON, for those who ask for them."""
    headers: tuple[str, ...] = ()
    identifies: Mapping[str, str] = {}
    """Path parameters that this body fills in elsewhere, each with its place in it as a JSON
    pointer (RFC 6901): the document's links."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. Error statuses common to all are added by the table, not here."""

    id: str
    method: str
    path: str
    """A template, e.g. `/api/v2/webrtc/clients/{clientId}`."""
    summary: str
    dialects: frozenset[Dialect]
    access: Access = Access()
    params: tuple[Param, ...] = ()
    body: Any = None
    """A msgspec type for a JSON body; None when the operation takes none."""
    form: Any = None
    """A msgspec type that describes the fields of an `application/x-www-form-urlencoded` body,
    which reaches the handler undecoded; None when the operation takes no form."""
    outcomes: Mapping[int, Outcome]
    handler: Callable[[Call], Answer]
    evidence: Evidence


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler is given: everything is decoded, checked and allowed already."""

    operation: Operation
    request: Request
    path: Mapping[str, str]
    """Path parameters, percent-decoded."""
    query: Mapping[str, str]
    body: Any
    """An instance of `operation.body`, or None."""
    token: Token | None
    """None exactly for public operations."""
    tenancy: Tenancy
    now: float
    correlation_id: str
    device: DeviceView | None = None
    """The device that the path names, as it was when the order of refusal looked."""
