"""Clients by name: ours, anybody's, and what is said of those that are not there."""

from pathlib import Path

import pytest

from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.check.clients import find_client
from offhook_scenarios.run import DESKS


@pytest.mark.parametrize("name", DESKS)
def test_ours_are_known_by_name(name: str) -> None:
    assert find_client(name)(1).name == name


def their_desk(_seed: int) -> NaiveDesk:
    """A factory."""
    return NaiveDesk()


def test_anybodys_is_found_by_module_and_factory() -> None:
    assert isinstance(find_client(f"{__name__}:their_desk")(1), NaiveDesk)


def test_it_is_looked_for_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "their_own_desk.py").write_text("def make(seed):\n    return seed\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [])
    assert find_client("their_own_desk:make").__name__ == "make"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ('stdi:"node x.js"', 'for the client .*: did you mean stdio:"node x\\.js"\\?$'),
        ("STDIO:x", r"did you mean stdio:x\?$"),
        ("mutnat:optimistic", r"did you mean mutant:optimistic\?$"),
        ("http://127.0.0.1:1/", r"is an address: a page is browser:http://127\.0\.0\.1:1/\.$"),
        ("./their/desk.py:make", r"is a file: name the module .* here, their\.desk:make\.$"),
        ("desk.py:make", r"is a file: .* here, desk:make\.$"),
        ("nowhere_at_all:make", r"cannot be imported: No module named 'nowhere_at_all'\.$"),
    ],
)
def test_what_was_meant_by_a_name_that_is_no_module_is_told(name: str, told: str) -> None:
    with pytest.raises(NoClientError, match=told):
        find_client(name)


FACTORIES = """
def nothing(seed): pass
def no_seed(): pass
async def later(seed): pass
def kind(seed): return Half
class Half:
    name = can = ""
    def __init__(self, seed): pass
    def start(self): pass
class Whole(Half):
    can = ()
    set_mute = observe = restart = stop = None
class Nameless(Whole):
    name = None
class Word(Whole):
    can = "set_mute"
class Flying(Whole):
    can = ["set_mute", "set-mute"]
class Patient(Whole):
    options = {"interactive_deadline_s": 20}
"""


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        ("nothing", "makes no adapter, but None: it lacks name, can, start"),
        ("no_seed", "has to take one argument, the seed"),
        ("later", "but a coroutine: write def"),
        ("kind", "but the class Half: call it"),
        ("Half", "of type Half: it lacks set_mute, observe, restart, stop"),
        ("Nameless", "cannot be judged: its name is None, which is no text"),
        ("Word", r"its can is 'set_mute': write frozenset\(\{Ability\.SET_MUTE"),
        (
            "Flying",
            r"its can has 'set-mute' \(did you mean set_mute.*; there are set_mute, observe",
        ),
        ("Patient", r"its options are \{.*: 20\}, which are no offhook_client\.options\.Options"),
        ("nothign", r"has no nothign \(did you mean nothing"),
    ],
)
def test_a_factory_that_makes_no_adapter_is_told_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factory: str, told: str
) -> None:
    (tmp_path / "their_factories.py").write_text(FACTORIES)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NoClientError, match=told):
        find_client(f"their_factories:{factory}")(1)


@pytest.mark.parametrize(
    ("number", "source", "told"),
    [
        (1, "def make(:", r"SyntaxError: invalid syntax \(their_broken_1.py, line 1\)"),
        (2, "raise RuntimeError('no')", "RuntimeError: no"),
        (3, "raise SystemExit(5)", "SystemExit: 5"),
        (4, "import nowhere.nothing", "No module named 'nowhere'"),
        (5, "None.x", "AttributeError: 'NoneType'"),
    ],
)
def test_a_module_that_breaks_when_imported_is_told_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, source: str, told: str
) -> None:
    (tmp_path / f"their_broken_{number}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NoClientError, match=f"cannot be imported: {told}"):
        find_client(f"their_broken_{number}:make")


def test_a_mutant_is_known_by_its_name() -> None:
    assert find_client("mutant:no_resync")(1).name == "mutant:no_resync"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("mutant:no_resink", r"There is no mutant 'no_resink' \(did you mean no_resync"),
        ("mutant:xyz", r"There is no mutant 'xyz'; there are .*no_resync"),
        (
            "refrence",
            r"no client 'refrence' \(did you mean reference\?\): it is naive, reference, m",
        ),
        ("module:", "it is naive, reference, mutant:NAME, module:factory, stdio:COMMAND, ws or br"),
        ("no_such_module:make", "cannot be imported: No module named 'no_such_module'"),
        ("offhook_scenarios.run:nothing", "module offhook_scenarios.run has no nothing"),
        ("offhook_scenarios.run:START_WITHIN_S", "no factory"),
    ],
)
def test_what_is_not_there_is_told_with_what_would_be_right(name: str, error: str) -> None:
    with pytest.raises(NoClientError, match=error):
        find_client(name)
