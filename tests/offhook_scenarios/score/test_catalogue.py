"""Every rule: a client that breaks it, one that keeps it, and the page made of the table."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook_scenarios.score.catalogue import RULES, find_rule, page
from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import Seen

See = Callable[[str, str], Seen]
DOCS = Path(__file__).parents[3] / "docs"

BREAKERS = {
    "B01": "naive",
    "B02": "naive",
    "B03": "hasty",
    "B04": "naive",
    "B05": "exact",
    "B06": "exact",
    "B07": "late",
    "B08": "exact",
    "B09": "naive",
    "B10": "naive",
    "B11": "naive",
    "B12": "naive",
    "B13": "redials-steadily",
    "B20": "fixed",
    "B21": "hasty",
    "B22": "steady",
    "B23": "uncapped",
    "B24": "exponential",
    "B25": "exponential",
    "B30": "redials-steadily",
    "B31": "redials-at-once",
    "B32": "redials-steadily",
    "B33": "redials-steadily",
    "B40": "full-jitter",
    "B41": "full-jitter",
    "B42": "redials-steadily",
    "B43": "logs-in-for-ever",
    "B44": "naive",
    "B45": "nan",
}
"""Rule → a client that breaks it. `reference` keeps them all."""


def verdict(rule_id: str, client: str, see: See) -> tuple[Verdict, str]:
    rule = RULES[rule_id]
    judged = rule.judge({probe: see(client, probe) for probe in rule.probes})
    return judged.verdict, judged.words


@pytest.mark.parametrize("rule_id", RULES)
def test_each_rule_is_broken_by_a_client_that_does_so(rule_id: str, see: See) -> None:
    found, words = verdict(rule_id, BREAKERS[rule_id], see)
    assert found is Verdict.BROKEN, words


@pytest.mark.parametrize("rule_id", RULES)
def test_each_rule_is_kept_by_the_reference_client(rule_id: str, see: See) -> None:
    found, words = verdict(rule_id, "reference", see)
    assert found is Verdict.KEPT, words


def test_the_table_is_whole() -> None:
    assert set(BREAKERS) == set(RULES)
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    for rule_id, rule in RULES.items():
        assert rule.id == rule_id
        assert set(rule.probes) <= set(PROBES)
        for text in (rule.asks, rule.reason):
            assert text.endswith("."), text
        assert rule.reference
    assert {probe for rule in RULES.values() for probe in rule.probes} == set(PROBES)


@pytest.mark.parametrize("name", ["B01", "b01", "early-seconds", "EARLY-SECONDS"])
def test_a_rule_is_found_by_its_id_or_name(name: str) -> None:
    assert find_rule(name) is RULES["B01"]
    assert find_rule("B99") is None


def test_the_reference_page_is_made_of_the_table() -> None:
    written = (DOCS / "reference" / "backoff-rules.md").read_text(encoding="utf-8")
    assert written == page(), (
        "Write offhook_scenarios.score.catalogue.page() to docs/reference/backoff-rules.md."
    )
