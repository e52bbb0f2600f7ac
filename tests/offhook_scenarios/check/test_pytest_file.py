"""A session as a test: red, then green, as plain pytest runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from offhook_scenarios.check.pytest_file import pytest_file
from offhook_scenarios.plan.judgement import Invariant
from offhook_scenarios.plan.plan import Plan, Press

LEAVE_OUT = [
    *("-p", "no:cacheprovider"),
    *("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:benchmark"),
]
"""Plugins of our own environment that a user's project need not wait for."""
PLAN = Plan(seed=3, steps=(Press(at_s=1, muted=True),))


def test_it_is_python_whatever_is_told_in_it() -> None:
    text = pytest_file(Invariant.I2, PLAN, "desk:make", ['a """ and a \\ in it', "  indented"])
    compile(text, "test_found.py", "exec")
    assert "def test_the_screen_does_not_say_muted_while_the_caller_can_hear() -> None:" in text
    assert "CLIENT = 'desk:make'" in text


DESK = """
from offhook_scenarios.run import DESKS

make = DESKS[{name!r}]
"""


@pytest.mark.parametrize(
    ("name", "code", "told"), [("naive", 1, "1 failed"), ("reference", 0, "1 passed")]
)
def test_it_is_red_until_the_client_is_mended(
    tmp_path: Path, name: str, code: int, told: str
) -> None:
    (tmp_path / "desk_under_test.py").write_text(DESK.format(name=name), encoding="utf-8")
    test = tmp_path / "test_found.py"
    test.write_text(pytest_file(Invariant.I2, PLAN, "desk_under_test:make", []), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own test, our own Python.
        [sys.executable, "-m", "pytest", "-q", *LEAVE_OUT, test],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert told in done.stdout
    if code:
        assert "Likely cause:" in done.stdout
        assert "presses mute" in done.stdout
