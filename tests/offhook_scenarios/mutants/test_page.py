"""The page of mutants: what it says without figures is what the registry says."""

import re
from pathlib import Path

from offhook_scenarios.mutants.figures import KILLS_MIN, NETWORKS, SESSIONS, Figures, Found
from offhook_scenarios.mutants.page import details, page, row
from offhook_scenarios.mutants.registry import MUTANTS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "mutants.md"

_ROW = re.compile(r"\| \[`(\w+)`\]\(#\1\) \| ([I0-9 ]+) \| (\d+) \| ([\w, ]+) \| (\d+\.\d) \|")


def figures(name: str) -> Figures:
    streams = tuple(Found(session=at, cpu_s=cpu_s) for at, cpu_s in ((7, 0.2), (None, 9), (1, 0.1)))
    return Figures(name=name, kills=20, streams=streams)


def test_a_row_tells_what_was_measured() -> None:
    told = row(figures("no_resync"))
    assert " ".join(told.split()) == "no_resync kills 20 found at 7, not, 1 0.2 s"


def test_the_page_is_that_of_the_registry() -> None:
    written = PAGE.read_text(encoding="utf-8")
    again = page({name: figures(name) for name in MUTANTS}, sessions=SESSIONS)
    assert _without_figures(written) == _without_figures(again)


def test_every_figure_of_the_page_is_good_enough() -> None:
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [name for name, *_ in rows] == list(MUTANTS)
    assert all(KILLS_MIN <= int(kills) <= NETWORKS for _, _, kills, *_ in rows)


def test_the_details_name_the_plan_and_the_source() -> None:
    told = "\n".join(details(MUTANTS["first_unmute_lost"]))
    assert "client-sdk-android/issues/109" in told
    assert '"do":"cut"' in told


def _without_figures(text: str) -> str:
    rows = _ROW.sub(r"| \1 | \2 |", text)
    return re.sub(r"up to\n[\d,]+\. ", "up to\n", rows)
