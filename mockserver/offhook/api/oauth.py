"""OAuth over HTTP: the rows of the operations table and their handlers."""

from offhook.api.answer import empty_answer, json_answer, stamp
from offhook.api.exchange import Response
from offhook.api.forms import read_client, read_form
from offhook.api.login import login_page, refusal_page
from offhook.api.oauth_messages import (
    HeldTokenForm,
    IntrospectionAnswer,
    LoginForm,
    OAuthErrorBody,
    ServerMetadata,
    TokenAnswer,
    TokenForm,
    error_body,
    introspection_answer,
    token_answer,
)
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.domain.evidence import Evidence
from offhook.oauth.errors import OAuthError, Refused
from offhook.oauth.inputs import (
    AskLogin,
    Login,
    RequestAuthorization,
    RequestIntrospection,
    RequestRevocation,
    RequestToken,
)
from offhook.oauth.parameters import Parameters
from offhook.oauth.pkce import Method
from offhook.settings import Grant

_NOT_STORED = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
"""RFC 6749 §5.1 asks for both, on errors too."""

_CHALLENGE = ("WWW-Authenticate", 'Basic realm="offhook", charset="UTF-8"')

_LOGIN_FIELDS = frozenset({"username", "password", "decision"})


def post_token(call: Call) -> Response:
    """`POST /oauth/token` (RFC 6749 §3.2)."""
    try:
        form = read_form(call.request)
        item = RequestToken(parameters=form, presented=read_client(call.request, form))
    except OAuthError as error:
        return _refusal(call, Refused.of(error))
    answer = call.tenancy.org.receive(item, now=call.now)
    if isinstance(answer, Refused):
        return _refusal(call, answer)
    return json_answer(200, token_answer(answer), _NOT_STORED)


def get_authorize(call: Call) -> Response:
    """`GET /oauth/authorize` (RFC 6749 §3.1). A login in the query is not looked at."""
    try:
        parameters = Parameters.read(call.request.query)
    except OAuthError as error:
        return _no_redirect(call, Refused.of(error))
    kept = _without_login(parameters)
    return _authorize(call, RequestAuthorization(parameters=kept, issuer=call.request.origin))


def post_authorize(call: Call) -> Response:
    """`POST /oauth/authorize`: the form of the login page, or the request itself."""
    try:
        form = read_form(call.request)
    except OAuthError as error:
        return _no_redirect(call, Refused.of(error))
    login = None
    if _LOGIN_FIELDS & set(form.values):
        login = Login(
            username=form.get("username") or "",
            password=form.get("password") or "",
            denied=form.get("decision") == "deny",
        )
    item = RequestAuthorization(
        parameters=_without_login(form), issuer=call.request.origin, login=login
    )
    return _authorize(call, item)


def _without_login(parameters: Parameters) -> Parameters:
    """The authorization request alone, so that no page repeats a password."""
    return Parameters(
        {name: value for name, value in parameters.values.items() if name not in _LOGIN_FIELDS},
        parameters.repeated,
    )


def _authorize(call: Call, item: RequestAuthorization) -> Response:
    answer = call.tenancy.org.receive(item, now=call.now)
    if isinstance(answer, Refused):
        return _no_redirect(call, answer)
    if isinstance(answer, AskLogin):
        return login_page(answer)
    # After a form the browser must not send the password on to the client, which 303 makes
    # sure of (RFC 9700 §4.12).
    status = 303 if call.request.method == "POST" else 302
    return empty_answer(
        status, (("Location", answer.url), ("Referrer-Policy", "no-referrer"), *_NOT_STORED)
    )


def _no_redirect(call: Call, refused: Refused) -> Response:
    """A browser is shown a page, a program a JSON body."""
    if "text/html" in call.request.headers.get("accept", ""):
        _explain(call, refused)
        return refusal_page(refused)
    return _refusal(call, refused)


