"""What a check has judged so far, as lines that only grow: a run killed anywhere leaves them.

The first line says what was checked; each session follows as it is judged, and one in which
something broke with all that `offhook replay` needs.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from offhook import __version__
from offhook.adapters.line_file import LineFile, LineFileError, read_lines
from offhook.server import SurroundingsError
from offhook_scenarios.check import finding
from offhook_scenarios.check.finding import Saved
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import PlanError, check_plan

VERSION = 1
"""Of the form of these files."""
_MARK = b'{"check":'
_SEEDS_NAMED = 10


class Heading(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The first line of a run. Runs may follow each other in one file."""

    check: int = VERSION
    offhook: str = __version__
    sessions: str
    """Which ones they are, in words."""
    client: str
    surroundings: dict[str, str]


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One session."""

    seed: int
    elapsed_s: float
    digest: str = ""
    advised: tuple[str, ...] = ()
    """Findings that do not count."""
    broke: Saved | None = None
    """The session, where something broke that counts."""


class CheckTrace:
    """Writes the lines. A context manager; raises `SurroundingsError` when it cannot be opened."""

    def __init__(self, path: Path, setup: Setup, *, sessions: str) -> None:
        try:
            self._lines = LineFile(path)
        except OSError as error:
            raise SurroundingsError(f"{path} cannot be written: {error.strerror}.") from error
        self._setup = setup
        self._write(Heading(sessions=sessions, client=setup.client, surroundings=surroundings()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()

    def add(self, judged: Judged) -> None:
        """A session was judged. Raises `SurroundingsError` when it cannot be written down."""
        broke = self._setup.broken(judged)
        self._write(
            Line(
                seed=judged.plan.seed,
                elapsed_s=judged.elapsed_s,
                digest=judged.digest,
                advised=tuple(finding.line(each) for each in judged.findings if each not in broke),
                broke=finding.saved(judged, self._setup) if broke else None,
            )
        )

    def note(self, row: dict[str, Any]) -> None:
        """As `add`, of a named session, told as `--json` tells it."""
        self._write(row)

    def _write(self, line: Heading | Line | dict[str, Any]) -> None:
        self._lines.write(msgspec.json.encode(line))
        if self._lines.error is not None:
            raise SurroundingsError(
                f"{self._lines.path} cannot be written: {self._lines.error.strerror}."
            )


def load(path: Path, *, seed: int | None = None) -> Saved:
    """A finding to replay: that of its own file, or of a trace the one of the fewest steps.

    `seed` names another one of a trace. Raises `PlanError` with one sentence, and `OSError`.
    """
    with path.open("rb") as file:
        is_trace = file.readline(len(_MARK)) == _MARK
    if not is_trace:
        if seed is not None:
            raise PlanError(f"{path} is one finding, and no trace from which to choose.")
        return finding.load(path)
    found, names = _broken(path)
    fitting = [each for each in found if seed in {None, each.plan.seed}]
    if not fitting and names:
        raise PlanError(f"{path} is of named sessions, which `again` in a line tells how to play.")
    if not fitting:
        seeds = ", ".join(str(each.plan.seed) for each in found[:_SEEDS_NAMED])
        where = "" if seed is None else f" of the seed {seed}"
        others = f"; it did with the seeds {seeds}" if seeds else ""
        raise PlanError(f"In no session{where} in {path} anything broke{others}.")
    check_plan(fitting[0].plan)
    return fitting[0]


def _broken(path: Path) -> tuple[list[Saved], bool]:
    """The sessions in which something broke, those of the fewest steps first.

    And whether named ones are among them, which are none to replay.
    """
    try:
        values: list[Any] = list(read_lines(path).values)
        lines = [msgspec.convert(each, Line) for each in values if "seed" in each]
    except (LineFileError, msgspec.ValidationError, TypeError) as error:
        raise PlanError(f"{path} is no trace of a check: {str(error).rstrip('.')}.") from error
    found = [line.broke for line in lines if line.broke is not None]
    shortest_first = sorted(found, key=lambda each: (len(each.plan.steps), each.plan.seed))
    return shortest_first, any("session" in each for each in values)
