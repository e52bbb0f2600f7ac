"""The surroundings of a replay."""

import sys

import pytest

from offhook_scenarios.check import key
from offhook_scenarios.check.key import difference, surroundings


def test_it_names_python_and_every_library_that_writes_bytes() -> None:
    found = surroundings()
    assert list(found) == ["python", "aiohttp", "websockets", "offhook"]
    assert found["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert all(text[0].isdigit() for text in found.values())


def test_a_library_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "LIBRARIES", ("no-such-library",))
    assert surroundings()["no-such-library"] == "not installed"


def test_differences_are_told_by_name() -> None:
    then = {"python": "3.11", "aiohttp": "3.14.5"}
    assert difference(then, {**then, "more": "1"}) is None
    assert difference(then, {"python": "3.12"}) == (
        "python 3.12 instead of 3.11, aiohttp not installed instead of 3.14.5"
    )