def post_revoke(call: Call) -> Response:
    """`POST /oauth/revoke` (RFC 7009 §2): 200 for unknown tokens too."""
    try:
        form = read_form(call.request)
        item = RequestRevocation(parameters=form, presented=read_client(call.request, form))
    except OAuthError as error:
        return _refusal(call, Refused.of(error))
    refused = call.tenancy.org.receive(item, now=call.now)
    return empty_answer(200, _NOT_STORED) if refused is None else _refusal(call, refused)


def post_introspect(call: Call) -> Response:
    """`POST /oauth/introspect` (RFC 7662 §2)."""
    try:
        form = read_form(call.request)
        item = RequestIntrospection(parameters=form, presented=read_client(call.request, form))
    except OAuthError as error:
        return _refusal(call, Refused.of(error))
    found = call.tenancy.org.receive(item, now=call.now)
    if isinstance(found, Refused):
        return _refusal(call, found)
    answer = introspection_answer(found, issuer=call.request.origin)
    return json_answer(200, answer, _NOT_STORED)


def get_metadata(call: Call) -> Response:
    """`GET /.well-known/oauth-authorization-server` (RFC 8414 §3): what the policies allow now."""
    org, origin = call.tenancy.org, call.request.origin
    policies = org.policies
    hidden = {
        Grant.PASSWORD: not policies.allow_password_grant,
        Grant.IMPLICIT: not policies.allow_implicit_grant,
    }
    implicit = policies.allow_implicit_grant
    with_secret = ("client_secret_basic", "client_secret_post")
    return json_answer(
        200,
        ServerMetadata(
            issuer=origin,
            authorization_endpoint=f"{origin}/oauth/authorize",
            token_endpoint=f"{origin}/oauth/token",
            revocation_endpoint=f"{origin}/oauth/revoke",
            introspection_endpoint=f"{origin}/oauth/introspect",
            scopes_supported=tuple(sorted(org.oauth.clients.scopes())),
            response_types_supported=("code", "token") if implicit else ("code",),
            response_modes_supported=("query", "fragment") if implicit else ("query",),
            grant_types_supported=tuple(grant for grant in Grant if not hidden.get(grant)),
            code_challenge_methods_supported=(
                tuple(Method) if policies.allow_plain_pkce else (Method.S256,)
            ),
            token_endpoint_auth_methods_supported=(*with_secret, "none"),
            revocation_endpoint_auth_methods_supported=(*with_secret, "none"),
            introspection_endpoint_auth_methods_supported=with_secret,
        ),
    )


def _refusal(call: Call, refused: Refused) -> Response:
    _explain(call, refused)
    headers = (_CHALLENGE, *_NOT_STORED) if refused.challenge else _NOT_STORED
    return json_answer(refused.status, error_body(refused), headers)


def _explain(call: Call, refused: Refused) -> None:
    """OAuth's errors have no contextId, but `ININ-Correlation-Id` leads to the same place."""
    call.tenancy.whys.put(
        call.correlation_id,
        {
            "contextId": call.correlation_id,
            "at": stamp(call.now),
            "status": refused.status,
            "code": refused.error.value,
            "message": refused.description,
            "operation": call.operation.id,
            "request": {"method": call.request.method, "path": call.request.path},
        },
    )


_OAUTH = frozenset({Dialect.OAUTH})
_COUNTED = Access(public=True)
_UNCOUNTED = Access(public=True, counted=False)

_WRONG = Outcome(meaning="OAuth refuses the request (RFC 6749 §5.2).", body=OAuthErrorBody)
_WHO = Outcome(
    meaning="The client is not who it says it is.",
    body=OAuthErrorBody,
    headers=("WWW-Authenticate",),
)
_LIMITED = Outcome(meaning="Too many requests of this client.", headers=("Retry-After",))


def _posted(answer: Outcome) -> dict[int, Outcome]:
    """What an endpoint may answer that clients post forms to."""
    return {200: answer, 400: _WRONG, 401: _WHO, 429: _LIMITED}


_REDIRECT = Outcome(
    meaning="Back to the client, with a code, a token or an error.", headers=("Location",)
)

_HTML = ("text/html",)

_PAGE = Outcome(meaning="The login page.", media=_HTML)

_AGAIN = Outcome(
    meaning="The login page again: the username or the password was wrong.", media=_HTML
)

