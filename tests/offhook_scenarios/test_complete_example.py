"""The tutorial's example goes its whole way, and says so when it cannot."""

import ast
import asyncio
from pathlib import Path

import pytest

from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_scenarios import complete_example
from offhook_scenarios.complete_example import ExampleRun, play_example
from offhook_scenarios.loop import loop_factory

PROGRAM = Path(__file__).parents[2] / "docs" / "tutorial" / "mute_and_unmute.py"


def played() -> ExampleRun:
    with asyncio.Runner(loop_factory=loop_factory(20)) as runner:
        return runner.run(play_example(seed=1))


def test_the_example_goes_its_whole_way() -> None:
    run = played()
    assert run.error is None
    steps = [line for line in run.lines if not line.startswith(("event", "client "))]
    assert steps == ["logged in", "mute confirmed", "unmute confirmed"]
    assert run.lines[-1] == "client deleted"
    events = [line for line in run.lines if line in {"event: muted", "event: unmuted"}]
    assert events == ["event: muted", "event: unmuted"]


def test_what_breaks_is_told_with_what_was_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutPasswords(MockServer):
        def __init__(self, _settings: object, *, seed: int) -> None:
            super().__init__(DEFAULT, seed=seed)

    monkeypatch.setattr(complete_example, "MockServer", WithoutPasswords)
    run = played()
    assert run.lines == ()
    assert run.error is not None
    assert run.error.startswith("LoginRefusedError: 400 unauthorized_client")


def calls(source: str) -> list[str]:
    """The tutorial's methods in the order in which a program calls them."""
    tree = ast.parse(source)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [f for f in called if isinstance(f, ast.Attribute)]
    found.sort(key=lambda f: (f.end_lineno or 0, f.end_col_offset or 0))
    names = {"login", "on"}
    return [f.attr for f in found if f.attr in names or f.attr.endswith("web_rtc_client_mute")]


def test_it_takes_the_same_steps_as_the_program_of_the_documentation() -> None:
    ours = Path(complete_example.__file__).read_text(encoding="utf-8")
    assert calls(ours) == calls(PROGRAM.read_text(encoding="utf-8"))
    assert calls(ours) == ["login", "on", "on"] + ["post_web_rtc_client_mute"] * 2
