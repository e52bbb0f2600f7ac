"""The master and its workers as processes; the master here is a script that plays one."""

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from offhook_scenarios.load.fleet import FleetError, find_locust, run_fleet

SCRIPT = """#!{python}
import json, os, sys, time
with open({words!r}, "w") as file:
    json.dump(sys.argv[1:], file)
{body}
"""


def master(folder: Path, body: str) -> str:
    path = folder / "locust"
    words = str(folder / "words.json")
    path.write_text(SCRIPT.format(python=sys.executable, words=words, body=body), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


OPTIONS: dict[str, Any] = {"workers": 0, "users": 3, "seconds": 1.0}


def test_master_and_web_page_listen_on_this_machine_only(tmp_path: Path) -> None:
    body = (
        'json.dump({"locust": {"requests": 5, "failures": 1}, "offhook": {"attempts": 5}},'
        ' open(os.environ["OFFHOOK_LOAD_REPORT"], "w"))'
    )
    locust = master(tmp_path, body)
    merged = run_fleet([], locust=locust, **OPTIONS)
    assert (merged.requests, merged.failures, merged.tally.attempts) == (5, 1, 5)
    words = (tmp_path / "words.json").read_text(encoding="utf-8")
    assert '"--master-bind-host", "127.0.0.1"' in words
    assert '"--headless"' in words
    told: list[str] = []
    run_fleet([], locust=locust, web_port=8090, told=told.append, **OPTIONS)
    words = (tmp_path / "words.json").read_text(encoding="utf-8")
    assert '"--web-host", "127.0.0.1", "--web-port", "8090"' in words
    assert '"--headless"' not in words
    assert told == ["Locust's page: http://127.0.0.1:8090"]


def test_a_master_that_writes_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FleetError, match="it wrote no log"):
        run_fleet([], locust=master(tmp_path, ""), **OPTIONS)


def test_a_worker_that_breaks_ends_the_fleet(tmp_path: Path) -> None:
    locust = master(tmp_path, "time.sleep(60)")
    with pytest.raises(FleetError, match="A worker ended with exit code 2"):
        run_fleet(["http://example.com:80"], locust=locust, **{**OPTIONS, "workers": 1})


def test_where_locust_is_missing_it_is_said_how_to_get_it() -> None:
    with pytest.raises(FleetError, match="pipx install locust"):
        find_locust("no-such-locust")
