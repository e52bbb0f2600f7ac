"""Lengths of time as people write them: 2, "2s", "500ms", "24h"."""

import re

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?) ?([a-z]+)")

Duration = float | str
"""Seconds, or a text such as "500ms"."""


def seconds_of(duration: Duration) -> float:
    """The duration in seconds, 0 or more. Raises `ValueError`."""
    if isinstance(duration, str):
        found = _WRITTEN.fullmatch(duration.strip())
        if found is None or found[2] not in _UNITS_S:
            raise ValueError(
                f"{duration!r} is no length of time; write seconds, or a number and one of "
                f'{", ".join(_UNITS_S)}, as in "500ms".'
            )
        return float(found[1]) * _UNITS_S[found[2]]
    if not 0 <= duration < float("inf"):
        raise ValueError(f"{duration!r} is no length of time; it must be 0 or more.")
    return float(duration)
