"""The trace of a mock: what it saw, as JSON lines, written while it sees it.

A first line says what it is of; each org that follows a reset begins with another one. It holds
no secret: the journal names tokens by their public ids.
"""

import logging
import platform
from importlib.metadata import version
from pathlib import Path

import msgspec

from offhook.adapters.line_file import LineFile
from offhook.domain.errors import OffhookError
from offhook.journal import Journal

VERSION = 1
"""Of the form of a trace."""

logger = logging.getLogger("offhook.trace")


class TraceFileError(OffhookError):
    """The file cannot be written. The message says why."""


class TraceFile:
    """Follows a journal into a file. Raises `TraceFileError` when that cannot be opened."""

    def __init__(self, path: Path, *, seed: int, test: str | None = None) -> None:
        try:
            self._lines = LineFile(path)
        except OSError as error:
            raise TraceFileError(
                f"The trace {path} cannot be written: {error.strerror}."
            ) from error
        self._seed, self._test = seed, test

    def follow(self, journal: Journal) -> None:
        """Write down what this journal records from now on."""
        self._write(head(seed=self._seed, test=self._test, dropped=journal.dropped.entries))
        journal.sink = self._write

    def _write(self, line: bytes) -> None:
        before = self._lines.error
        self._lines.write(line)
        if self._lines.error is not before:
            assert self._lines.error is not None
            logger.error(
                "The trace %s ends here: %s.", self._lines.path, self._lines.error.strerror
            )

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def head(*, seed: int, test: str | None = None, dropped: int = 0) -> bytes:
    """The line with which a trace begins. `dropped`: so many entries came before, unwritten."""
    first = {
        "trace": VERSION,
        "offhook": version("offhook"),
        "python": platform.python_version(),
        **({} if test is None else {"test": test}),
        "seed": seed,
        "dropped": dropped,
    }
    return msgspec.json.encode(first)
