"""The guide's examples run, and the reference says what the code says."""

import re
from pathlib import Path

import pytest

from offhook import pytest_plugin
from offhook.testing.handle import AsyncOffhook, Handle, Offhook
from offhook.testing.options import SETTINGS

pytest_plugins = "pytester"

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "how-to" / "test-with-pytest.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "pytest-plugin.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", GUIDE, re.DOTALL)


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = REFERENCE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_examples_run_and_the_bug_is_found(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
        "pythonpath = .\n"
    )
    for name, text in EXAMPLES:
        (pytester.path / name).write_text(text, encoding="utf-8")
    result = pytester.runpytest()
    result.assert_outcomes(passed=5, failed=1)
    (shown,) = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    lines = re.sub(r"\d\.\d s: ", "* s: ", shown).replace("…", "*").splitlines()
    result.stdout.fnmatch_lines([f"E *{line}" for line in lines])


def test_the_settings_are_those_of_the_code() -> None:
    shown = rows("Settings")
    assert shown == [
        [
            setting.help,
            f"`{setting.name}=`" if setting.of_test else "",
            f"`{setting.flag}`",
            f"`{setting.variable}`",
            f"`{setting.ini}`",
            setting.default,
        ]
        for setting in SETTINGS.values()
    ]
    assert "`policies={…}`" in REFERENCE


def test_the_fixtures_are_those_of_the_code() -> None:
    shown = {row[0].strip("`"): row[1] for row in rows("Fixtures")}
    definitions = {
        name: value._fixture_function_marker.scope
        for name, value in vars(pytest_plugin).items()
        if type(value).__name__ == "FixtureFunctionDefinition" and not name.startswith("_")
    }
    assert shown == {
        name: "test" if scope == "function" else scope for name, scope in definitions.items()
    }


@pytest.mark.parametrize("handle", [Offhook, AsyncOffhook])
def test_the_handle_s_names_are_those_of_the_code(handle: type[Handle]) -> None:
    cells = " ".join(row[0] for row in rows("The handle"))
    shown = set(re.findall(r"`(\w+)", cells))
    own = {name for name in dir(handle) if not name.startswith("_")}
    assert own | {"url", "control_url", "seed", "clock", "faults", "ask"} == shown
