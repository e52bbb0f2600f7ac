"""Results for programs, and the page that describes them."""

import json
import re
from pathlib import Path

import msgspec

from offhook_scenarios.check.document import VERSION, document, session
from offhook_scenarios.check.found import as_they_are
from offhook_scenarios.check.report import Report, show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.oracles.excuses import Excused
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "check-json.md"
NAIVE = Setup(client="naive")
EXCUSED = Judged(
    plan=Plan(policies={"versions": False}),
    findings=(),
    excused=(
        Excused(
            finding=Finding(invariant=Invariant.I14, desk="desk 1", words=""),
            policy="versions=False",
            reason="nobody can tell",
        ),
    ),
    digest="d",
    elapsed_s=1.0,
)


def made() -> dict[str, object]:
    tally = Tally(budget_s=2, counts=NAIVE.counts)
    tally.add(NAIVE.play(NAIVE.plan(30)))
    found = tuple(as_they_are(tally.candidates))
    report = Report(setup=NAIVE, sessions="seed 30", tally=tally, found=found, wall_s=2.0)
    document_ = document(report, show(found[0].plan, NAIVE))
    again: dict[str, object] = json.loads(json.dumps(document_))
    return again


def test_it_holds_sums_and_what_was_found() -> None:
    report = made()
    assert report["version"] == VERSION
    assert report["sessions"] == {"asked": "seed 30", "played": 1, "broke": 1}
    found = report["found"]
    assert isinstance(found, list)
    assert {each["invariant"] for each in found} == set(report["broken"])  # type: ignore[call-overload]  # - a dict.
    assert found[0]["moments"][0]["who"] == "start"
    assert "moments" not in found[-1]


def test_what_is_excused_is_counted_with_its_reason() -> None:
    tally = Tally(budget_s=2, counts=NAIVE.counts)
    tally.add(EXCUSED)
    report = Report(setup=NAIVE, sessions="one", tally=tally, found=(), wall_s=2.0)
    (row,) = document(report)["excused"]
    assert (row["invariant"], row["policy"], row["sessions"]) == ("I14", "versions=False", 1)
    assert "nobody can tell" in row["because"]


def test_what_was_not_judged_is_told_with_its_reason_and_how_often() -> None:
    tally = Tally(budget_s=2, counts=NAIVE.counts)
    for not_judged in ({Invariant.I4: "versions: none", Invariant.I5: "numbers: none"}, {}):
        tally.add(msgspec.structs.replace(EXCUSED, not_judged=not_judged))
    tally.add(msgspec.structs.replace(EXCUSED, not_judged={Invariant.I4: "versions: none"}))
    report = Report(setup=NAIVE, sessions="three", tally=tally, found=(), wall_s=2.0)
    assert document(report)["notJudged"] == {
        "I4": "versions: none (in 2 of 3 sessions)",
        "I5": "numbers: none (in 1 of 3 sessions)",
    }


def test_a_session_played_again_says_whether_its_bytes_are_the_same() -> None:
    shown = show(NAIVE.plan(30), NAIVE)
    again = session(shown, NAIVE, same=True)
    assert again["sameBytes"] is True
    assert again["broke"] is True
    assert json.loads(json.dumps(again))["moments"][0]["who"] == "start"


def test_the_page_names_every_member() -> None:
    described = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    report = made()
    again = session(show(NAIVE.plan(30), NAIVE), NAIVE, same=None)
    found = report["found"]
    assert isinstance(found, list)
    members = {*report, *again, *found[0], *found[0]["findings"][0], *found[0]["moments"][0]}
    assert described == members
