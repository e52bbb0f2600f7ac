"""The table of faults: every step has its class, every kind its name, and the page lists them."""

from pathlib import Path
from typing import get_args

import pytest
from tests.offhook_scenarios.faults.steps import ONE_OF_EACH

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.catalogue import CLASSES, HANDS, KINDS, kind_of
from offhook_scenarios.plan.plan import Force, Headset, Press, Step

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "plan.md"


def test_every_step_is_a_fault_or_a_hand() -> None:
    assert set(CLASSES) | set(HANDS) == set(get_args(Step))
    assert not set(CLASSES) & set(HANDS)


def test_there_is_a_step_of_every_kind() -> None:
    assert list(ONE_OF_EACH) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_of_the_kind_that_it_is_called(kind: str) -> None:
    assert kind_of(ONE_OF_EACH[kind]) == kind


def test_hands_are_kinds_too() -> None:
    hands = (Press(at_s=0, muted=True), Headset(at_s=0, muted=True), Force(at_s=0, muted=True))
    assert [kind_of(hand) for hand in hands] == ["press", "headset", "force"]


@pytest.mark.parametrize(
    ("kind", "evidence"),
    [
        ("429", Evidence.TUTORIAL),
        ("slow request", Evidence.DOCUMENTED),
        # What a desk sees is what `cut` and `refuse` do; that all is forgotten nobody says.
        ("restart", Evidence.DOCUMENTED),
        ("state lost", Evidence.ASSUMED),
    ],
)
def test_the_evidence_is_that_of_what_a_client_meets(kind: str, evidence: Evidence) -> None:
    assert KINDS[kind].evidence is evidence


def test_every_kind_says_what_it_is_and_how_we_know() -> None:
    for kind in KINDS.values():
        assert kind.meaning
        assert kind.evidence in Evidence


def test_the_page_lists_every_kind() -> None:
    rows = [
        f"| {name} | `{kind.step.__struct_config__.tag}` | {kind.meaning} | {kind.evidence} |"
        for name, kind in KINDS.items()
    ]
    text = PAGE.read_text(encoding="utf-8")
    assert "\n".join(rows) in text, "Write these rows to it:\n" + "\n".join(rows)
