"""The plugin as pytest finds it. What it does is tried in `tests/plugin`."""

import os
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from offhook import pytest_plugin
from offhook.testing.options import MARKER, SETTINGS

HEAVY = ("aiohttp", "hypothesis", "msgspec", "rich", "click", "websockets", "asyncio")


def test_it_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="pytest11", name="offhook")
    assert found.load() is pytest_plugin


def test_importing_it_imports_nothing_heavy() -> None:
    lines = (
        "import sys, pytest; before = set(sys.modules); import offhook.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(  # noqa: S603 - our own lines.
        [sys.executable, "-c", lines], capture_output=True, text=True, check=True
    )
    new = run.stdout.split()
    assert "offhook.pytest_plugin" in new
    assert [name for name in new if name.partition(".")[0] in HEAVY] == []
    assert {name for name in new if name.startswith("offhook")} == {
        "offhook",
        "offhook.pytest_plugin",
        "offhook.testing",
        "offhook.testing.options",
    }


def test_the_marker_s_help_names_every_setting() -> None:
    for name in MARKER:
        assert f"{name}=" in pytest_plugin.MARKER


def test_nothing_is_used_unasked() -> None:
    fixtures = {
        name: value
        for name, value in vars(pytest_plugin).items()
        if type(value).__name__ == "FixtureFunctionDefinition"
    }
    assert set(fixtures) == {
        "make_offhook",
        "offhook",
        "offhook_async",
        "offhook_clock",
        "offhook_config",
        "offhook_seed",
        "offhook_server",
        "offhook_sim",
    }
    for fixture in fixtures.values():
        assert not fixture._fixture_function_marker.autouse


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_no_test_of_ours_runs_under_a_setting_of_the_plugin(name: str) -> None:
    assert SETTINGS[name].variable not in os.environ
