"""Which answers to a mute are the last word (RFC 9110 §15.5, §15.6)."""

_PASSING = frozenset({401, 404, 408, 409, 410, 412, 425, 429})
"""Refusals that ask for something else, or for another time."""
_FINAL_OF_SERVER = frozenset({501, 505})
_REFUSALS = range(400, 500)


def is_final(status: int) -> bool:
    """Whether asking again as before could not be answered otherwise."""
    return (status in _REFUSALS and status not in _PASSING) or status in _FINAL_OF_SERVER
