"""Refusals as the platform writes them: one error body, and the headers that belong to it."""

from email.utils import formatdate

import msgspec
from msgspec import UNSET

from offhook.api.answer import JSON, json_answer
from offhook.api.exchange import FIRST_ERROR, Response
from offhook.api.schemas import ErrorBody, ErrorDetail
from offhook.domain.errors import REFUSALS, DomainError
from offhook.faults.verdicts import Reply, RetryAfterForm

RETRY_CODE = "too.many.requests.retry.after"
TOO_MANY = "too.many.requests"
"""The older code of a 429, for one that does not say when to come back (wire contract §4.2)."""

_CODE_OF_STATUS = {
    400: "bad.request",
    401: "bad.credentials",
    403: "not.authorized",
    404: "not.found",
    409: "general.conflict",
    412: "precondition.failed",
    413: "request.entity.too.large",
    415: "unsupported.media.type",
    429: RETRY_CODE,
    500: "internal.server.error",
    503: "service.unavailable",
}
"""The code a `reply` fault has when its rule names none."""

_OK = 200
_BODILESS = frozenset({204, 205, 304})


def challenge(error: str | None = None, *, scope: str | None = None) -> tuple[tuple[str, str], ...]:
    """The `WWW-Authenticate` header of a 401 (RFC 6750 §3)."""
    value = 'Bearer realm="offhook"'
    if error is not None:
        value += f', error="{error}"'
    if scope is not None:
        value += f', scope="{scope}"'
    return (("WWW-Authenticate", value),)


def refusal_answer(error: DomainError, correlation_id: str) -> Response:
    """The answer that says what was wrong.

    `facts["field"]` becomes a detail, `facts["stub"]` the parameters of the message.
    """
    field = error.facts.get("field")
    details = (
        (ErrorDetail(error_code=error.code, field_name=field),) if isinstance(field, str) else ()
    )
    stub = error.facts.get("stub")
    body = ErrorBody(
        message=error.message,
        code=error.code,
        status=error.status,
        context_id=correlation_id,
        details=details,
        message_params=stub if isinstance(stub, dict) else UNSET,
    )
    return json_answer(error.status, body, error.headers)


def too_many(retry_after_s: int, *, layer: str) -> DomainError:
    """The 429, word for word the platform's (wire contract §4.3). Whole seconds."""
    message = REFUSALS[RETRY_CODE].message % retry_after_s
    return DomainError(
        RETRY_CODE,
        message,
        facts={"layer": layer, "retryAfterS": retry_after_s},
        headers=(("Retry-After", str(retry_after_s)),),
    )


def reply_answer(verdict: Reply, correlation_id: str, *, now: float) -> Response:
    """The answer of a `reply` fault: its own body, or the platform's error body for the status.

    A date counts from `now` as the `Date` of the answer shows it: in whole seconds.
    """
    headers: tuple[tuple[str, str], ...] = ()
    retry_after = _retry_after(verdict, now)
    if retry_after is not None:
        headers = (("Retry-After", retry_after),)
    if verdict.body is not None:
        return Response(
            status=verdict.status,
            headers=(JSON, *headers),
            body=b"" if verdict.status in _BODILESS else verdict.body,
        )
    if verdict.status < FIRST_ERROR:
        return Response(status=verdict.status, headers=headers)
    code = verdict.code or _code(verdict)
    message = _message(code, verdict.retry_after_s)
    body = ErrorBody(message=message, code=code, status=verdict.status, context_id=correlation_id)
    if verdict.status == 401:  # noqa: PLR2004 - an HTTP status.
        headers += challenge("invalid_token")
    return json_answer(verdict.status, body, headers)


def _retry_after(verdict: Reply, now: float) -> str | None:
    seconds = verdict.retry_after_s
    if verdict.retry_after_text is not None or seconds is None:
        return verdict.retry_after_text
    if verdict.retry_after_form is RetryAfterForm.DATE:
        return formatdate(int(now) + seconds, usegmt=True)
    return str(seconds)


def _code(verdict: Reply) -> str:
    code = _CODE_OF_STATUS.get(verdict.status, f"http.{verdict.status}")
    return TOO_MANY if code == RETRY_CODE and verdict.retry_after_s is None else code


def _message(code: str, retry_after_s: int | None) -> str:
    """The standard message; it names no seconds that the answer does not ask for."""
    if code in {RETRY_CODE, TOO_MANY}:
        whole = REFUSALS[RETRY_CODE].message
        return whole.partition(" Retry")[0] if retry_after_s is None else whole % retry_after_s
    standard = REFUSALS.get(code)
    return standard.message if standard is not None else f"A fault rule answered {code}."


def error_code(response: Response) -> str | None:
    """The code in an error answer, None when its body is not the platform's."""
    try:
        return msgspec.json.decode(response.body, type=ErrorBody).code
    except msgspec.MsgspecError:
        return None
