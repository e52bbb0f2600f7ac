"""What is told of a text that is no plan: where it is wrong, and what would be right."""

import json
import re
from collections.abc import Sequence

import msgspec

from offhook.faults.catalogue import near

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON, or no such JSON."""

_STEP = re.compile(r"steps\[(\d+)\]\.do`$")
_VERSION = re.compile(r"`\$\.(?:plan\.)?version`$")


def told(error: Exception, text: bytes | str, *, kinds: Sequence[str], version: int) -> str:
    """Why `text` cannot be read, without a full stop.

    `error` is one of `UNREADABLE`; `kinds` are the words that steps may begin with, `version` the
    one that is read here.
    """
    words = str(error).rstrip(".")
    if isinstance(error, msgspec.ValidationError):
        value = msgspec.json.decode(text)
        if found := _STEP.search(words):
            number = int(found[1])
            given = value.get("plan", value)["steps"][number]["do"]
            hint = f"{given!r}{near(given, kinds)}, and there are {', '.join(kinds)}"
            words = f"step {number + 1} does {hint}"
        elif _VERSION.search(words):
            given = value.get("plan", value)["version"]
            words = f"it is a plan of version {given!r}, and version {version} is read here"
    elif isinstance(error, msgspec.DecodeError):
        words = _place(text) or words
    return words


def _place(text: bytes | str) -> str | None:
    """Line and column of what is no JSON, as Python tells them."""
    try:
        json.loads(text.decode() if isinstance(text, bytes) else text)
    except UnicodeDecodeError as error:
        return f"it is no UTF-8: {error.reason} at byte {error.start}"
    except (ValueError, RecursionError) as error:
        return f"it is no JSON: {error}"
    return None
