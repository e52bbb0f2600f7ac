"""The naive desk never reads what the reconnect did."""

from collections.abc import Callable

from offhook_scenarios.sessions.reconnect_resets_to_unmuted import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_never_reads_what_the_reconnect_did(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
