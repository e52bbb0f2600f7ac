"""Challenges and verifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.oauth import pkce
from offhook.oauth.errors import OAuthError
from offhook.oauth.parameters import Parameters
from offhook.oauth.pkce import Challenge, Method

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def read(*, required: bool = True, allow_plain: bool = False, **given: str) -> Challenge | None:
    named = {name: value for name, value in given.items() if value}
    return Challenge.read(Parameters(named), required=required, allow_plain=allow_plain)


def test_the_vector_of_rfc_7636_appendix_b() -> None:
    assert pkce.challenge_of(VERIFIER) == CHALLENGE
    pkce.check(Challenge(CHALLENGE, Method.S256), VERIFIER)


@given(st.text(alphabet=ALPHABET, min_size=43, max_size=128))
def test_every_lawful_verifier_fits_its_own_challenge_and_no_other(verifier: str) -> None:
    challenge = read(code_challenge=pkce.challenge_of(verifier), code_challenge_method="S256")
    pkce.check(challenge, verifier)
    other = ("A" if verifier[0] != "A" else "B") + verifier[1:]
    with pytest.raises(OAuthError, match=r"invalid_grant: .*does not fit"):
        pkce.check(challenge, other)


@pytest.mark.parametrize(
    "verifier", ["", "x", VERIFIER[:42], "a" * 129, VERIFIER + "=", "ü" * 43, VERIFIER + "\n"]
)
def test_an_unlawful_verifier_is_refused_before_it_is_hashed(
    verifier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pkce, "challenge_of", lambda _: pytest.fail("it was hashed"))
    with pytest.raises(OAuthError, match="invalid_grant: The code_verifier is not 43 to 128"):
        pkce.check(Challenge(CHALLENGE, Method.S256), verifier)


def test_a_challenge_asks_for_a_verifier_and_a_verifier_for_a_challenge() -> None:
    with pytest.raises(OAuthError, match="invalid_grant: The code_verifier is missing"):
        pkce.check(Challenge(CHALLENGE, Method.S256), None)
    with pytest.raises(OAuthError, match=r"invalid_grant: .*without a code_challenge"):
        pkce.check(None, VERIFIER)
    pkce.check(None, None)


def test_plain_compares_the_verifier_itself() -> None:
    pkce.check(Challenge(VERIFIER, Method.PLAIN), VERIFIER)
    with pytest.raises(OAuthError, match="method plain"):
        pkce.check(Challenge(VERIFIER, Method.PLAIN), VERIFIER[::-1])


def test_a_public_client_must_send_a_challenge_and_a_confidential_one_may() -> None:
    with pytest.raises(OAuthError, match=r"invalid_request: .*public client must use PKCE"):
        read(required=True)
    assert read(required=False) is None
    assert read(code_challenge=CHALLENGE, code_challenge_method="S256", required=False) == (
        Challenge(CHALLENGE, Method.S256)
    )


def test_a_method_without_a_challenge_is_refused() -> None:
    with pytest.raises(OAuthError, match="a method needs one"):
        read(code_challenge_method="S256", required=False)


@pytest.mark.parametrize("method", ["plain", ""])
def test_plain_and_an_absent_method_wait_for_their_switch(method: str) -> None:
    with pytest.raises(OAuthError, match=r"(?s)not supported.*allow_plain_pkce"):
        read(code_challenge=VERIFIER, code_challenge_method=method)
    assert read(code_challenge=VERIFIER, code_challenge_method=method, allow_plain=True) == (
        Challenge(VERIFIER, Method.PLAIN)
    )


@pytest.mark.parametrize("method", ["s256", "S512", "none"])
def test_an_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(OAuthError, match="invalid_request: Transform algorithm not supported"):
        read(code_challenge=CHALLENGE, code_challenge_method=method, allow_plain=True)


@pytest.mark.parametrize("challenge", [CHALLENGE + "=", CHALLENGE[:-1], CHALLENGE[:-1] + "~"])
def test_a_challenge_that_sha_256_cannot_have_given_is_refused(challenge: str) -> None:
    with pytest.raises(OAuthError, match=r"invalid_request: .*43 characters of base64url"):
        read(code_challenge=challenge, code_challenge_method="S256")
