"""The naive desk takes a silent socket for a quiet one."""

from collections.abc import Callable

from offhook_scenarios.sessions.session import Session
from offhook_scenarios.sessions.token_expires_with_socket_open import SESSION


def test_the_naive_desk_takes_a_silent_socket_for_a_quiet_one(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
