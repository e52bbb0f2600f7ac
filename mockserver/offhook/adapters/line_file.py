"""A file of JSON lines that only grows: killed anywhere, it is readable to its last whole line.

Each line goes to the system in one write as it comes, so the death of the process costs none of
them; what a power cut may cost is the system's to say.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from offhook.domain.errors import OffhookError

_TAIL_BYTES = 65_536


class LineFileError(OffhookError):
    """A line that is not the last is no JSON: something else has been written there."""


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of lines holds."""

    values: Sequence[Any]
    cut: bool
    """Whether the last line was broken off, and is left out."""


class LineFile:
    """Appends to a file, which is made when it is not there. Raises `OSError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.error: OSError | None = None
        """What stopped it, a full disk for one. Nothing is written any more."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o666)
        try:
            _drop_cut_line(self._file)
        except BaseException:
            os.close(self._file)
            raise

    def write(self, line: bytes) -> None:
        """Append a line, which holds no line break. Never raises: see `error`."""
        if self.error is not None:
            return
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self.error = error

    def close(self) -> None:
        """Let go of the file. Twice is once."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        self.error = self.error or OSError("It is closed.")


_BINARY = getattr(os, "O_BINARY", 0)


def _drop_cut_line(file: int) -> None:
    """A writer that was killed may have left the beginning of a line, which says nothing."""
    about = os.fstat(file)
    if not stat.S_ISREG(about.st_mode):
        return
    size = keep = about.st_size
    while keep > 0:
        start = max(0, keep - _TAIL_BYTES)
        os.lseek(file, start, os.SEEK_SET)
        at = os.read(file, keep - start).rfind(b"\n")
        keep = start + at + 1
        if at >= 0:
            break
    if keep < size:
        os.ftruncate(file, keep)


def read_lines(path: Path) -> Lines:
    """The values of a file of lines, but for a last line that was cut.

    Raises `LineFileError` for a wrong line before the last, and `OSError`.
    """
    return parse_lines(path.read_bytes(), where=str(path))


def parse_lines(content: bytes, *, where: str) -> Lines:
    """As `read_lines`, of the bytes of a file that errors call `where`."""
    *whole, last = content.split(b"\n")
    values = []
    for number, line in enumerate(whole, 1):
        try:
            values.append(msgspec.json.decode(line))
        except (ValueError, RecursionError) as error:  # Also for what is no UTF-8.
            raise LineFileError(
                f"{where}, line {number}: {str(error).rstrip('.')}. It is no file of JSON lines."
            ) from error
    return Lines(values=values, cut=bool(last))
