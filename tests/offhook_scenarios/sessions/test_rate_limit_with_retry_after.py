"""The naive desk gives the wish up and its screen says so."""

from collections.abc import Callable

from offhook_scenarios.sessions.rate_limit_with_retry_after import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_gives_the_wish_up_and_its_screen_says_so(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"ok"}, "reference": {"ok"}}
