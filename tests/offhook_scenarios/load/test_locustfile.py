"""A stock Locust master with two of our workers: real requests, merged counts, a clean end."""

import asyncio
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from offhook_scenarios.load import fleet, worker

LOCUST = "locust==2.47.0"
SECONDS = 20
WANTED = 6_000


@pytest.fixture(scope="session")
def locust(tmp_path_factory: pytest.TempPathFactory) -> str:
    """In a venv of its own: it would make this process gevent's. `OFFHOOK_LOCUST` names another."""
    if given := os.environ.get("OFFHOOK_LOCUST"):
        return given
    home = tmp_path_factory.mktemp("locust")
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    words = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", LOCUST]
    subprocess.run(words, check=True)  # noqa: S603 - a pinned package into a folder of the test's.
    return str(home / "bin" / "locust")


@pytest.mark.nightly
async def test_six_thousand_requests_through_two_workers(mock: Any, locust: str) -> None:
    words = [sys.executable, "-m", "offhook", "load", mock.url, "--json", "--workers", "2"]
    words += ["--users", "60", "--pause", "0.02", "--seconds", str(SECONDS), "--locust", locust]
    process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    report = json.loads(out)
    seen = mock.seen.total()
    assert report["locustRequests"] == report["attempts"] == seen
    assert seen >= WANTED
    assert report["gaveUp"] == 0


def test_the_file_that_locust_loads_agrees_with_the_workers() -> None:
    text = Path(fleet.__file__).with_name("locustfile.py").read_text(encoding="utf-8")
    assert f'REPORT = "{worker.REPORT}"' in text
    assert "OFFHOOK_LOAD_REPORT" in text
