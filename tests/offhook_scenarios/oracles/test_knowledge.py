"""What a desk can have known."""

from tests.offhook_scenarios.oracles.stories import THEIRS, Story

from offhook_scenarios.oracles.knowledge import foreign, known


def test_events_answers_and_etags_tell_values_and_heartbeats_only_versions() -> None:
    story = (
        Story()
        .held(0, muted=False)
        .answered(1, rev=0, muted=False)
        .writes(2, 1, muted=True)
        .answered(3, 204, rev=1)
        .hears(4, 2, muted=False)
        .hears(5, 3, kind="heartbeat")
        .answered(6, 500)
        .hears(7, None, kind="")
    )
    assert [(piece.at, piece.version, piece.muted) for piece in known(story.history)] == [
        (1, (1, 0), False),
        (3, (1, 1), True),
        (4, (1, 2), False),
        (5, (1, 3), None),
    ]


def test_what_came_while_the_desk_was_leaving_may_not_have_been_read() -> None:
    story = Story().held(0, muted=False).hears(1, 1, muted=True).hears(2, 2, muted=False)
    story = story.hears(3, 3, muted=True, leaving=True)
    assert [piece.sure for piece in known(story.history)] == [True, True, False]
    assert [frame.at for frame in story.history.surely_heard] == [1, 2]


def test_a_frame_about_another_device_tells_nothing() -> None:
    story = Story().held(0, muted=False).hears(1, 7, muted=True, device=THEIRS)
    assert known(story.history) == []
    assert [frame.device_id for frame in foreign(story.history)] == [THEIRS]
