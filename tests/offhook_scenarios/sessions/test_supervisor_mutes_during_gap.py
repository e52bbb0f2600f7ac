"""The naive desk never reads what it missed."""

from collections.abc import Callable

from offhook_scenarios.sessions.session import Session
from offhook_scenarios.sessions.supervisor_mutes_during_gap import SESSION


def test_the_naive_desk_never_reads_what_it_missed(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"UNHEARD"}, "reference": {"ok"}}
