"""What tells a guest from a client of this process, and what was typed for it."""

import pytest

from offhook_scenarios.check.guest_options import GuestOptions, is_guest


@pytest.mark.parametrize(
    "name", ["stdio:node x.js", "ws", "ws:8000", "ws:./desk", "browser:http://x"]
)
def test_a_guest_is_known_by_the_word_before_the_colon(name: str) -> None:
    assert is_guest(name)


@pytest.mark.parametrize("name", ["reference", "naive", "mutant:x", "my_tests.stdio:make"])
def test_all_else_is_played_in_this_process(name: str) -> None:
    assert not is_guest(name)


def test_only_what_was_typed_counts_as_given() -> None:
    assert GuestOptions().given == []
    assert GuestOptions(muted_when="#m", only=("x",)).given == ["--muted-when", "--only"]


def test_what_plays_the_client_once_more_is_all_but_which_session() -> None:
    options = GuestOptions(mute="#m", instead_of=("http://a", "http://b"), speed=5.0)
    again = ["--mute", "#m", "--instead-of", "http://a", "--instead-of", "http://b", "--speed", "5"]
    assert options.setup == again
    assert GuestOptions(only=("x",), conformance=True).setup == []
