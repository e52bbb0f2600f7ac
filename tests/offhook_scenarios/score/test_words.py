"""The card in lines."""

from collections.abc import Callable
from io import StringIO

import pytest
from rich.console import Console

from offhook_scenarios.score.card import Card, Row, judge
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.play import broken
from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.rule import kept, unjudged
from offhook_scenarios.score.seen import Seen
from offhook_scenarios.score.words import lines, print_card, summary

See = Callable[[str, str], Seen]
EARLY = "5 of 5 retries came early: after 1.01 s instead of 3.00 s"
HUGE = "asked to stay away for an hour, it came back after 1.01 s"


def test_the_card_of_the_naive_desk(see: See) -> None:
    rules = [RULES[rule_id] for rule_id in ("B01", "B04", "B05")]
    seen = {probe: see("naive", probe) for probe in ("seconds", "huge")}
    card = judge(rules, seen, client="naive", seed=1, on_wire=False)
    assert [text for text, _ in lines(card)] == [
        "naive: 5 of it through 2 troubles, in virtual time.",
        "",
        f"B01  BROKEN  must    {'early-seconds':<19} {EARLY}",
        f"B04  BROKEN  must    {'huge':<19} {HUGE}",
        "B05  -       should  deadline            it did not wait at all",
        "",
        f"Grade F on only 2 of {len(RULES)} rules: 0 rules kept, 2 broken, 1 not judged. Seed 1.",
    ]
    out = StringIO()
    print_card(card, Console(file=out))
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize(
    ("judged", "told"),
    [
        (1, "Grade A on only 1 of 29 rules: 1 rule kept, 0 broken, 28 not judged. Seed 1."),
        (14, "Grade A on only 14 of 29 rules: 14 rules kept, 0 broken, 15 not judged. Seed 1."),
        (15, "Grade A: 15 rules kept, 0 broken, 14 not judged. Seed 1."),
    ],
)
def test_a_grade_on_few_rules_says_so_beside_the_letter(judged: int, told: str) -> None:
    rows = tuple(
        Row(rule=rule, judged=kept("it does") if number < judged else unjudged("it does not"))
        for number, rule in enumerate(RULES.values())
    )
    assert summary(Card(client="x", rows=rows, seen=(), seed=1, on_wire=False)) == told


def test_without_anything_judged_there_is_no_grade() -> None:
    card = judge([RULES["B01"]], {}, client="x", seed=1, on_wire=True)
    assert [text for text, _ in lines(card)][-1] == (
        "No grade: 0 rules kept, 0 broken, 1 not judged."
    )


def test_a_client_that_leaves_the_simulation_is_told_of_real_time() -> None:
    seen = broken(PROBES["seconds"], 2, "EscapeError: a thread")
    card = judge([RULES["B01"]], {"seconds": seen}, client="x", seed=1, on_wire=False)
    assert summary(card).startswith("Grade F: 0 rules kept")
    assert any("--real-time" in text for text, _ in lines(card))
