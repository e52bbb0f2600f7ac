"""The trace of a mock: what it saw, as JSON lines, with a first line that says what it is of.

Lines are whole as they are written, so a trace that was cut off is readable to its last line.
It holds no secret: the journal names tokens by their public ids.
"""

import platform
from importlib.metadata import version

import msgspec

from offhook.server import MockServer

VERSION = 1
"""Of the form of a trace."""


def trace_of(server: MockServer, *, test: str) -> bytes:
    """The journal, from the oldest entry that is kept. To be called on the server's loop."""
    dropped = server.org.journal.dropped.entries
    first = {
        "trace": VERSION,
        "offhook": version("offhook"),
        "python": platform.python_version(),
        "test": test,
        "seed": server.seed,
        "dropped": dropped,
    }
    lines = [msgspec.json.encode(first)]
    lines += [msgspec.json.encode(entry) for entry in server.org.journal.entries()]
    return b"\n".join([*lines, b""])
