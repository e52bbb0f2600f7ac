"""Proof Key for Code Exchange (RFC 7636), and the downgrades that RFC 9700 §4.8.2 warns of."""

import base64
import hashlib
import hmac
import re
from enum import StrEnum
from typing import Self

import msgspec

from offhook.oauth.errors import ErrorCode, OAuthError
from offhook.oauth.parameters import Parameters

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}\Z")
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}\Z")


class Method(StrEnum):
    """How the challenge was made of the verifier (RFC 7636 §4.2)."""

    S256 = "S256"
    PLAIN = "plain"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 §4.2): base64url of SHA-256, unpadded."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class Challenge(msgspec.Struct, frozen=True):
    """What the client sent to the authorization endpoint, kept with the code."""

    value: str
    method: Method

    @classmethod
    def read(cls, parameters: Parameters, *, required: bool, allow_plain: bool) -> Self | None:
        """Read the challenge of an authorization request; None when there is none.

        Raises `OAuthError` (`invalid_request`, RFC 7636 §4.4.1).
        """
        value = parameters.get("code_challenge")
        named = parameters.get("code_challenge_method")
        if value is None:
            if required or named is not None:
                raise OAuthError(
                    ErrorCode.INVALID_REQUEST,
                    "The parameter code_challenge is missing: "
                    + ("a public client must use PKCE." if required else "a method needs one."),
                )
            return None
        if named not in {None, *Method}:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST,
                f"Transform algorithm not supported: code_challenge_method is {named}; use S256.",
            )
        method = Method.PLAIN if named is None else Method(named)
        if method is Method.PLAIN and not allow_plain:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST,
                "Transform algorithm not supported: code_challenge_method is plain"
                + (" (what its absence means)" if named is None else "")
                + "; use S256, or switch on the policy allow_plain_pkce.",
            )
        shape = _S256_CHALLENGE if method is Method.S256 else _VERIFIER
        if shape.match(value) is None:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST,
                "The code_challenge is not "
                + (
                    "43 characters of base64url, which SHA-256 gives."
                    if method is Method.S256
                    else "43 to 128 letters, digits, '-', '.', '_' or '~'."
                ),
            )
        return cls(value, method)


def check(challenge: Challenge | None, verifier: str | None) -> None:
    """Compare a code's challenge with the verifier of a token request (RFC 7636 §4.6).

    Raises `OAuthError` (`invalid_grant`); the caller must burn the code then, because a code
    that can be tried again can be guessed at.
    """
    if challenge is None:
        if verifier is not None:
            raise OAuthError(
                ErrorCode.INVALID_GRANT,
                "A code_verifier came for a code that was asked for without a code_challenge.",
            )
        return
    if verifier is None:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            "The code_verifier is missing: the code was asked for with a code_challenge.",
        )
    if _VERIFIER.match(verifier) is None:
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            "The code_verifier is not 43 to 128 letters, digits, '-', '.', '_' or '~'.",
        )
    made = challenge_of(verifier) if challenge.method is Method.S256 else verifier
    if not hmac.compare_digest(made, challenge.value):
        raise OAuthError(
            ErrorCode.INVALID_GRANT,
            f"The code_verifier does not fit the code_challenge (method {challenge.method}).",
        )
