"""The naive desk listens too late."""

from collections.abc import Callable

from offhook_scenarios.sessions.headset_or_native_mute import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_listens_too_late(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"UNHEARD"}, "reference": {"ok"}}
