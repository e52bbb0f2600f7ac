"""The implicit grant (RFC 6749 §4.2), which the platform is retiring."""

from offhook.domain.views import UserView
from offhook.oauth.clients import asked_scopes
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall


def check(call: GrantCall) -> None:
    """Look at an authorization request before anybody logs in. Raises `OAuthError`."""
    if not call.policies.allow_implicit_grant:
        raise OAuthError(
            ErrorCode.UNAUTHORIZED_CLIENT,
            "The implicit grant is off; the policy allow_implicit_grant switches it on.",
        )
    asked_scopes(call.parameters, call.client.scopes)


def respond(call: GrantCall, user: UserView, redirect_uri: str) -> dict[str, str]:  # noqa: ARG001 - the shape of all answers to an authorization request.
    """The user agreed: what the redirect's fragment carries, without a refresh token."""
    check(call)
    scopes = asked_scopes(call.parameters, call.client.scopes)
    family = call.ledger.open_family(client_id=call.client.id, user_id=user.id, scopes=scopes)
    issued = call.issue(family)
    return {
        "access_token": issued.secret,
        "token_type": "bearer",
        "expires_in": str(issued.expires_in),
        "scope": " ".join(sorted(scopes)),
    }
