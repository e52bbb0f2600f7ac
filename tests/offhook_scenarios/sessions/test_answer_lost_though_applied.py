"""The naive desk takes a lost answer for a lost request."""

from collections.abc import Callable

from offhook_scenarios.sessions.answer_lost_though_applied import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_takes_a_lost_answer_for_a_lost_request(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
