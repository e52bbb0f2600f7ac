"""How handlers answer: JSON or nothing. One encoder, prebuilt headers."""

from datetime import UTC, datetime

import msgspec

from offhook.api.exchange import Response

JSON = ("Content-Type", "application/json")
"""The platform's content type, without a charset (wire contract §2)."""

_encode = msgspec.json.Encoder().encode


def json_answer(status: int, value: object, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer whose body is `value` as JSON."""
    return Response(status=status, headers=(JSON, *headers), body=_encode(value))


def empty_answer(status: int, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer without a body; so are all 202 and 204 of the platform (wire contract §2)."""
    return Response(status=status, headers=headers)


def stamp(at: float) -> str:
    """Seconds since the Unix epoch as ISO 8601 in UTC with milliseconds and `Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
