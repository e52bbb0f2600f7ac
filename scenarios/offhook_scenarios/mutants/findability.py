"""How well each mutant is found: by its directed plan, and by random search.

    python -m offhook_scenarios.mutants.findability --write docs/reference/mutants.md

plays every mutant through 20 networks of its plan and, in three streams, through up to 1,000
random sessions, and writes the page with the figures.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice
from pathlib import Path

import click
import msgspec

from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.mutants.figures import NETWORKS, SESSIONS, STREAMS, Figures, Found
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.page import page, row
from offhook_scenarios.mutants.registry import MUTANTS
from offhook_scenarios.oracles.finding import Finding
from offhook_scenarios.plan.judgement import Judged, run_plan
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.plan.swarm import generate


def networks(plan: Plan) -> Iterator[Plan]:
    """The directed plan on each of its networks."""
    for seed in range(NETWORKS):
        yield msgspec.structs.replace(plan, seed=plan.seed + seed)


def shows(mutant: Mutant, judged: Judged) -> bool:
    """Whether somebody noticed who must notice this mutant."""
    return any(counts(mutant, finding) for finding in judged.findings)


def counts(mutant: Mutant, finding: Finding) -> bool:
    """Whether this finding is one that this mutant must cause."""
    return finding.invariant in mutant.caught_by


def kills(mutant: Mutant) -> int:
    """On how many networks the directed plan shows the mutant."""
    with quiet():
        return sum(shows(mutant, run_plan(plan, mutant.make)) for plan in networks(mutant.plan))


def alarms(mutant: Mutant, *, count: int = NETWORKS) -> list[Judged]:
    """Where the reference client breaks in the plan that was made for this mutant."""
    with quiet():
        played = (run_plan(plan, reference) for plan in islice(networks(mutant.plan), count))
        return [judged for judged in played if judged.findings]


def reference(seed: int) -> ReferenceDesk:
    """The client without the bug."""
    return ReferenceDesk(seed=seed)


def found(mutant: Mutant, first: int, *, sessions: int = SESSIONS) -> tuple[Found, Judged | None]:
    """Random sessions from this seed on, until one shows the mutant."""
    began = time.process_time()
    with quiet():
        for session in range(1, sessions + 1):
            judged = run_plan(generate(first + session), mutant.make)
            if shows(mutant, judged):
                return Found(session=session, cpu_s=time.process_time() - began), judged
    return Found(session=None, cpu_s=time.process_time() - began), None


def measure(name: str, sessions: int = SESSIONS) -> Figures:
    """All figures of one mutant. Called in a process of its own."""
    mutant = MUTANTS[name]
    return Figures(
        name=name,
        kills=kills(mutant),
        streams=tuple(found(mutant, first, sessions=sessions)[0] for first in STREAMS),
    )


def measure_all(names: Iterable[str], *, jobs: int, sessions: int) -> Iterator[Figures]:
    """As they come."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for future in as_completed([pool.submit(measure, name, sessions) for name in names]):
            yield future.result()


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(MUTANTS)), metavar="[NAME]...")
@click.option("--sessions", type=click.IntRange(1, 1_000_000), default=SESSIONS, show_default=True)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="The page.")
def main(*, names: tuple[str, ...], sessions: int, jobs: int, write: Path | None) -> None:
    """Measure how well mutants are found: all, or those that are named.

    \b
    Examples:
      python -m offhook_scenarios.mutants.findability no_resync trust_response
      python -m offhook_scenarios.mutants.findability --write docs/reference/mutants.md
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    if write is not None and names:
        raise click.UsageError("--write writes the whole page: name no mutants with it.")
    figures: dict[str, Figures] = {}
    for each in measure_all(names or MUTANTS, jobs=jobs, sessions=sessions):
        figures[each.name] = each
        click.echo(
            f"{len(figures):3} of {len(names or MUTANTS)}  {row(each)}", err=write is not None
        )
    if write is not None:
        write.write_text(page(figures, sessions=sessions), encoding="utf-8")


if __name__ == "__main__":
    main()
