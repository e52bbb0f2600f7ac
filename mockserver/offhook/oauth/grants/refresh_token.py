"""The refresh token grant (RFC 6749 §6), with rotation and reuse detection (RFC 9700 §4.14.2)."""

from offhook.oauth.clients import asked_scopes
from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.inputs import Issued
from offhook.oauth.tokens import RefreshToken, RevokedBecause


def issue(call: GrantCall) -> Issued:
    """Give a fresh access token and, under `refresh_rotation`, a fresh refresh token.

    The scope of this access token may be narrower than the family's; the refresh token keeps
    all of it. A replaced refresh token that comes again revokes its family, unless the grace
    answers it: see `_repeated`. Raises `OAuthError`.
    """
    refresh = call.ledger.refresh(call.parameters.require("refresh_token"))
    if refresh is None:
        raise OAuthError(ErrorCode.INVALID_GRANT, "There is no such refresh token.")
    family = call.ledger.family(refresh.family_id)
    if family.client_id != call.client.id:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            f"The refresh token was given to another client than {call.client.id}.",
        )
    if family.revoked_because is not None:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            f"The refresh token is revoked ({family.revoked_because}).",
        )
    successor = None if refresh.replaced_at is None else _repeated(call, refresh)
    if successor is None and call.now >= refresh.expires_at:
        raise OAuthError(ErrorCode.INVALID_GRANT, "The refresh token has expired.")
    scopes = asked_scopes(call.parameters, family.scopes)
    if successor is None:
        successor = (
            call.ledger.replace_refresh(refresh, now=call.now)
            if call.policies.refresh_rotation
            else refresh
        )
    return call.issue(family, scopes=scopes, refresh_secret=successor.secret)


def _repeated(call: GrantCall, refresh: RefreshToken) -> RefreshToken:
    """A replaced refresh token came again: the successor it is answered with once more.

    The grace is for an answer that was lost. Once the successor was itself used, its answer
    cannot have been lost, so that the grace is over then.
    """
    assert refresh.replaced_at is not None
    assert refresh.successor is not None
    successor = call.ledger.refresh(refresh.successor)
    assert successor is not None, "a successor outlives what it replaced"
    in_grace = call.now < refresh.replaced_at + call.policies.refresh_grace_s
    if in_grace and successor.replaced_at is None:
        return successor
    call.ledger.revoke_family(refresh.family_id, RevokedBecause.REFRESH_REUSE)
    raise OAuthError(
        ErrorCode.INVALID_GRANT,
        "The refresh token was replaced before and came again; its whole family is revoked.",
    )
