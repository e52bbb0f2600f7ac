"""From a resolved request to its answer: the order of refusal, then the handler, then the record.

Whatever happens inside, there is an answer: a refusal in the platform's words, or a 500 whose
traceback stays in the journal.
"""

import traceback
from collections.abc import Callable
from typing import Any

import msgspec

from offhook.api.answer import stamp
from offhook.api.exchange import FIRST_ERROR, Advance, Answer, Response
from offhook.api.headers import with_common
from offhook.api.order import ORDER, Exchange
from offhook.api.recording import record_exchange, status_of
from offhook.api.refusal import error_code, refusal_answer, reply_answer
from offhook.api.resolve import Resolved
from offhook.domain.errors import DomainError
from offhook.faults.verdicts import Reply
from offhook.tenancy import Tenancy


def apply(tenancy: Tenancy, resolved: Resolved, *, now: float) -> Answer:
    """Answer a request. Never raises; the exchange is in the journal when this returns.

    An `Advance` is recorded once its `then` was called.
    """
    # A timer may be late, and reads pass no input that would make time pass.
    due = tenancy.next_deadline()
    if due is not None and due <= now:
        tenancy.handle_timer(now=now)
    x = Exchange(tenancy, resolved, now=now)
    return _conclude(x, lambda: _walk(x))


def faulted(tenancy: Tenancy, resolved: Resolved, verdict: Reply, *, now: float) -> Response:
    """The answer of a `reply` fault: the order of refusal is not asked, nothing takes effect."""
    response = reply_answer(verdict, resolved.correlation_id, now=now)
    if response.status >= FIRST_ERROR:
        code = error_code(response)
        _explain(
            tenancy,
            resolved,
            now=now,
            step=None,
            told={"status": response.status, "code": code, "fault": verdict.rule_id},
            advice=f"Fault rule {verdict.rule_id} answered; without it the request would have "
            "been looked at.",
        )
    record_exchange(tenancy, resolved, response, now=now, fault=verdict.rule_id)
    return _finished(resolved, response)


def _walk(x: Exchange) -> Answer:
    for step in x.steps:
        x.step = step
        answer = step.check(x)
        if answer is not None:
            return answer
    raise AssertionError("the last step answers")


def _conclude(x: Exchange, produce: Callable[[], Answer]) -> Answer:
    try:
        try:
            answer = produce()
        except DomainError as error:
            answer = _refused(x, error)
        _assert_declared(x, answer)
    except Exception as error:  # noqa: BLE001 - whatever broke, the client gets an answer.
        answer = _broken(x, error)
    if isinstance(answer, Advance):
        return _then(x, answer)
    record_exchange(x.tenancy, x.resolved, answer, now=x.now, step=x.step.name)
    if not isinstance(answer, Response):
        return answer
    if x.rate:
        answer = msgspec.structs.replace(answer, headers=answer.headers + x.rate)
    return _finished(x.resolved, answer)


def _then(x: Exchange, advance: Advance) -> Advance:
    def then() -> Response:
        answer = _conclude(x, advance.then)
        assert isinstance(answer, Response), "what follows an Advance is a Response"
        return answer

    return Advance(seconds=advance.seconds, then=then)


def _assert_declared(x: Exchange, answer: Answer) -> None:
    """An operation answers only what its row of the table says, or the document would lie."""
    bound = x.resolved.bound
    if bound is None or isinstance(answer, Advance):
        return
    status = status_of(answer)
    assert status in bound.statuses, (
        f"{bound.operation.id} answered {status}, which its outcomes do not declare"
    )


def _finished(resolved: Resolved, response: Response) -> Response:
    return Response(
        status=response.status,
        headers=with_common(response.headers, resolved.correlation_id),
        # RFC 9110 §9.3.2: as GET, without content.
        body=b"" if resolved.request.method == "HEAD" else response.body,
    )


def _refused(x: Exchange, error: DomainError) -> Response:
    _explain(
        x.tenancy,
        x.resolved,
        now=x.now,
        step=x.step.name,
        told={
            "status": error.status,
            "code": error.code,
            "message": error.message,
            "facts": error.facts,
        },
        advice=x.step.advice,
    )
    return refusal_answer(error, x.resolved.correlation_id)


def _broken(x: Exchange, error: Exception) -> Response:
    """A 500. The reason is for whoever reads the journal, never for the client."""
    operation = x.resolved.operation
    x.tenancy.org.journal.record(
        "error",
        at=x.now,
        operation=None if operation is None else operation.id,
        correlation_id=x.resolved.correlation_id,
        step=x.step.name,
        error=f"{type(error).__name__}: {error}",
        traceback="".join(traceback.format_exception(error)),
    )
    return refusal_answer(DomainError("internal.server.error"), x.resolved.correlation_id)


def _explain(
    tenancy: Tenancy,
    resolved: Resolved,
    *,
    now: float,
    step: str | None,
    told: dict[str, Any],
    advice: str,
) -> None:
    request, operation, token = resolved.request, resolved.operation, resolved.token
    device = None if resolved.device_id is None else tenancy.org.device(resolved.device_id)
    explanation = {
        "contextId": resolved.correlation_id,
        "at": stamp(now),
        "fault": None,
        **told,
        "step": step,
        "order": [row.name for row in ORDER],
        "right": advice,
        "request": {
            "method": request.method,
            "path": request.path,
        },
        "operation": None if operation is None else operation.id,
        "token": None
        if token is None
        else {
            "id": token.id,
            "userId": token.user_id,
            "oauthClientId": token.client_id,
            "scopes": sorted(token.scopes),
            "status": token.status(now=now).value,
            "expiresAt": stamp(token.expires_at),
        },
        "device": None
        if device is None
        else {
            "id": device.id,
            "status": device.status.value,
            "muted": device.muted,
            "forced": device.forced,
            "version": None if device.version is None else str(device.version),
        },
        "clock": {
            "now": now,
            "mode": tenancy.clock.mode,
            "speed": tenancy.clock.speed,
            "paused": tenancy.clock.paused,
        },
    }
    # The client's own words are among these, and people put tokens everywhere.
    told_of = msgspec.json.decode(tenancy.org.oauth.hide(msgspec.json.encode(explanation).decode()))
    tenancy.whys.put(resolved.correlation_id, told_of)
