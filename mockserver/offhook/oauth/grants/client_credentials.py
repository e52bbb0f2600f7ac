"""The client credentials grant (RFC 6749 §4.4): a token that acts for nobody."""

from offhook.oauth.clients import asked_scopes
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.inputs import Issued


def issue(call: GrantCall) -> Issued:
    """Give a service token, without a refresh token (RFC 6749 §4.4.3). Raises `OAuthError`."""
    if call.client.secret is None:
        raise OAuthError(
            ErrorCode.UNAUTHORIZED_CLIENT,
            f"Client {call.client.id} is public: client_credentials needs a secret.",
        )
    scopes = asked_scopes(call.parameters, call.client.scopes)
    family = call.ledger.open_family(client_id=call.client.id, user_id=None, scopes=scopes)
    return call.issue(family)
