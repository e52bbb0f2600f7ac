"""The naive desk shows live before there is audio."""

from collections.abc import Callable

from offhook_scenarios.sessions.conflict_while_initializing import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_shows_live_before_there_is_audio(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"UNHEARD"}, "reference": {"ok"}}
