"""Results in words."""

import msgspec
import pytest

from offhook_scenarios.check.found import Found
from offhook_scenarios.check.moments import Moment
from offhook_scenarios.check.report import Report, Shown, show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.check.words import MOMENTS_MAX, SURE_AFTER, replayed, told
from offhook_scenarios.drivers.shrink import Shrunk
from offhook_scenarios.faults.catalogue import KINDS
from offhook_scenarios.oracles.excuses import Excused
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan, Press
from offhook_scenarios.sim.trace import Divergence

HELD = Judged(
    plan=Plan(seed=1),
    findings=(),
    digest="d",
    elapsed_s=3600.0,
    converged_s=(0.5, 1.5),
    bites={"abort": 0},
)
BROKE = Judged(
    plan=Plan(seed=2, steps=(Press(at_s=1, muted=True),)),
    findings=(Finding(invariant=Invariant.I2, desk="desk 1", words="muted and heard"),),
    digest="d",
    elapsed_s=3600.0,
    exposed_s=12.0,
)
LOGGED = msgspec.structs.replace(BROKE, log=("desk 1: my-desk 2.0", "no microphone"))
FOUND = Found(
    invariant=Invariant.I2,
    first=msgspec.structs.replace(BROKE, plan=Plan(seed=9, steps=BROKE.plan.steps * 7)),
    shrunk=Shrunk(judged=BROKE, runs=31),
    reference_breaks=False,
)


def report(*judged: Judged, found: tuple[Found, ...] = ()) -> Report:
    tally = Tally(budget_s=2, counts=lambda _: True)
    for each in judged:
        tally.add(each)
    setup = Setup(client="naive")
    return Report(
        setup=setup, sessions="some", tally=tally, found=found, wall_s=2.0, shortened_s=7.5
    )


def test_a_check_without_findings_is_told_in_three_lines() -> None:
    assert told(report(HELD)) == [
        "1 session, 1.0 virtual hours in 2.0 s (2.0 s each): 1 held, 0 broke.",
        "Right again after all was quiet: p50 1.5 s, p99 1.5 s, longest 1.5 s.",
        "Shown muted and heard: 0.0 s at most, over 2 s in 0 sessions.",
    ]


def test_what_is_excused_is_told_with_its_policy() -> None:
    lost = Finding(invariant=Invariant.I14, desk="desk 1", words="")
    row = Excused(finding=lost, policy="versions=False", reason="nobody can tell")
    excused = msgspec.structs.replace(HELD, excused=(row,))
    assert told(report(excused))[-1] == (
        "Excused, as no client could do it: I14 in 1 (versions=False); --json says why."
    )


def test_the_shortest_session_is_told_with_its_likely_cause() -> None:
    lines = told(report(HELD, BROKE, found=(FOUND,)))
    assert lines[:2] == [
        "2 sessions, 2.0 virtual hours in 2.0 s (1 a second): 1 held, 1 broke.",
        "Shortening what broke took 7.5 s.",
    ]
    assert "\n".join(lines[3:]) == TOLD


def test_how_long_each_part_took_is_told_where_it_took_any() -> None:
    shown = Shown(judged=BROKE, played=None, took_s=13.4)
    lines = told(report(BROKE, found=(FOUND,)), shown)
    assert lines[1] == "Shortening what broke took 7.5 s, playing it once more 13.4 s."
    as_it_is = msgspec.structs.replace(FOUND, shrunk=Shrunk(judged=BROKE, runs=0))
    assert "Shortening" not in "".join(told(report(BROKE, found=(as_it_is,)), shown))
    assert "(0 a second)" in told(report())[0]


TOLD = """\
Shown muted and heard: 12.0 s at most, over 2 s in 1 session.
Broken: I2 in 1.

I2 breaks: The screen does not say muted while the caller can hear.
The shortest session that breaks it, 1 step; found as seed 9 with 7, shortened in 31 plays:

I2 desk 1: muted and heard.
Likely cause: Once it is connected again the client asks nobody for the state: read it, after \
the socket is open.
The reference client holds in this session."""


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"reference_breaks": True}, "The reference client breaks it too in this session"),
        ({"repeats": False}, "Seed 9 broke it, and did not when it was played again"),
        (
            {"repeats": False, "divergence": Divergence(index=7, one=None, other=None)},
            "Of two more plays of it: The traces differ from record 7 on:",
        ),
        ({"shrunk": Shrunk(judged=BROKE, runs=0)}, "As seed 9, 7 steps, not shortened:"),
        ({"shrunk": Shrunk(judged=LOGGED, runs=0)}, "  | no microphone"),
    ],
)
def test_what_is_odd_is_told(changes: dict[str, object], line: str) -> None:
    found = msgspec.structs.replace(FOUND, **changes)
    assert any(each.startswith(line) for each in told(report(BROKE, found=(found,))))


def test_the_other_invariants_are_named() -> None:
    other = msgspec.structs.replace(FOUND, invariant=Invariant.I1)
    lines = told(report(BROKE, found=(FOUND, other)))
    assert lines[-1] == "Also broken: I1 in 1 step (seed 2); `--invariant I1` shows that one."


def test_what_never_bit_is_told_once_it_is_sure() -> None:
    assert not any("Never bit" in line for line in told(report(HELD)))
    bitten = dict.fromkeys(KINDS, 1) | {"cut": 0}
    quiet = [msgspec.structs.replace(HELD, bites=bitten)] * SURE_AFTER
    assert "Never bit: cut." in told(report(*quiet))


def test_what_could_not_be_judged_is_told() -> None:
    silent = msgspec.structs.replace(
        HELD, not_judged={Invariant.I4: "named versions: no belief names one"}
    )
    assert told(report(silent))[-1] == (
        "Not judged of this client: named versions (I4); --json says why."
    )
    assert told(report(silent, HELD))[-1] == (
        "Not judged of this client: named versions (I4, in 1 of 2); --json says why."
    )


def test_findings_that_do_not_count_are_told_apart() -> None:
    tally = Tally(budget_s=2, counts=lambda _: False)
    tally.add(BROKE)
    made = msgspec.structs.replace(report(), tally=tally)
    assert told(made)[-1] == "On what is only assumed: I2 in 1; that counts with --strict only."


def test_a_session_played_again_is_told_with_its_moments() -> None:
    setup = Setup(client="naive")
    shown = show(Plan(seed=2), setup)
    lines = replayed(shown, setup.broken(shown.judged))
    assert "the screen says live" in lines[0]
    assert "Seed 2 broke, 0 steps:" in lines
    assert lines[-1].startswith("Likely cause: ")


def test_one_that_holds_when_it_is_told_is_told_so() -> None:
    shown = Shown(judged=HELD, played=None)
    lines = told(report(BROKE, found=(FOUND,)), shown)
    assert "  Played once more to be told, it held. This is how it went then:" in lines


def test_one_that_came_to_no_end_is_told_so() -> None:
    lines = replayed(Shown(judged=BROKE, played=None), BROKE.findings)
    assert lines[0] == "  It came to no end: nobody could write down what happened."


class Long:
    """A session of many moments."""

    moments = tuple(
        Moment(at_s=float(n), desk="desk 1", who="agent", what=f"moment {n}") for n in range(100)
    )
    judged = BROKE


def test_the_middle_of_a_long_one_is_left_out() -> None:
    lines = replayed(Long(), ())  # type: ignore[arg-type]  # - as a session is shown.
    assert lines.index("        …    60 more") == MOMENTS_MAX // 2
    assert "moment 99" in lines[MOMENTS_MAX]
