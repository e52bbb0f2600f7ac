"""A page of single histories: loads nothing, escapes everything, shades where to look."""

import re

import msgspec
import pytest

from offhook_scenarios.demo import Demo
from offhook_scenarios.history import History
from offhook_scenarios.report.picture import LEGEND, page, picture


@pytest.fixture
def lying(small_demo: Demo) -> History:
    """Shown muted from 2 s on, though somebody unmutes at 10 s."""
    found = small_demo.outcomes[0].history
    assert found is not None
    return found


def test_a_lie_is_shaded_and_told(lying: History) -> None:
    told = picture(lying, budget_s=2)
    assert "the screen says muted, and the caller can hear" in told
    assert 'class="wrong LIVE"' in told
    assert "Look at" in told


def test_within_the_budget_nothing_is_shaded(lying: History) -> None:
    assert "Look at" not in picture(lying, budget_s=60)


def test_the_page_loads_nothing_and_escapes_what_it_is_given(lying: History) -> None:
    text = page("<b>title</b>", ["<i>line</i>"], [lying, lying], budget_s=2)
    assert text.count('<svg class="timeline"') == 2
    assert "<b>title" not in text
    assert "<i>line" not in text
    assert "<u>supervisor" not in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    assert all(f'class="key {kind}"' in text for kind, _ in LEGEND)


def test_a_session_that_was_over_at_once_is_drawn_too(lying: History) -> None:
    over = msgspec.structs.replace(lying, ended=lying.began)
    assert "<svg" in picture(over, budget_s=2)


def test_words_stand_below_the_pictures(lying: History) -> None:
    text = page("title", [], [lying], budget_s=2, words=["1.0 s  <agent>", "  presses"])
    assert "<pre>1.0 s  &lt;agent&gt;\n  presses</pre>" in text
    assert "<pre>" not in page("title", [], [lying], budget_s=2)


@pytest.mark.parametrize(("length_s", "ticks"), [(60, 13), (150, 16), (700, 24), (86_400, 25)])
def test_the_ticks_of_a_long_session_leave_room(
    lying: History, length_s: float, ticks: int
) -> None:
    long = msgspec.structs.replace(lying, ended=lying.began + length_s)
    assert picture(long, budget_s=2).count('class="tick"') == ticks
