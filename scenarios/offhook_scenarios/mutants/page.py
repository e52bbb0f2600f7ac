"""The page of mutants: what each does wrong, where it is known from, how it is found."""

from collections.abc import Iterator, Mapping
from statistics import median

from offhook_scenarios.mutants.figures import KILLS_MIN, NETWORKS, STREAMS, Figures, Found
from offhook_scenarios.mutants.mutant import PREFIX, Mutant
from offhook_scenarios.mutants.registry import MUTANTS, THEMES
from offhook_scenarios.plan.plan import written

_HEAD = """\
# Mutants

Each is the reference client with one bug. They prove that the oracles have teeth: every bug must
be noticed, and the client without it must not be suspected. `offhook check --client {prefix}NAME`
puts one through random sessions.

*Kills*: on how many of {networks} networks the directed plan shows the bug; {least} at least are
asked for. *Found at*: which random session showed it first, in each of {streams} streams of up to
{sessions:,}. *CPU*: what that took on the machine that wrote this page, at the median stream, in
seconds.
Written by `python -m offhook_scenarios.mutants.findability --write docs/reference/mutants.md`.
"""
_NOT_FOUND = "not"


def page(figures: Mapping[str, Figures], *, sessions: int) -> str:
    """The whole page. `figures` must have every mutant."""
    head = _HEAD.format(
        prefix=PREFIX,
        networks=NETWORKS,
        least=KILLS_MIN,
        streams=len(STREAMS),
        sessions=sessions,
    )
    return "\n".join([head, *_overview(figures), "", *_all_details()])


def _overview(figures: Mapping[str, Figures]) -> Iterator[str]:
    yield "| mutant | caught by | kills | found at | CPU |"
    yield "|---|---|--:|--:|--:|"
    for name, mutant in MUTANTS.items():
        yield f"| [`{name}`](#{name}) | {_caught(mutant)} | {_measured(figures[name])} |"


def _measured(figures: Figures) -> str:
    at = ", ".join(_session(found) for found in figures.streams)
    cpu_s = median(found.cpu_s for found in figures.streams)
    return f"{figures.kills} | {at} | {cpu_s:.1f}"


def row(figures: Figures) -> str:
    """One line for somebody who waits."""
    kills, at, cpu_s = _measured(figures).split(" | ")
    return f"{figures.name:26} kills {kills:>2}   found at {at:20} {cpu_s} s"


def _session(found: Found) -> str:
    return _NOT_FOUND if found.session is None else f"{found.session:,}"


def _caught(mutant: Mutant) -> str:
    return " ".join(invariant.value for invariant in mutant.caught_by)


def _all_details() -> Iterator[str]:
    for theme, mutants in THEMES.items():
        yield f"## {theme}"
        yield ""
        for mutant in mutants:
            yield from details(mutant)


def details(mutant: Mutant) -> Iterator[str]:
    """What is known of a mutant without playing it."""
    source = mutant.ports if mutant.link is None else f"[{mutant.ports}]({mutant.link})"
    yield f"### {mutant.name}"
    yield ""
    yield f"{mutant.bug[0].upper()}{mutant.bug[1:]}. Known from: {source}."
    yield f"Caught by {_caught(mutant)}, in this plan: `{written(mutant.plan).decode()}`."
    yield ""
