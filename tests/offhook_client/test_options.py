"""The declared constants: bounds are computed from them, so they are pinned here."""

import msgspec

from offhook_client.options import DEFAULT, Options


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert msgspec.structs.asdict(DEFAULT) == {
        "interactive_deadline_s": 10.0,
        "background_deadline_s": 60.0,
        "request_timeout_s": 4.0,
        "connect_timeout_s": 3.0,
        "attempts": 4,
        "backoff_base_s": 0.25,
        "backoff_cap_s": 20.0,
        "spread": 0.2,
        "budget_ratio": 0.1,
        "budget_floor_per_s": 1.0,
        "budget_life_s": 10.0,
        "ping_interval_s": 5.0,
        "ping_timeout_s": 3.0,
        "close_timeout_s": 1.0,
        "open_timeout_s": 5.0,
        "silence_s": 12.0,
        "reconnect_first_s": 1.0,
        "reconnect_cap_s": 30.0,
        "restart_spread_s": 5.0,
        "reset_after_s": 60.0,
        "poll_s": 5.0,
        "refresh_at": 0.8,
        "refresh_jitter": 0.1,
        "reassertions": 5,
        "reassertion_window_s": 60.0,
    }


def test_two_attempts_fit_into_an_interactive_deadline() -> None:
    assert 2 * DEFAULT.request_timeout_s + DEFAULT.backoff_base_s < DEFAULT.interactive_deadline_s


def test_silence_is_longer_than_two_heartbeats_of_the_mock() -> None:
    assert DEFAULT.silence_s > 2 * 5.0


def test_options_are_a_value() -> None:
    assert Options() == DEFAULT
