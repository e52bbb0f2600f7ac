"""The naive desk takes a dead socket for a quiet one."""

from collections.abc import Callable

from offhook_scenarios.sessions.half_open_link_while_muting import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_takes_a_dead_socket_for_a_quiet_one(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
