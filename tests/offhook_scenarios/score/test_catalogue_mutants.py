"""The reference client with one bug each, made by others for other oracles: the card finds them."""

from collections.abc import Callable

import pytest

from offhook_scenarios.score.catalogue import find_rule
from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import Seen

See = Callable[[str, str], Seen]


@pytest.mark.parametrize(
    ("mutant", "rule_name"),
    [
        ("ignore_retry_after", "early-seconds"),
        ("retry_after_milliseconds", "huge"),
        ("retry_after_number_only", "early-date"),
        ("gate_per_request", "gate"),
        ("retry_storm", "malformed"),
        ("fresh_key", "duplicate-writes"),
    ],
)
def test_the_bug_breaks_the_rule_that_is_about_it(mutant: str, rule_name: str, see: See) -> None:
    rule = find_rule(rule_name)
    assert rule is not None
    judged = rule.judge({probe: see(f"mutant:{mutant}", probe) for probe in rule.probes})
    assert judged.verdict is Verdict.BROKEN, judged.words
