"""The one order of refusal, as a table of named steps.

Each step lets the exchange pass, answers it, or raises the `DomainError` that refuses it. A
request wrong in two ways is refused for whichever comes first here. What comes after the last
step is the domain's order: 403 forced, 409 wrong state, 409 stale intent, 412.
"""

import functools
import hmac
from collections.abc import Callable

import msgspec

from offhook.api import headers
from offhook.api.decode import decode_body, is_json
from offhook.api.exchange import CONTROL_BODY_BYTES, Answer, Response
from offhook.api.forms import client_id_of
from offhook.api.idempotency import Key
from offhook.api.not_modelled import no_such_method, no_such_path
from offhook.api.operation import Call
from offhook.api.parameters import read_parameters
from offhook.api.refusal import challenge, too_many
from offhook.api.resolve import Resolved
from offhook.api.table import IDEMPOTENCY_HEADER, Bound
from offhook.domain.errors import REFUSALS, DomainError
from offhook.domain.views import DeviceView
from offhook.oauth.tokens import Token, TokenStatus
from offhook.policies import RateHeaders
from offhook.tenancy import Tenancy

_FORBIDDEN = 403


class Exchange:
    """One request on its way through the steps; thrown away once it is answered."""

    __slots__ = (
        "body",
        "bound",
        "device",
        "now",
        "query",
        "rate",
        "resolved",
        "step",
        "tenancy",
        "token",
    )

    bound: Bound
    """The operation; unset without one, and the steps `path` and `method` let nothing pass then."""
    token: Token
    """The token; unset without one, and the step `token` then lets pass what is public only."""

    def __init__(self, tenancy: Tenancy, resolved: Resolved, *, now: float) -> None:
        self.tenancy = tenancy
        self.resolved = resolved
        self.now = now
        self.step = ORDER[0]
        self.device: DeviceView | None = None
        self.query: dict[str, str] = {}
        self.body: object = None
        self.rate: headers.Headers = ()
        if resolved.bound is not None:
            self.bound = resolved.bound
        if resolved.token is not None:
            self.token = resolved.token

    @property
    def steps(self) -> "tuple[Step, ...]":
        """The steps that can have a word on this request, in their order."""
        bound = self.resolved.bound
        return ORDER if bound is None else _steps(bound.steps)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the order. `advice` says what would have been right."""

    name: str
    check: Callable[[Exchange], Answer | None]
    advice: str


def _preflight(x: Exchange) -> Answer | None:
    if x.resolved.request.method != "OPTIONS":
        return None
    return Response(status=204, headers=headers.PREFLIGHT)


def _path(x: Exchange) -> None:
    if x.resolved.place is not None:
        return
    raise no_such_path(x.tenancy, x.resolved)


def _method(x: Exchange) -> None:
    place = x.resolved.place
    assert place is not None, "no place, and yet past the step `path`"
    if x.resolved.bound is None:
        raise no_such_method(x.tenancy, x.resolved, place)


def _token(x: Exchange) -> None:
    if x.bound.control:
        _control_key(x)
    if x.bound.operation.access.public:
        return
    credentials = x.resolved.credentials
    if credentials.problem is not None:
        raise DomainError("bad.request", credentials.problem, headers=challenge("invalid_request"))
    if credentials.secret is None:
        raise DomainError("authentication.required", headers=challenge())
    token = x.resolved.token
    status = None if token is None else token.status(now=x.now)
    if status is TokenStatus.ACTIVE:
        return
    code = "bad.credentials"
    if status is TokenStatus.EXPIRED:
        code = x.tenancy.org.policies.expired_token_code.value
    raise DomainError(
        code, facts={"token": status or "unknown"}, headers=challenge("invalid_token")
    )


def _control_key(x: Exchange) -> None:
    wanted = x.tenancy.control_key
    if wanted is None:
        return
    given = x.resolved.request.headers.get("offhook-key")
    if given is None or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise DomainError(
            "authentication.required" if given is None else "bad.credentials",
            "This server is bound beyond loopback, so its control API needs the header "
            "Offhook-Key; the key was printed when the server started.",
            headers=(("WWW-Authenticate", 'Offhook-Key realm="offhook-control"'),),
        )


def _rate(x: Exchange) -> None:
    operation, org = x.bound.operation, x.tenancy.org
    if not operation.access.counted:
        return
    if operation.access.public:
        client_id = client_id_of(x.resolved.request)
        token_id, user_id = f"{operation.id} of {client_id}", None
    else:
        token_id, user_id, client_id = x.token.id, x.token.user_id, x.token.client_id
    admission = org.limiter.admit(
        token_id=token_id,
        user_id=user_id,
        client_id=client_id,
        operation=operation.id,
        policies=org.policies,
        now=x.now,
    )
    if org.policies.rate_headers is not RateHeaders.NONE:
        x.rate = headers.rate_headers(org.policies, admission)
    if not admission.allowed:
        raise too_many(admission.retry_after_s, layer=admission.layer)


def _scope(x: Exchange) -> None:
    access = x.bound.operation.access
    if access.public or access.scope is None or access.scope in x.token.scopes:
        return
    code = "unauthorized"
    if x.tenancy.org.policies.missing_scope_status == _FORBIDDEN:
        code = "not.authorized"
    raise DomainError(
        code,
        f"{REFUSALS[code].message} Missing: {access.scope}.",
        facts={"scope": access.scope},
        headers=challenge("insufficient_scope", scope=access.scope),
    )


def _permission(x: Exchange) -> None:
    access = x.bound.operation.access
    if access.public:
        return
    if x.resolved.device_id is not None:
        x.device = x.tenancy.org.device(x.resolved.device_id)
        if x.device is None:
            return
    user_id = x.token.user_id
    if user_id is None:
        _service_token(x)
        return
    user = x.tenancy.org.user(user_id)
    assert user is not None, f"token {x.token.id} belongs to no user"
    if access.permission is not None and access.permission not in user.permissions:
        raise DomainError(
            "missing.permissions",
            "Unable to perform the requested action. You must have at least one of the "
            f"following permissions assigned: [{access.permission}]",
            facts={"permission": access.permission},
        )
    if access.owner and x.device is not None and x.device.user_id != user_id:
        raise DomainError("not.authorized", facts={"owner": x.device.user_id})


def _service_token(x: Exchange) -> None:
    access = x.bound.operation.access
    if access.user:
        raise DomainError(
            "bad.request",
            "This request requires a user context. Client credentials cannot be used for "
            "requests that require a user context.",
        )
    if access.owner and not access.service:
        raise DomainError(
            "not.authorized",
            f"{REFUSALS['not.authorized'].message} A token of client credentials acts for no "
            "user and owns no device.",
        )


def _size(x: Exchange) -> None:
    limit = x.tenancy.org.policies.max_body_bytes
    if x.bound.control:
        limit = max(limit, CONTROL_BODY_BYTES)
    if len(x.resolved.request.body) > limit:
        raise DomainError(
            "request.entity.too.large",
            f"The request is over the size limit. Maximum bytes: {limit}",
        )


def _media_type(x: Exchange) -> None:
    request = x.resolved.request
    given = request.headers.get("content-type")
    # RFC 9110 §8.3 lets the recipient of a body without a type look at the body itself.
    if x.bound.operation.body is None or given is None or not request.body:
        return
    if not is_json(given):
        raise DomainError(
            "unsupported.media.type",
            f"{REFUSALS['unsupported.media.type'].message} Given: {given[:100]}; right: "
            "application/json.",
        )


def _body(x: Exchange) -> None:
    request, operation = x.resolved.request, x.bound.operation
    if x.bound.checks:
        x.query = read_parameters(x.bound.checks, query=request.query, headers=request.headers)
    if operation.body is not None:
        x.body = decode_body(request.body, operation.body)


def _resource(x: Exchange) -> None:
    if x.resolved.device_id is not None and x.device is None:
        raise DomainError(
            "not.found",
            f"There is no device {x.resolved.device_id}: unknown, expired, deleted or terminated.",
        )


def _key(x: Exchange) -> Key | None:
    if not x.bound.replayable:
        return None
    value = x.resolved.request.headers.get(IDEMPOTENCY_HEADER)
    if value is None:
        return None
    return Key(x.token.id, x.bound.operation.id, x.resolved.request.path, value)


def _replay(x: Exchange) -> Answer | None:
    key = _key(x)
    if key is None:
        return None
    first = x.tenancy.idempotency.find(key, x.resolved.request.body, now=x.now)
    if first is None:
        return None
    replayed = ("Idempotency-Replayed", "true")
    return msgspec.structs.replace(first, headers=(*first.headers, replayed))


def _handle(x: Exchange) -> Answer:
    resolved = x.resolved
    call = Call(
        operation=x.bound.operation,
        request=resolved.request,
        path=resolved.path,
        query=x.query,
        body=x.body,
        token=resolved.token,
        tenancy=x.tenancy,
        now=x.now,
        correlation_id=resolved.correlation_id,
        device=x.device,
    )
    answer = call.operation.handler(call)
    key = _key(x)
    if key is not None and isinstance(answer, Response):
        window_s = x.tenancy.org.policies.idempotency_window_s
        x.tenancy.idempotency.keep(key, resolved.request.body, answer, now=x.now, window_s=window_s)
    return answer


ORDER: tuple[Step, ...] = (
    Step(name="preflight", check=_preflight, advice="OPTIONS is always answered."),
    Step(
        name="path",
        check=_path,
        advice="Ask for a path of the table; /_offhook/v1/schema/openapi.json and "
        "`offhook schema openapi` show them.",
    ),
    Step(name="method", check=_method, advice="Use a method that `Allow` names."),
    Step(
        name="token",
        check=_token,
        advice="Send one good token, as Authorization: Bearer <token>. /oauth/token issues them, "
        "POST /_offhook/v1/tokens mints one without a grant.",
    ),
    Step(
        name="rate",
        check=_rate,
        advice="Wait as many seconds as Retry-After says; listen to events instead of polling.",
    ),
    Step(name="scope", check=_scope, advice="Ask for the scope when the token is issued."),
    Step(
        name="permission",
        check=_permission,
        advice="Use the token of a user who has the permission and whose device it is.",
    ),
    Step(name="size", check=_size, advice="Send a smaller body; policy max_body_bytes."),
    Step(name="media-type", check=_media_type, advice="Send Content-Type: application/json."),
    Step(
        name="body",
        check=_body,
        advice="Send what the OpenAPI document describes; the message names the place.",
    ),
    Step(
        name="resource",
        check=_resource,
        advice="GET /api/v2/webrtc/clients/me opens a device and tells its id.",
    ),
    Step(
        name="idempotency",
        check=_replay,
        advice="This is the first answer to the Idempotency-Key again; a new wish needs a new key.",
    ),
    Step(
        name="domain",
        check=_handle,
        advice="Read the device, and ask again when its state allows it.",
    ),
)


@functools.cache
def _steps(names: frozenset[str]) -> tuple[Step, ...]:
    """The order without the steps that would let every request to an operation pass."""
    return tuple(step for step in ORDER if step.name in names)
