"""The page of mutants: what it says without figures is what the registry says."""

from offhook_scenarios.mutants.findability import Figures, Found
from offhook_scenarios.mutants.page import details, row
from offhook_scenarios.mutants.registry import MUTANTS


def figures(name: str) -> Figures:
    streams = tuple(Found(session=at, cpu_s=cpu_s) for at, cpu_s in ((7, 0.2), (None, 9), (1, 0.1)))
    return Figures(name=name, kills=20, streams=streams)


def test_a_row_tells_what_was_measured() -> None:
    told = row(figures("no_resync"))
    assert " ".join(told.split()) == "no_resync kills 20 found at 7, not, 1 0.2 s"


def test_the_details_name_the_plan_and_the_source() -> None:
    told = "\n".join(details(MUTANTS["first_unmute_lost"]))
    assert "client-sdk-android/issues/109" in told
    assert '"do":"cut"' in told
