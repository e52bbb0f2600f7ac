"""Clients by name: ours, anybody's, and what is said of those that are not there."""

from pathlib import Path

import pytest

from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check.clients import ClientError, find_client
from offhook_scenarios.run import DESKS


@pytest.mark.parametrize("name", DESKS)
def test_ours_are_known_by_name(name: str) -> None:
    assert find_client(name)(1).name == name


def test_anybodys_is_found_by_module_and_factory() -> None:
    make = find_client("offhook_scenarios.adapters.naive:NaiveDesk")
    assert make.__name__ == NaiveDesk.__name__


def test_it_is_looked_for_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "their_own_desk.py").write_text("def make(seed):\n    return seed\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [])
    assert find_client("their_own_desk:make").__name__ == "make"


def test_a_mutant_is_known_by_its_name() -> None:
    assert find_client("mutant:no_resync")(1).name == "mutant:no_resync"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("mutant:no_resink", r"There is no mutant 'no_resink' \(did you mean no_resync"),
        ("refrence", "no client 'refrence': it is naive, reference, or module:factory"),
        ("module:", "it is naive, reference"),
        ("no_such_module:make", "cannot be imported: No module named 'no_such_module'"),
        ("offhook_scenarios.run:nothing", "module offhook_scenarios.run has no nothing"),
        ("offhook_scenarios.run:START_WITHIN_S", "no factory"),
    ],
)
def test_what_is_not_there_is_told_with_what_would_be_right(name: str, error: str) -> None:
    with pytest.raises(ClientError, match=error):
        find_client(name)
