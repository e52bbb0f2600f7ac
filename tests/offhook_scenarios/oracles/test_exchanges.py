"""Which answer is of which request, and when what was set had left the desk."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.oracles.exchanges import exchanges, sent_at

PATH = "/clients/d1/mute"


def test_answers_come_in_the_order_of_their_requests() -> None:
    story = Story().asks(1).asks(2, path=PATH).answered(3).asks(4)
    story = story.answered(5, 204, path=PATH)
    found = [
        (ask.at, None if answer is None else answer.at) for ask, answer in exchanges(story.history)
    ]
    assert found == [(1, 3), (2, 5), (4, None)]


UNMUTED = Story().writes(5, 1, muted=False, asked_at=4.9)


@pytest.mark.parametrize(
    ("story", "at"),
    [
        # Nobody read the bytes; another value; too late to be it.
        (UNMUTED, 4.9),
        (UNMUTED.asks(4, path=PATH, muted=True), 4.9),
        (UNMUTED.asks(5.5, path=PATH, muted=False), 4.9),
        (UNMUTED.asks(4, path=PATH, muted=False).answered(6, 204), 4),
        (UNMUTED.asks(4, path=PATH, muted=False), 4),
        # The first attempt had been refused before; it may be on its way still.
        (
            UNMUTED.asks(2, path=PATH, muted=False)
            .answered(3, 429)
            .asks(4, path=PATH, muted=False),
            4,
        ),
        (UNMUTED.asks(2, path=PATH, muted=False).asks(4, path=PATH, muted=False), 2),
    ],
)
def test_a_request_is_sent_before_it_arrives(story: Story, at: float) -> None:
    (write,) = story.history.writes
    assert sent_at(story.history, write) == at
