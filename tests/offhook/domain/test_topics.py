"""Topic ids: what they mean, and which mean nothing."""

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.topics import MAX_ID, OF_USER, Topic, read_topics


@pytest.mark.parametrize("suffix", sorted(OF_USER))
def test_each_topic_of_a_user_is_read_and_named_again(suffix: str) -> None:
    name = f"v2.users.u-1.{suffix}"
    (topic,) = read_topics(name)
    assert topic == Topic(user_id="u-1", suffix=suffix)
    assert topic.name == name


def test_a_combined_id_means_each_of_its_topics() -> None:
    topics = read_topics("v2.users.u-1?conversations&station&conversations.calls")
    assert [topic.name for topic in topics] == [
        "v2.users.u-1.conversations",
        "v2.users.u-1.station",
        "v2.users.u-1.conversations.calls",
    ]


@pytest.mark.parametrize(
    ("topic_id", "said"),
    [
        ("", "There is no topic ''"),
        ("v2.users", "There is no topic 'v2.users'"),
        ("v2.users.", "There is no topic 'v2.users.'"),
        ("v2.queues.q.conversations", "looks like v2.users."),
        ("v2.users.u-1", "There is no topic ''"),
        ("v2.users.u-1.mute", "There is no topic 'mute' of a user; there are activity"),
        ("v2.users.u-1?conversations&mute", "There is no topic 'mute'"),
        ("v2.users.u-1?", "There is no topic ''"),
        ("v2.users.u.1?station", "looks like"),
        ("v2.users.u-1." + "x" * MAX_ID, f"at most {MAX_ID}"),
    ],
)
def test_an_id_that_means_nothing_is_refused_in_one_sentence(topic_id: str, said: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_topics(topic_id)
    assert refusal.value.code == "invalid.value"
    assert said in refusal.value.message
