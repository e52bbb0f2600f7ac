"""The errors of OAuth, by the names of its RFCs.

`OAuthError` is raised inside the authorization server and never leaves it: a refused request
may have changed something (a replayed refresh token revokes its family, a wrong code verifier
burns the code), and whatever is raised past `Org.receive` promises that nothing has changed.
So the server answers a refused request with the value `Refused`.
"""

from enum import StrEnum
from typing import Self

import msgspec

from offhook.domain.errors import OffhookError


class ErrorCode(StrEnum):
    """What `error` may say (RFC 6749 §4.1.2.1, §4.2.2.1 and §5.2)."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    INVALID_SCOPE = "invalid_scope"
    ACCESS_DENIED = "access_denied"


class OAuthError(OffhookError):
    """A request that OAuth refuses. `description` is one sentence for the client's developer.

    `challenge` says that the client tried to authenticate by the Authorization header, so
    that the answer must carry `WWW-Authenticate` (RFC 6749 §5.2).
    """

    def __init__(self, error: ErrorCode, description: str, *, challenge: bool = False) -> None:
        self.error = error
        self.description = printable(description)
        self.challenge = challenge
        super().__init__(f"{error}: {description}")


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a request that OAuth refuses."""

    error: ErrorCode
    description: str
    challenge: bool = False

    @property
    def status(self) -> int:
        """401 for a client that is not who it says it is, else 400 (RFC 6749 §5.2)."""
        return 401 if self.error is ErrorCode.INVALID_CLIENT else 400

    @classmethod
    def of(cls, error: OAuthError) -> Self:
        """The value of an error."""
        return cls(error=error.error, description=error.description, challenge=error.challenge)


def printable(text: str) -> str:
    """`text` in the characters that `error_description` may hold (RFC 6749 §5.2).

    These are the printable ASCII ones but `"` and the backslash.
    """
    plain = text.replace('"', "'").replace("\\", "/")
    return "".join(character if " " <= character <= "~" else "?" for character in plain)
