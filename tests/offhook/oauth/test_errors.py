"""The errors of OAuth and the characters they may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.errors import OffhookError
from offhook.oauth.errors import ErrorCode, OAuthError, Refused, printable


@given(st.text())
def test_a_description_holds_only_what_rfc_6749_allows(text: str) -> None:
    allowed = {chr(n) for n in (0x20, 0x21, *range(0x23, 0x5C), *range(0x5D, 0x7F))}
    assert set(printable(text)) <= allowed
    assert len(printable(text)) == len(text)


def test_plain_text_stays_as_it_is() -> None:
    assert printable("The scope user:read may not be had.") == "The scope user:read may not be had."
    assert printable('a "b" \\ é') == "a 'b' / ?"


@pytest.mark.parametrize("code", ErrorCode)
def test_only_an_unknown_client_is_a_401(code: ErrorCode) -> None:
    expected = 401 if code == "invalid_client" else 400
    assert Refused(error=code, description="x").status == expected


def test_a_refusal_keeps_what_its_error_said() -> None:
    error = OAuthError(ErrorCode.INVALID_CLIENT, 'no "such" client', challenge=True)
    assert isinstance(error, OffhookError)
    assert Refused.of(error) == Refused(
        error=ErrorCode.INVALID_CLIENT, description="no 'such' client", challenge=True
    )
