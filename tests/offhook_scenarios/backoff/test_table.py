"""What is printed."""

import io
from typing import Any

from rich.console import Console

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.lab import Experiment, Limit, Result, judge
from offhook_scenarios.backoff.table import describe, print_table


def experiment(**changes: Any) -> Experiment:
    values: dict[str, Any] = {
        "herd": Herd(clients=1000, seed=4),
        "limit": Limit.TOKEN_BUCKET,
        "capacity_per_s": 10.0,
        **changes,
    }
    return Experiment(**values)


def printed(*results: Result, asked: Experiment) -> list[str]:
    out = io.StringIO()
    print_table(results, asked, Console(file=out, width=80))
    return out.getvalue().splitlines()


def test_the_experiment_is_one_paragraph() -> None:
    assert describe(experiment(limit=Limit.FIXED_WINDOW, outage_s=30.0)) == (
        "1,000 clients begin within 1 s. The server is a fixed window of 10 s, 10/s, and answers "
        "503 for the first 30 s. Ideal: 100 s. Seed 4."
    )


def test_each_policy_has_a_row_and_what_never_was_a_dash() -> None:
    asked = experiment()
    names = ("tutorial", "retry-after")
    lines = printed(*(judge(n, CATALOGUE[n].policy, asked) for n in names), asked=asked)
    tutorial = next(line for line in lines if line.startswith("tutorial"))
    assert tutorial.split()[2:6] == ["95%", "-", "-", "-"]
    heeding = next(line for line in lines if line.startswith("retry-after"))
    assert heeding.split()[2] == "0%"
    assert heeding.split()[-2] == "0%"
    assert "-" not in heeding.split()
    assert all(len(line) <= 96 for line in lines)


def test_a_finding_stands_beside_its_policy() -> None:
    lines = printed(Result(name="mine:delay", broken="delay(…) raised it."), asked=experiment())
    assert "mine:delay delay(…) raised it." in lines


def test_collapse_is_a_line_of_its_own() -> None:
    asked = experiment(collapse=True)
    lines = printed(judge("none", CATALOGUE["none"].policy, asked), asked=asked)
    assert any("recovers from a slow spell up to 9" in line for line in lines)
