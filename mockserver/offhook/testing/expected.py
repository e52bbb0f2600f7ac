"""Findings that a team knows of, so that it can start with a client that is not right yet.

A file of lines: where, which invariants, and why:

    # a test's node id; for `offhook check` a named session, or `generated`
    tests/test_desk.py::test_lost_answer  I3      takes no answer for a no, DESK-412

A finding that is not in the file fails the run, and so does a line whose finding is gone.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from offhook.domain.errors import OffhookError

# A node id may have spaces in it, so the invariants are what parts the fields.
_LINE = re.compile(r"(?P<where>\S.*?)\s+(?P<invariants>I\d+(?:,I\d+)*)(?:\s+(?P<reason>\S.*))?")
_SPLIT = re.compile(r"(?:^|\s)(I\d+(?:(?:\s*,\s*|\s+)I\d+)+)(?=[\s,]|$)")
"""Several invariants that something other than one comma parts: the rest would be the reason."""
_NAME = re.compile(r"I\d+")


class ExpectedError(OffhookError):
    """A file that cannot be read; the message is one sentence with its name and line."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the file."""

    where: str
    """A test's node id, or a session."""
    invariants: frozenset[str]
    reason: str
    at: str
    """`file:line`."""


class Expected:
    """All lines of a file. Empty: nothing is expected."""

    def __init__(self, lines: Iterable[Expectation] = ()) -> None:
        self._by_place = {line.where: line for line in lines}

    def __iter__(self) -> Iterator[Expectation]:
        """The lines, in their order."""
        return iter(self._by_place.values())

    def of(self, where: str) -> Expectation | None:
        """What is expected there, or None."""
        return self._by_place.get(where)

    def verdict(self, where: str, found: frozenset[str]) -> "Verdict":
        """What the invariants that were found there mean."""
        line = self.of(where)
        if line is None:
            return Verdict(new=found)
        return Verdict(line=line, new=found - line.invariants, gone=line.invariants - found)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """New findings and stale lines fail a run; what is expected, and there, does not."""

    line: Expectation | None = None
    new: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    @property
    def holds(self) -> bool:
        """Whether all that was found was expected, and the other way round."""
        return not self.new and not self.gone

    @property
    def words(self) -> str:
        """What does not fit, in a sentence; empty when all does."""
        parts = []
        if self.new and self.line is not None:
            parts.append(f"{listed(self.new)} is new there: it is not in {self.line.at}")
        if self.gone and self.line is not None:
            parts.append(
                f"{listed(self.gone)} is expected by {self.line.at} and did not come: "
                "take it out of the file"
            )
        return "; ".join(parts)


def listed(invariants: frozenset[str]) -> str:
    """`I2, I13`, in the order of their numbers."""
    return ", ".join(sorted(invariants, key=lambda name: int(name[1:])))


def read_expected(path: Path) -> Expected:
    """The file. Raises `ExpectedError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ExpectedError(f"The expected failures cannot be read from {path}: {what}.") from error
    lines: dict[str, Expectation] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        expectation = _read(line.strip(), at=f"{path}:{number}")
        if (other := lines.get(expectation.where)) is not None:
            raise ExpectedError(
                f"{expectation.at}: {expectation.where} stands in {other.at} already; put all its "
                "invariants into one line, as in I2,I3."
            )
        lines[expectation.where] = expectation
    return Expected(lines.values())


def _read(line: str, *, at: str) -> Expectation:
    several = _SPLIT.search(line)
    if several is not None and several[1] != (together := ",".join(_NAME.findall(several[1]))):
        raise ExpectedError(
            f"{at}: {several[1]!r} are several invariants: write them as {together}, with no "
            "space between them."
        )
    fields = _LINE.fullmatch(line)
    if fields is None:
        raise ExpectedError(
            f"{at}: {line!r} names no invariants: write where, which are expected to break there "
            "(as in I2 or I2,I3), and why."
        )
    where, reason = fields["where"], (fields["reason"] or "").strip(" #")
    if not reason:
        raise ExpectedError(f"{at}: say why {where} breaks, behind {fields['invariants']}.")
    invariants = frozenset(fields["invariants"].split(","))
    return Expectation(where=where, invariants=invariants, reason=reason, at=at)
