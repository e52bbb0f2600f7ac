"""The public names of the scenarios: each is there, and costs nothing until it is asked for."""

import subprocess
import sys

import pytest

import offhook_scenarios


@pytest.mark.parametrize("name", offhook_scenarios.__all__)
def test_every_public_name_can_be_asked_for(name: str) -> None:
    assert getattr(offhook_scenarios, name) is not None
    assert name in dir(offhook_scenarios)


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = offhook_scenarios.nothing


def test_importing_it_imports_nothing_heavy() -> None:
    code = "import sys, offhook_scenarios; print({'aiohttp', 'msgspec'} & {*sys.modules})"
    done = subprocess.run(  # noqa: S603 - our own Python.
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
