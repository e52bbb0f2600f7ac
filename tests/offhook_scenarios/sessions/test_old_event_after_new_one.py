"""The naive desk believes whatever came last."""

from collections.abc import Callable

from offhook_scenarios.sessions.old_event_after_new_one import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_believes_whatever_came_last(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
