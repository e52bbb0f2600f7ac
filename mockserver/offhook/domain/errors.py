"""What the mock refuses, and with which words.

The tree:

* `OffhookError`
    * `DomainError`: an input that the state does not allow; nothing has changed.
    * `BadFrameError` (`offhook.domain.reports`): a socket's frame is wrong; never leaves the org.

Codes and standard messages are those of the platform's published definition
(wire contract §4.2); the ones that only the tutorial or Offhook knows say so.
"""

import msgspec

from offhook.domain.evidence import Evidence


class OffhookError(Exception):
    """The root of all errors that Offhook raises on purpose."""


class Refusal(msgspec.Struct, frozen=True):
    """One row of the catalogue: a code, its HTTP status, its standard message, how we know."""

    code: str
    status: int
    message: str
    evidence: Evidence


_SYNTAX = "The request could not be understood by the server due to malformed syntax."
_CONFLICT = "The request conflicts with the current state of the target resource."
_DOC, _TUT, _OWN = Evidence.DOCUMENTED, Evidence.TUTORIAL, Evidence.ASSUMED

REFUSALS: dict[str, Refusal] = {
    row.code: row
    for row in (
        Refusal("bad.request", 400, _SYNTAX, _DOC),
        Refusal("invalid.value", 400, _SYNTAX, _DOC),
        Refusal("invalid.property", 400, _SYNTAX, _DOC),
        Refusal("invalid.query.param.value", 400, _SYNTAX, _DOC),
        Refusal(
            "authentication.required",
            401,
            "No authentication bearer token specified in authorization header.",
            _DOC,
        ),
        Refusal("bad.credentials", 401, "Invalid login credentials.", _DOC),
        Refusal(
            "credentials.expired",
            401,
            "The supplied credentials are expired and cannot be used.",
            _DOC,
        ),
        Refusal("unauthorized", 401, "The token lacks a scope that this request needs.", _TUT),
        Refusal(
            "not.authorized", 403, "You are not authorized to perform the requested action.", _DOC
        ),
        Refusal(
            "missing.permissions",
            403,
            "Unable to perform the requested action. You are missing a permission.",
            _DOC,
        ),
        Refusal("forced", 403, "An administrator has muted this device and locked it.", _OWN),
        Refusal("not.found", 404, "The requested resource was not found.", _DOC),
        Refusal("method.not.allowed", 405, "The resource does not know this request method.", _OWN),
        Refusal("request.timeout", 408, "The request took too long to arrive.", _OWN),
        Refusal("general.conflict", 409, _CONFLICT, _DOC),
        Refusal("stale.intent", 409, "A newer intent of this instance was accepted before.", _OWN),
        Refusal(
            "precondition.failed", 412, "The device was set since the version in If-Match.", _OWN
        ),
        Refusal("request.entity.too.large", 413, "The request is over the size limit.", _DOC),
        Refusal(
            "unsupported.media.type",
            415,
            "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect "
            "Content-Type value in the header.",
            _DOC,
        ),
        Refusal("upgrade.required", 426, "This resource speaks WebSocket only.", _OWN),
        Refusal(
            "too.many.requests.retry.after",
            429,
            "Rate limit exceeded the maximum. Retry the request in [%s] seconds",
            _DOC,
        ),
        Refusal(
            "internal.server.error",
            500,
            "The server encountered an unexpected condition which prevented it from fulfilling "
            "the request.",
            _DOC,
        ),
        Refusal("not.implemented", 501, "The mock does not model this operation.", _OWN),
        Refusal(
            "service.unavailable",
            503,
            "Service Unavailable - The server is currently unavailable (because it is overloaded "
            "or down for maintenance).",
            _DOC,
        ),
    )
}


class DomainError(OffhookError):
    """The state does not allow the input, and nothing has changed.

    `code` is a key of `REFUSALS`. `message` is one sentence for the person who reads the
    answer: it names the state and the input; without it the standard message speaks.
    `facts` are small JSON-able values for the explanation at `/_offhook/v1/why`.
    """

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        facts: dict[str, object] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.refusal = REFUSALS[code]
        self.code = code
        self.status = self.refusal.status
        self.message = message if message is not None else self.refusal.message
        self.facts = facts if facts is not None else {}
        self.headers = headers
        super().__init__(f"{self.status} {code}: {self.message}")
