"""The authorization endpoint (RFC 6749 §3.1): who logs in, and where the browser goes next."""

from urllib.parse import urlencode, urlsplit

from offhook.domain.views import UserView
from offhook.oauth.clients import Clients, redirect_target, require_grant
from offhook.oauth.directory import Directory
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.grants.table import RESPONSES, ResponseType
from offhook.oauth.inputs import AskLogin, Login, Redirect, RequestAuthorization
from offhook.oauth.ledger import Ledger
from offhook.policies import Policies


def authorize(
    item: RequestAuthorization,
    *,
    clients: Clients,
    ledger: Ledger,
    users: Directory,
    policies: Policies,
    now: float,
) -> Redirect | AskLogin:
    """Answer an authorization request.

    Raises `OAuthError` only when the browser must not be sent back: an unknown client or a
    redirect URI that is not the client's (RFC 6749 §4.1.2.1). Every other error is a
    `Redirect` that carries it.
    """
    parameters = item.parameters
    for name in ("client_id", "redirect_uri"):
        if name in parameters.repeated:
            parameters.refuse_repeated()
    client = clients.find(parameters.require("client_id"))
    if client is None:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST, f"There is no client {parameters.require('client_id')}."
        )
    target = redirect_target(client, parameters.get("redirect_uri"))
    if target is None:
        raise OAuthError(
            ErrorCode.INVALID_REQUEST,
            f"The redirect_uri {parameters.get('redirect_uri')} is not one of client {client.id}: "
            f"{', '.join(client.redirect_uris) or 'http to a loopback address'}.",
        )
    call = GrantCall(
        client=client,
        parameters=parameters,
        ledger=ledger,
        users=users,
        policies=policies,
        now=now,
    )
    response = RESPONSES.get(parameters.get("response_type") or "")
    try:
        parameters.refuse_repeated()
        response = _response_type(call)
        response.check(call)
        user = _log_in(call, item.login)
        if isinstance(user, AskLogin):
            return user
        answer = response.respond(call, user, target)
    except OAuthError as error:
        answer = {"error": error.error.value, "error_description": error.description}
    return _back(item, target, answer, in_fragment=response is not None and response.in_fragment)


def _response_type(call: GrantCall) -> ResponseType:
    named = call.parameters.require("response_type")
    response = RESPONSES.get(named)
    if response is None:
        raise OAuthError(
            ErrorCode.UNSUPPORTED_RESPONSE_TYPE,
            f"There is no response_type {named}; there are {', '.join(RESPONSES)}.",
        )
    require_grant(call.client, response.grant)
    return response


def _log_in(call: GrantCall, login: Login | None) -> UserView | AskLogin:
    """Who it is. Without a page, `login_hint` says it, or else it is the default user."""
    hint = call.parameters.get("login_hint")
    prompt = (call.parameters.get("prompt") or "").split(" ")
    if login is not None:
        return _check_login(call, login)
    if call.policies.login_page or "login" in prompt:
        return AskLogin(
            client_name=call.client.name or call.client.id,
            parameters=call.parameters,
            username=hint or "",
        )
    if hint is None:
        return call.users.default()
    user = call.users.find(hint)
    if user is None:
        raise OAuthError(
            ErrorCode.ACCESS_DENIED,
            f"The login_hint {hint} is no user's id, username or email.",
        )
    return user


def _check_login(call: GrantCall, login: Login) -> UserView | AskLogin:
    if login.denied:
        raise OAuthError(ErrorCode.ACCESS_DENIED, "The user did not allow it.")
    user = call.users.find(login.username)
    if user is None or not call.users.check_password(user.id, login.password):
        return AskLogin(
            client_name=call.client.name or call.client.id,
            parameters=call.parameters,
            username=login.username,
            problem="The username or the password is wrong.",
        )
    return user


def _back(
    item: RequestAuthorization, target: str, answer: dict[str, str], *, in_fragment: bool
) -> Redirect:
    """The redirect, with `state` echoed and the issuer named (RFC 9207 §2)."""
    state = item.parameters.get("state")
    carried = {**answer, **({} if state is None else {"state": state}), "iss": item.issuer}
    if in_fragment:
        return Redirect(url=f"{target}#{urlencode(carried)}")
    joint = "&" if urlsplit(target).query else "?"
    return Redirect(url=f"{target}{joint}{urlencode(carried)}")
