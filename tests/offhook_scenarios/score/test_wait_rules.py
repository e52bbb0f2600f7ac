"""Growth, cap and jitter: the borders, and what is too little to judge by."""

from collections.abc import Sequence

import pytest

from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import SOCKETS, Arrival, Press, Seen
from offhook_scenarios.score.wait_rules import RULES

BY_NAME = {rule.name: rule for rule in RULES}


def rows(*waits: Sequence[float], operation: str = "postWebrtcClientMute") -> list[Arrival]:
    """Arrivals of one client a row, so far apart."""
    found = []
    for client, row in enumerate(waits):
        at = 0.0
        for wait in (0.0, *row):
            at += wait
            found.append(
                Arrival(
                    at=at,
                    answered_at=at,
                    operation=operation,
                    method="POST",
                    status=503,
                    client=client,
                )
            )
    return found


def verdict(name: str, *waits: Sequence[float]) -> Verdict:
    rule = BY_NAME[name]
    operation = next(iter(SOCKETS)) if name.startswith("socket") else "postWebrtcClientMute"
    look = {
        probe: Seen(
            probe=probe,
            clients=max(1, len(waits)),
            began=0.0,
            ended=300.0,
            arrivals=tuple(rows(*waits, operation=operation)),
            presses=tuple(Press(at=0.0, client=number) for number in range(len(waits))),
        )
        for probe in rule.probes
    }
    return rule.judge(look).verdict


@pytest.mark.parametrize("name", BY_NAME)
def test_who_does_nothing_is_not_judged(name: str) -> None:
    rule = BY_NAME[name]
    nothing = {
        probe: Seen(probe=probe, clients=2, began=0.0, ended=9.0, arrivals=(), presses=())
        for probe in rule.probes
    }
    assert rule.judge(nothing).verdict is Verdict.NOT_JUDGED


@pytest.mark.parametrize(
    ("name", "waits", "found"),
    [
        ("growth", [[1.0]], "not judged"),
        ("growth", [[1.0, 1.4]], "broken"),
        ("growth", [[1.0, 1.5]], "kept"),
        ("growth", [[2.0, 0.5, 9.0], [2.0, 0.5, 9.0]], "kept"),
        ("cap", [[1.0] * 5], "not judged"),
        ("cap", [[1.0] * 5 + [121.0]], "broken"),
        ("cap", [[1.0] * 5 + [119.0]], "kept"),
        ("jitter", [[1.0]], "not judged"),
        ("jitter", [[1.0], [1.05]], "broken"),
        ("jitter", [[1.0], [1.2]], "kept"),
        ("jitter-at-cap", [[1.0] * 6, [1.0] * 5], "not judged"),
        ("jitter-at-cap", [[1.0] * 6, [2.0] * 5 + [1.0]], "broken"),
        ("jitter-at-cap", [[1.0] * 5 + [5.0], [1.0] * 5 + [9.0]], "kept"),
        ("amplification", [[1.0] * 19], "kept"),
        ("amplification", [[1.0] * 20], "broken"),
        ("immediate", [[0.02], [0.03]], "broken"),
        ("immediate", [[0.02], [0.2]], "kept"),
        ("socket-reset", [[0.5] * 11], "kept"),
        ("socket-reset", [[0.5] * 12], "broken"),
    ],
)
def test_the_borders(name: str, waits: list[list[float]], found: str) -> None:
    assert verdict(name, *waits).value == found
