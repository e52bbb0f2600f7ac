"""The authorization code grant (RFC 6749 §4.1), with PKCE (RFC 7636)."""

from offhook.domain.views import UserView
from offhook.oauth import pkce
from offhook.oauth.clients import asked_scopes
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.inputs import Issued
from offhook.oauth.tokens import RevokedBecause


def check(call: GrantCall) -> None:
    """Look at an authorization request before anybody logs in. Raises `OAuthError`."""
    asked_scopes(call.parameters, call.client.scopes)
    _challenge(call)


def respond(call: GrantCall, user: UserView, redirect_uri: str) -> dict[str, str]:
    """The user agreed: what the redirect carries back. Raises `OAuthError`."""
    scopes = asked_scopes(call.parameters, call.client.scopes)
    challenge = _challenge(call)
    family = call.ledger.open_family(client_id=call.client.id, user_id=user.id, scopes=scopes)
    code = call.ledger.add_code(
        family,
        redirect_uri=redirect_uri,
        redirect_named=call.parameters.get("redirect_uri") is not None,
        challenge=challenge,
        now=call.now,
    )
    return {"code": code}


def _challenge(call: GrantCall) -> pkce.Challenge | None:
    return pkce.Challenge.read(
        call.parameters,
        required=call.client.secret is None,
        allow_plain=call.policies.allow_plain_pkce,
    )


def issue(call: GrantCall) -> Issued:
    """Exchange a code for tokens. Raises `OAuthError`.

    A code works once: a second time revokes what the first time gave (RFC 6749 §4.1.2), and a
    wrong code verifier burns the code.
    """
    secret = call.parameters.require("code")
    code = call.ledger.code(secret)
    if code is None:
        raise OAuthError(ErrorCode.INVALID_GRANT, "There is no such authorization code.")
    family = call.ledger.family(code.family_id)
    if family.client_id != call.client.id:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            f"The authorization code was given to another client than {call.client.id}.",
        )
    if code.used:
        call.ledger.revoke_family(family.id, RevokedBecause.CODE_REUSE)
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            "The authorization code was used before; tokens that stem from it are revoked.",
        )
    if call.now >= code.expires_at:
        raise OAuthError(ErrorCode.INVALID_GRANT, "The authorization code has expired.")
    named = (
        call.parameters.require("redirect_uri")
        if code.redirect_named
        else call.parameters.get("redirect_uri")
    )
    if named is not None and named != code.redirect_uri:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            f"The redirect_uri is {named}; the code was sent to {code.redirect_uri}.",
        )
    call.ledger.use_code(secret)
    pkce.check(code.challenge, call.parameters.get("code_verifier"))
    return call.issue_refreshable(family)
