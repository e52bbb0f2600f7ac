"""What the journal keeps of an exchange: what was asked and answered, and no secret."""

import re

import msgspec
from msgspec import UNSET, UnsetType

from offhook.api.exchange import FIRST_ERROR, SWITCHING, Answer, Request, Response
from offhook.api.resolve import Resolved
from offhook.tenancy import Tenancy

_SECRETS = re.compile(r"token|secret|password|assertion|verifier|code=", re.IGNORECASE)
_SHOWN_BODY = 1024
_SHOWN_KEY = 64
_REDACTED = "[redacted]"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of an exchange, in the journal's names."""

    arrived_at: float
    method: str
    path: str
    query: str
    body: str | None
    operation: str | None
    status: int
    correlation_id: str
    token_id: str | None
    device_id: str | None
    idempotency_key: str | UnsetType = UNSET
    """This and the next two tell a repeat of a request from a new one."""
    intent: str | UnsetType = UNSET
    if_match: str | UnsetType = UNSET
    retry_after: str | UnsetType = UNSET
    """When a repeat was asked for, in whatever form."""
    step: str | UnsetType = UNSET
    """The step of refusal that answered."""
    fault: str | UnsetType = UNSET
    """The rule that answered instead."""


def status_of(answer: Answer) -> int:
    """The status of an answer; what is no response becomes a socket."""
    return answer.status if isinstance(answer, Response) else SWITCHING


def record_exchange(
    tenancy: Tenancy,
    resolved: Resolved,
    answer: Answer,
    *,
    now: float,
    step: str | UnsetType = UNSET,
    fault: str | UnsetType = UNSET,
) -> None:
    """Write the exchange down, once, when it is answered."""
    request, bound, token = resolved.request, resolved.bound, resolved.token
    operation = None if bound is None else bound.operation
    headers, status = request.headers, status_of(answer)
    key, intent = headers.get("idempotency-key"), headers.get("offhook-intent")
    match = headers.get("if-match")
    seen = Seen(
        arrived_at=resolved.arrived_at,
        method=request.method,
        path=request.path,
        query=_shown(request.query),
        body=_shown_body(request, form=operation is not None and operation.form is not None),
        operation=None if operation is None else operation.id,
        status=status,
        correlation_id=resolved.correlation_id,
        token_id=None if token is None else token.id,
        device_id=resolved.device_id,
        idempotency_key=UNSET if key is None else key[:_SHOWN_KEY],
        intent=UNSET if intent is None else intent[:_SHOWN_KEY],
        if_match=UNSET if match is None else match[:_SHOWN_KEY],
        retry_after=_retry_after(answer) if status >= FIRST_ERROR else UNSET,
        step=step,
        fault=fault,
    )
    foreign = status >= FIRST_ERROR or bool(request.query) or key is not None
    tenancy.org.journal.write("exchange", seen, at=now, foreign=foreign)


def shown_path(tenancy: Tenancy, path: str, status: int) -> str:
    """The path for logs and explanations: that of a refused request may hold a token."""
    return path if status < FIRST_ERROR else tenancy.org.oauth.hide(path)


def _retry_after(answer: Answer) -> str | UnsetType:
    assert isinstance(answer, Response), "a socket is no refusal"
    return dict(answer.headers).get("Retry-After", UNSET)


def _shown(text: str) -> str:
    """What the journal keeps of it: nothing when it may hold a secret."""
    return _REDACTED if text and _SECRETS.search(text) else text


def _shown_body(request: Request, *, form: bool) -> str | None:
    if not request.body:
        return None
    if form:
        return _REDACTED
    return _shown(request.body[:_SHOWN_BODY].decode(errors="replace"))
