"""A trace grows with the journal it follows, and a mock that is killed leaves what it saw."""

import json
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from offhook import ManualClock, MockServer
from offhook.adapters.line_file import read_lines
from offhook.adapters.trace_file import VERSION, TraceFile, TraceFileError
from offhook.domain.inputs import OpenDevice
from offhook.journal import Journal

KILLS = 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.trace.jsonl"


def test_it_begins_with_what_it_is_of_and_holds_every_entry(path: Path) -> None:
    journal = Journal()
    journal.record("clock", at=1.0, moved_s=1)
    trace = TraceFile(path, seed=7, test="t.py::test")
    trace.follow(journal)
    journal.record("clock", at=2.0, moved_s=2)
    trace.close()
    journal.record("clock", at=3.0, moved_s=3)
    first, entry = read_lines(path).values
    assert (first["trace"], first["seed"], first["test"]) == (VERSION, 7, "t.py::test")
    assert entry == {"seq": 2, "at": 2.0, "kind": "clock", "facts": {"moved_s": 2}}


async def test_a_reset_begins_anew_in_the_same_file_and_no_secret_is_in_it(path: Path) -> None:
    async with MockServer(seed=1, clock=ManualClock(), trace=path) as server:
        secret = server.token()
        server.receive(OpenDevice(user_id=server.org.users()[0].id, name=secret[:20]))
        server.reset()
        server.restart()
    lines = read_lines(path).values
    heads = [at for at, line in enumerate(lines) if "trace" in line]
    assert [lines[at]["seed"] for at in heads] == [1, 1]
    assert [line["seq"] for line in lines[heads[0] + 1 : heads[1]]] == [1, 2]
    assert [line["kind"] for line in lines[heads[1] + 1 :]] == ["restart"]
    assert secret not in json.dumps(lines)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    there = tmp_path / "nowhere" / "t.jsonl"
    with pytest.raises(TraceFileError, match=r"t\.jsonl cannot be written: No such file"):
        TraceFile(there, seed=1)


def test_a_disk_that_is_full_is_told_once_and_the_mock_goes_on(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a disk that is always full")
    journal = Journal()
    TraceFile(full, seed=1).follow(journal)
    for at in range(3):
        journal.record("clock", at=float(at), moved_s=at)
    assert journal.seq == 3
    assert [record.message for record in caplog.records] == [
        "The trace /dev/full ends here: No space left on device."
    ]


def _asked(url: str, token: str, answered: list[str]) -> None:
    """Ask until nobody answers; keep by which name each answer went."""
    request = urllib.request.Request(  # noqa: S310 - loopback.
        url + "/api/v2/users/me", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        while True:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback.
                answered.append(answer.headers["ININ-Correlation-Id"])
    except (urllib.error.URLError, ConnectionError):
        return


def _token(url: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - loopback.
        url + "/_offhook/v1/tokens",
        data=b'{"user":"agent"}',
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback.
        minted: dict[str, Any] = json.load(answer)
    return str(minted["accessToken"])


def test_whoever_kills_the_mock_whatever_was_answered_is_in_its_trace(path: Path) -> None:
    rng, answered = random.Random(3), list[str]()
    words = ["serve", "--port", "0", "--trace", str(path), "--log-level", "error"]
    for _ in range(KILLS):
        mock = subprocess.Popen(  # noqa: S603 - our own words.
            [sys.executable, "-m", "offhook", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert mock.stdout is not None
        url = json.loads(mock.stdout.readline())["url"]
        asking = threading.Thread(target=_asked, args=(url, _token(url), answered))
        asking.start()
        time.sleep(0.02 + rng.random() * 0.3)
        mock.kill()
        mock.wait()
        mock.stdout.close()
        asking.join()
        seen = {line.get("facts", {}).get("correlation_id") for line in read_lines(path).values}
        assert set(answered) <= seen
    assert len(answered) > KILLS
    assert sum("trace" in line for line in read_lines(path).values) == KILLS
