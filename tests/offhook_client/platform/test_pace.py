"""The times hang together."""

from offhook_client.options import Options
from offhook_client.platform.pace import DEFAULT


def test_a_dead_link_is_found_long_before_the_platforms_heartbeat() -> None:
    assert DEFAULT.ping_s + DEFAULT.pong_s < 30.0


def test_topics_are_renewed_well_within_the_channels_day() -> None:
    assert DEFAULT.renewal_s * 3 < 86_400.0


def test_patience_ends_before_the_persons_does() -> None:
    assert DEFAULT.patience_s < Options().interactive_deadline_s / 2
