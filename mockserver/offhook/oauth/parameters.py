"""The parameters of an OAuth request, read as RFC 6749 §3.1 and §3.2 ask."""

from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qsl

import msgspec

from offhook.oauth.errors import ErrorCode, OAuthError

MAX_PARAMETERS = 100


class Parameters(msgspec.Struct, frozen=True):
    """Each parameter once. One without a value counts as absent (RFC 6749 §3.1)."""

    values: Mapping[str, str]
    repeated: frozenset[str] = frozenset()
    """Sent more than once, which is an error (RFC 6749 §3.1); `values` holds none of them."""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `application/x-www-form-urlencoded` text: a query or a form.

        Raises `OAuthError` (`invalid_request`) for what is not UTF-8 or has over 100 fields.
        """
        try:
            pairs = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
            )
        except UnicodeDecodeError as error:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST, "The parameters are not UTF-8 (RFC 6749 Appendix B)."
            ) from error
        except ValueError as error:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST, f"The request has over {MAX_PARAMETERS} parameters."
            ) from error
        names = [name for name, _ in pairs]
        repeated = frozenset(name for name in names if names.count(name) > 1)
        values = {name: value for name, value in pairs if value and name not in repeated}
        return cls(values, repeated)

    def get(self, name: str) -> str | None:
        """The value, or None."""
        return self.values.get(name)

    def require(self, name: str) -> str:
        """The value; raises `OAuthError` (`invalid_request`) when there is none."""
        value = self.values.get(name)
        if value is None:
            raise OAuthError(ErrorCode.INVALID_REQUEST, f"The parameter {name} is missing.")
        return value

    def refuse_repeated(self) -> None:
        """Raise `OAuthError` (`invalid_request`) when a parameter was sent more than once."""
        if self.repeated:
            raise OAuthError(
                ErrorCode.INVALID_REQUEST,
                f"The parameter {min(self.repeated)} was sent more than once.",
            )
