"""What a client logs, as far as it is worth keeping: its last lines, none of them long."""

from collections import deque

LINES_KEPT = 200
WIDTH = 500
"""Characters kept of a line."""


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