_NO_REDIRECT = Outcome(
    meaning="The client or its redirect_uri is wrong, so the browser is sent nowhere.",
    body=OAuthErrorBody,
    media=_HTML,
)


def _asked(name: str, meaning: str, *, example: str, required: bool = False) -> Param:
    """A parameter of the authorization request.

    It is only described: a wrong one must travel back to the client in the redirect
    (RFC 6749 §4.1.2.1), which is the handler's to decide.
    """
    schema = {"type": "string", "examples": [example]}
    return Param(
        name=name, where="query", schema=schema, meaning=meaning, required=required, checked=False
    )


_ASKED = (
    _asked("response_type", "code, or token by policy.", example="code", required=True),
    _asked("client_id", "The OAuth client.", example="offhook-desktop", required=True),
    _asked(
        "redirect_uri",
        "Where the answer goes. Needed unless the client registered exactly one.",
        example="http://127.0.0.1:4000/back",
    ),
    _asked("scope", "Names separated by spaces; all when absent.", example="user:read"),
    _asked("state", "Comes back as it is.", example="af0ifjsldkj"),
    _asked(
        "code_challenge",
        "PKCE (RFC 7636), which a public client must use.",
        example="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ),
    _asked("code_challenge_method", "S256, or plain by policy.", example="S256"),
    _asked("login_hint", "Who logs in: id, username or email.", example="agent"),
    _asked("prompt", "login shows the login page.", example="login"),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="postOauthToken",
        method="POST",
        path="/oauth/token",
        summary="Issues tokens: authorization_code, client_credentials, refresh_token, password",
        dialects=_OAUTH,
        access=_COUNTED,
        form=TokenForm,
        outcomes=_posted(
            Outcome(meaning="The tokens.", body=TokenAnswer, headers=("Cache-Control",))
        ),
        handler=post_token,
        evidence=Evidence.OBSERVED,
    ),
    Operation(
        id="getOauthAuthorize",
        method="GET",
        path="/oauth/authorize",
        summary="Logs a user in, by a page or by login_hint, and sends the browser back",
        dialects=_OAUTH,
        access=_UNCOUNTED,
        params=_ASKED,
        outcomes={200: _PAGE, 302: _REDIRECT, 400: _NO_REDIRECT},
        handler=get_authorize,
        evidence=Evidence.OBSERVED,
    ),
    Operation(
        id="postOauthAuthorize",
        method="POST",
        path="/oauth/authorize",
        summary="Takes what a person typed on the login page",
        dialects=_OAUTH,
        access=_UNCOUNTED,
        form=LoginForm,
        outcomes={200: _PAGE, 303: _REDIRECT, 400: _NO_REDIRECT, 403: _AGAIN},
        handler=post_authorize,
        evidence=Evidence.ASSUMED,
    ),
    Operation(
        id="postOauthRevoke",
        method="POST",
        path="/oauth/revoke",
        summary="Revokes an access token, or a refresh token and its family",
        dialects=_OAUTH,
        access=_COUNTED,
        form=HeldTokenForm,
        outcomes=_posted(Outcome(meaning="It is revoked, or was never known.")),
        handler=post_revoke,
        evidence=Evidence.ASSUMED,
    ),
    Operation(
        id="postOauthIntrospect",
        method="POST",
        path="/oauth/introspect",
        summary="Says what a token stands for",
        dialects=_OAUTH,
        access=_COUNTED,
        form=HeldTokenForm,
        outcomes=_posted(
            Outcome(
                meaning="What it stands for.", body=IntrospectionAnswer, headers=("Cache-Control",)
            )
        ),
        handler=post_introspect,
        evidence=Evidence.ASSUMED,
    ),
    Operation(
        id="getOauthMetadata",
        method="GET",
        path="/.well-known/oauth-authorization-server",
        summary="Says what this authorization server can do",
        dialects=_OAUTH,
        access=_UNCOUNTED,
        outcomes={200: Outcome(meaning="The metadata.", body=ServerMetadata)},
        handler=get_metadata,
        evidence=Evidence.ASSUMED,
    ),
)
