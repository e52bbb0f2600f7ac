"""I4: named versions, and claims that must be explained by what was delivered."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Gate, Shown
from offhook_scenarios.oracles.monotonic_reads import MonotonicReads

LIVE, MUTED, UNKNOWN = Shown.LIVE, Shown.MUTED, Shown.UNKNOWN


def told() -> Story:
    """Live at 1.0, muted at 1.1, live at 1.2: each delivered as it was set."""
    story = Story().held(0, muted=False).answered(0, rev=0, muted=False)
    return story.hears(10, 1, muted=True).hears(20, 2, muted=False)


@pytest.mark.parametrize(
    "story",
    [
        told().shows(0, LIVE).shows(10, MUTED).shows(20, LIVE),
        told().shows(20, LIVE),
        told().shows(10, MUTED).shows(15, UNKNOWN).shows(16, MUTED),
        # Without a version, the screen may follow slowly: staleness is not its matter.
        told().shows(15, LIVE).shows(25, MUTED).shows(26, LIVE),
        # Its own gate is cut: that is what it speaks of.
        Story().shows(5, MUTED, gate=Gate.CUT),
        # A wish shown ahead of its confirmation, which comes; and one that is withdrawn.
        told().shows(0, LIVE).presses(9, muted=True).shows(9, MUTED).shows(20, LIVE),
        Story().presses(9, muted=True).shows(9, MUTED).shows(15, UNKNOWN),
        # News and screen of one moment, in whichever order they were noted.
        told().shows(9.95, MUTED),
        told().shows(0, LIVE, version=(1, 0)).shows(10, MUTED, version=(1, 1)),
        told().shows(0, LIVE, version=(1, 0)).shows(1, UNKNOWN).shows(2, LIVE, version=(1, 0)),
    ],
)
def test_what_was_told_and_not_older_may_be_claimed(story: Story) -> None:
    assert story.judged(MonotonicReads()) == []


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (
            told().shows(10, MUTED).shows(20, LIVE).shows(21, MUTED),
            "the screen says muted: only 1.1 said so, and the screen had shown 1.2 already",
        ),
        (Story().shows(5, MUTED), "the screen says muted: nothing that was delivered says so"),
        (told().shows(5, MUTED).shows(9, UNKNOWN), "nothing that was delivered says so"),
        (
            Story().presses(9, muted=True).shows(9, MUTED),
            "the screen says muted: nothing that was delivered says so",
        ),
        (
            told().shows(20, LIVE, version=(1, 2)).shows(21, LIVE, version=(1, 0)),
            "the version behind the screen went back from 1.2 to 1.0",
        ),
    ],
)
def test_what_is_older_or_was_never_told_may_not(story: Story, says: str) -> None:
    assert any(says in words for words in story.judged(MonotonicReads()))


def test_an_etag_explains_what_it_set() -> None:
    story = Story().presses(4, muted=True).writes(5, 1, muted=True).answered(6, 204, rev=1)
    assert story.shows(6, MUTED).judged(MonotonicReads()) == []


def test_a_new_epoch_is_newer_whatever_its_revision() -> None:
    story = told().shows(20, LIVE, version=(1, 2)).hears(30, 0, muted=True, epoch=2)
    assert story.shows(30, MUTED, version=(2, 0)).judged(MonotonicReads()) == []


def test_without_bytes_only_named_versions_are_judged() -> None:
    assert Story(watched=False).shows(5, MUTED).judged(MonotonicReads()) == []


def test_where_the_server_tells_no_version_nothing_is_older_and_it_says_so() -> None:
    story = (
        Story().answered(0, muted=False).shows(0, LIVE).hears(9, None, muted=True).shows(9, MUTED)
    )
    assert story.shows(10, LIVE).judged(MonotonicReads()) == []
    assert MonotonicReads().unjudged(story.case()) == "versions: the server tells none"


def test_who_names_no_version_is_told_so() -> None:
    assert MonotonicReads().unjudged(told().shows(0, LIVE).case()) is not None
    assert MonotonicReads().unjudged(told().shows(0, LIVE, version=(1, 0)).case()) is None
