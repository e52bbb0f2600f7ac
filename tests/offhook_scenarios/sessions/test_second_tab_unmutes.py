"""The naive desk never hears of the other tab."""

from collections.abc import Callable

from offhook_scenarios.sessions.second_tab_unmutes import SESSION
from offhook_scenarios.sessions.session import Session


def test_the_naive_desk_never_hears_of_the_other_tab(
    judged: Callable[[Session], dict[str, set[str]]],
) -> None:
    assert judged(SESSION) == {"naive": {"LIVE"}, "reference": {"ok"}}
