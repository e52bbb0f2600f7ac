"""The status of an access token."""

import msgspec
import pytest

from offhook.oauth.tokens import Token, TokenStatus

TOKEN = Token(
    id="t", user_id=None, client_id="c", scopes=frozenset(), issued_at=0.0, expires_at=10.0
)


@pytest.mark.parametrize(
    ("now", "revoked", "status"),
    [
        (0.0, False, TokenStatus.ACTIVE),
        (9.999, False, TokenStatus.ACTIVE),
        (10.0, False, TokenStatus.EXPIRED),
        (0.0, True, TokenStatus.REVOKED),
        (10.0, True, TokenStatus.REVOKED),
    ],
)
def test_a_token_is_good_until_it_expires_or_is_revoked(
    now: float, *, revoked: bool, status: TokenStatus
) -> None:
    assert msgspec.structs.replace(TOKEN, revoked=revoked).status(now=now) is status
