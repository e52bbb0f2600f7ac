"""The naive desk is deaf after one 401."""

from collections.abc import Callable

from offhook_scenarios.sessions.session import Session
from offhook_scenarios.sessions.unauthorized_then_success import SESSION


def test_the_naive_desk_is_deaf_after_one_401(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"UNHEARD"}, "reference": {"ok"}}
