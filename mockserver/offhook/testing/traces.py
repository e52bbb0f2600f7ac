"""The trace of a mock that has seen it all already, in the form of `adapters.trace_file`."""

import msgspec

from offhook.adapters.trace_file import head
from offhook.server import MockServer


def trace_of(server: MockServer, *, test: str) -> bytes:
    """The journal, from the oldest entry that is kept. To be called on the server's loop."""
    journal = server.org.journal
    lines = [head(seed=server.seed, test=test, dropped=journal.dropped.entries)]
    lines += [msgspec.json.encode(entry) for entry in journal.entries()]
    return b"\n".join([*lines, b""])
