"""How handlers answer: JSON or nothing. One encoder, prebuilt headers."""

from datetime import UTC, datetime

import msgspec

from offhook.api.exchange import Response

JSON = ("Content-Type", "application/json")
"""The platform's content type, without a charset (wire contract §2)."""

_END_OF_CALENDAR = 253_402_300_799.0
"""The last second of the year 9999, which is as far as dates go."""

_encode = msgspec.json.Encoder().encode


def json_answer(status: int, value: object, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer whose body is `value` as JSON."""
    return Response(status=status, headers=(JSON, *headers), body=_encode(value))


def empty_answer(status: int, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer without a body; so are all 202 and 204 of the platform (wire contract §2)."""
    return Response(status=status, headers=headers)


def stamp(at: float) -> str:
    """Seconds since the Unix epoch as ISO 8601 in UTC with milliseconds and `Z`.

    What lies beyond the year 9999 is shown as its end.
    """
    moment = datetime.fromtimestamp(min(at, _END_OF_CALENDAR), UTC)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"
