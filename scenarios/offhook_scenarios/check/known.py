"""Findings that a team knows of, held against what a check has found.

The file is that of the pytest plugin: `offhook.testing.expected`.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec

from offhook.testing.expected import Expected, ExpectedError, listed, read_expected
from offhook_scenarios.sessions.catalogue import CATALOGUE

CLOSE = 0.8
"""How alike two names are of which one is a slip of the other."""
GENERATED = "generated"
"""Where a finding of generated sessions stands in the file: all of them together."""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of it."""

    lines: tuple[str, ...]
    holds: bool
    """Whether all that was found is known, and all that is known was found."""


def load(path: Path | None) -> Expected | None:
    """The file. A mistake in it is a usage error."""
    if path is None:
        return None
    try:
        return read_expected(path)
    except ExpectedError as error:
        raise click.UsageError(str(error)) from error


def settle(expected: Expected, found: Mapping[str, frozenset[str]]) -> Settled:
    """`found` has every place that was played, also where nothing was found.

    Lines of the file about other places say nothing of this run.
    """
    lines, holds = list[str](), True
    for where, invariants in found.items():
        verdict = expected.verdict(where, invariants)
        holds = holds and verdict.holds
        if verdict.line is None:
            lines += [f"{where}: {listed(invariants)} is new."] if invariants else []
        elif verdict.holds:
            lines.append(f"{where}: {listed(invariants)} as expected: {verdict.line.reason}.")
        else:
            lines.append(f"{where}: {verdict.words}.")
    places = {GENERATED, *(session.id for session in CATALOGUE)}
    for line in expected:
        meant = get_close_matches(line.where, places, n=1, cutoff=CLOSE)
        if meant and line.where not in places:
            lines.append(f"{line.at}: there is no {line.where}; did you mean {meant[0]}?")
    return Settled(lines=tuple(lines), holds=holds)
