"""What a client logs, as far as it is worth keeping: its last lines, none of them long."""

import re
from collections import deque

LINES_KEPT = 200
WIDTH = 500
"""Characters kept of a line."""
_NAMES_AN_ERROR = re.compile(r"^\(uncaught\) |\b[\w.]*(?:Error|Exception)\b(?: \[\w+\])?:")
"""As pages, Node, Python, Java and .NET begin the line that says why they ended."""


class ClientLog:
    """The tail of a log. However much is written, it holds at most 200 lines."""

    def __init__(self) -> None:
        self._lines = deque[str](maxlen=LINES_KEPT)
        self.written = 0
        """How many lines there were in all."""

    def add(self, line: bytes) -> None:
        """A line as it came, in whatever encoding. Empty ones are left out."""
        text = line[: 4 * WIDTH].decode("utf-8", "replace").rstrip()
        if not text:
            return
        self.written += 1
        text = "".join(
            c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
        )
        self._lines.append(text if len(text) <= WIDTH else text[: WIDTH - 1] + "…")

    def tail(self, count: int = LINES_KEPT) -> tuple[str, ...]:
        """The last lines, oldest first."""
        return tuple(self._lines)[-count:]

    def telling(self) -> str | None:
        """The line that is most likely to say why it ended. None when it wrote nothing.

        The last that names an error, since a trace may follow it; else the last of all.
        """
        lines = tuple(self._lines)
        errors = [line for line in lines if _NAMES_AN_ERROR.search(line)]
        return (errors or lines or (None,))[-1]
