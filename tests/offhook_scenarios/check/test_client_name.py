"""What tells a guest from a client of this process."""

import pytest

from offhook_scenarios.check.client_name import is_guest


@pytest.mark.parametrize(
    "name", ["stdio:node x.js", "ws", "ws:8000", "ws:./desk", "browser:http://x"]
)
def test_a_guest_is_known_by_the_word_before_the_colon(name: str) -> None:
    assert is_guest(name)


@pytest.mark.parametrize("name", ["reference", "naive", "mutant:x", "my_tests.stdio:make"])
def test_all_else_is_played_in_this_process(name: str) -> None:
    assert not is_guest(name)
