"""The naive desk shows the old session's mute for the new one."""

from collections.abc import Callable

from offhook_scenarios.sessions.not_found_after_session_ended import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_shows_the_old_session_mute_for_the_new_one(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
