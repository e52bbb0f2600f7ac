"""The password grant (RFC 6749 §4.3), which RFC 9700 §2.4 forbids to new systems."""

from offhook.oauth.clients import asked_scopes
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.inputs import DEPRECATED, Issued


def issue(call: GrantCall) -> Issued:
    """Give tokens for a user's name and password, with a warning. Raises `OAuthError`."""
    if not call.policies.allow_password_grant:
        raise OAuthError(
            ErrorCode.UNAUTHORIZED_CLIENT,
            "The password grant is off; the policy allow_password_grant switches it on.",
        )
    name = call.parameters.require("username")
    password = call.parameters.require("password")
    scopes = asked_scopes(call.parameters, call.client.scopes)
    user = call.users.find(name)
    if user is None or not call.users.check_password(user.id, password):
        raise OAuthError(ErrorCode.INVALID_GRANT, "The username or the password is wrong.")
    family = call.ledger.open_family(client_id=call.client.id, user_id=user.id, scopes=scopes)
    return call.issue_refreshable(family, warning=DEPRECATED)
