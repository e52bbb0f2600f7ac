"""The grade: shares, musts, and what is not judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook_scenarios.score.card import SOUND, Card, Grade, Row, judge
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.rule import Judged, Rule, Verdict, Weight, broke, kept, unjudged
from offhook_scenarios.score.seen import Seen


def rule(weight: Weight, rule_id: str = "X") -> Rule:
    return Rule(
        id=rule_id,
        name="x",
        asks="",
        reason="",
        reference="",
        weight=weight,
        probes=("seconds",),
        how=lambda _look: kept("fine"),
    )


def seen(broken: str | None = None) -> Seen:
    return Seen(
        probe="seconds", clients=2, began=0, ended=1, arrivals=(), presses=(), broken=broken
    )


def card(*rows: Row, broken: str | None = None) -> Card:
    return Card(client="x", rows=rows, seen=(seen(broken),), seed=1, on_wire=False)


def rows(good: int, bad: int, weight: Weight = Weight.NICE) -> list[Row]:
    return [Row(rule=rule(weight), judged=kept("")) for _ in range(good)] + [
        Row(rule=rule(weight), judged=broke("")) for _ in range(bad)
    ]


@pytest.mark.parametrize(
    ("good", "grade"),
    [(100, "A"), (90, "A"), (89, "B"), (80, "B"), (79, "C"), (65, "C"), (64, "D"), (49, "F")],
)
def test_the_share_of_the_weight_makes_the_letter(good: int, grade: str) -> None:
    assert card(*rows(good, 100 - good)).grade == Grade(grade)


def test_with_a_must_broken_there_is_nothing_better_than_c() -> None:
    assert card(*rows(99, 1, Weight.MUST)).grade is Grade.C
    assert card(*rows(50, 50, Weight.MUST)).grade is Grade.D


def test_what_is_not_judged_counts_neither_way() -> None:
    silent = [Row(rule=rule(Weight.MUST), judged=unjudged("")) for _ in range(9)]
    assert card(*silent).grade is None
    assert card(*silent, *rows(1, 0)).grade is Grade.A


def test_a_client_that_breaks_gets_f() -> None:
    assert card(*rows(9, 0), broken="broke").grade is Grade.F
    assert card(broken="did not start").grade is Grade.F
    unsound = Row(rule=rule(Weight.MUST, SOUND), judged=broke(""))
    assert card(*rows(99, 0), unsound).grade is Grade.F
    assert RULES[SOUND].name == "sound"


def test_grades_meet_what_is_asked_for() -> None:
    assert Grade.A.meets(Grade.B)
    assert Grade.B.meets(Grade.B)
    assert not Grade.C.meets(Grade.B)


def test_a_rule_is_asked_only_with_all_of_its_probes() -> None:
    def verdict(seen: dict[str, Seen], blind: dict[str, str]) -> tuple[Verdict, str]:
        found = judge([rule(Weight.NICE)], seen, client="x", seed=1, on_wire=False, blind=blind)
        return found.rows[0].judged.verdict, found.rows[0].judged.words

    assert verdict({"seconds": seen()}, {}) == (Verdict.KEPT, "fine")
    assert verdict({}, {}) == (Verdict.NOT_JUDGED, "not played: seconds")
    assert verdict({"seconds": seen()}, {"X": "cannot"}) == (Verdict.NOT_JUDGED, "cannot")
    assert verdict({"seconds": seen("broke")}, {}) == (Verdict.NOT_JUDGED, "broke")


VERDICTS = st.lists(
    st.tuples(st.sampled_from(Weight), st.sampled_from([kept(""), broke(""), unjudged("")])),
    max_size=12,
)


@given(VERDICTS, st.sampled_from(Weight))
def test_a_rule_more_that_is_broken_never_makes_a_grade_better(
    verdicts: list[tuple[Weight, Judged]], weight: Weight
) -> None:
    some = [Row(rule=rule(each), judged=judged) for each, judged in verdicts]
    before = card(*some).grade
    after = card(*some, Row(rule=rule(weight), judged=broke(""))).grade
    assert after is not None
    assert before is None or before.meets(after)
