"""What is shown and held, moment by moment."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Gate, Shown
from offhook_scenarios.oracles.screen import belief_at, claim, held_at, in_words, right_since


@pytest.mark.parametrize(
    ("news", "since"),
    [
        (((0, True), (1, Shown.MUTED)), 1),
        (((0, True), (1, Shown.MUTED), (2, Shown.UNKNOWN), (3, Shown.MUTED)), 3),
        (((0, True), (1, Shown.UNKNOWN)), None),
        (((0, True), (1, Shown.LIVE)), None),
        (((0, True), (1, Shown.MUTED), (50, False)), 1),
        (((0, True), (1, Shown.MUTED), (49, False)), None),
    ],
)
def test_a_screen_is_right_since_it_says_what_is_so(
    news: tuple[tuple[float, Shown | bool], ...], since: float | None
) -> None:
    story = Story()
    for at, what in news:
        story = story.shows(at, what) if isinstance(what, Shown) else story.held(at, muted=what)
    assert right_since(story.history, 50) == since


@pytest.mark.parametrize(
    ("belief", "claims"),
    [
        (Belief(shown=Shown.MUTED), True),
        (Belief(shown=Shown.LIVE), False),
        (Belief(shown=Shown.MUTING), None),
        (Belief(shown=Shown.UNKNOWN), None),
        (Belief(shown=Shown.MUTED, gate=Gate.CUT), None),
        (Belief(shown=Shown.MUTED, gate=Gate.CUT, version=(1, 0)), True),
        (Belief(shown=Shown.MUTED, gate=Gate.OPEN), True),
    ],
)
def test_who_speaks_of_the_own_gate_claims_nothing_of_the_server(
    belief: Belief, *, claims: bool | None
) -> None:
    assert claim(belief) is claims


def test_what_was_at_a_moment_includes_the_news_of_that_moment() -> None:
    history = Story().shows(5, Shown.MUTED).held(5, muted=True).history
    assert (belief_at(history, 4), held_at(history, 4)) == (UNAWARE, None)
    assert (belief_at(history, 5).shown, held_at(history, 5)) == (Shown.MUTED, True)


def test_words_for_what_is_shown_and_held() -> None:
    story = Story().shows(1, Shown.MUTED).held(2, muted=False)
    assert in_words(story.history, 3) == "it says muted, the device is connected and live"
    assert in_words(Story().history, 3) == "it says unknown, the device is not there"
