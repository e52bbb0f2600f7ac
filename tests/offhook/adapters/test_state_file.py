"""Durable state: what was acknowledged is there after any death, and a wrong file is refused."""

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.offhook.adapters.stateful import picture, served

from offhook import DEFAULT
from offhook.adapters.state_file import StateFile, StateFileError
from offhook.domain.errors import DomainError
from offhook.domain.input_log import RESET
from offhook.domain.inputs import OpenDevice, PatchPolicies, StartCall
from offhook.oauth.inputs import MintToken

KILLS = 4
KILLS_NIGHTLY = 100


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.sqlite"


async def test_tokens_devices_and_calls_outlive_the_process(path: Path) -> None:
    async with served(path, seed=3) as first:
        token = first.token("agent")
        user = first.org.users()[0].id
        device = first.receive(OpenDevice(user_id=user, name="d"))
        await first.advance(5)
        call = first.receive(StartCall(device_id=device.id))
        before = picture(first)
    async with served(path) as second:
        assert picture(second) == before
        assert second.seed == 3
        assert second.org.oauth.token(token) is not None
        assert second.org.conversation(call.id) is not None
        assert second.token("agent") != token
    async with served(path) as third:
        assert third.org.device(device.id) is not None


async def test_ids_go_on_where_they_stood(path: Path) -> None:
    drawn = set()
    for _ in range(3):
        async with served(path) as server:
            for kind in ("socket", "correlation", "device"):
                value = server.org.entropy.id(kind)
                assert value not in drawn
                drawn.add(value)
            server.token()


async def test_a_reset_empties_the_log_and_a_crash_goes_into_it(path: Path) -> None:
    async with served(path) as first:
        first.token()
        first.restart()
        second_epoch = first.receive(OpenDevice(user_id=first.org.users()[0].id, name="d"))
    async with served(path) as again:
        assert again.org.device(second_epoch.id) is not None
        again.reset()
        token = again.token()
    with contextlib.closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM inputs ORDER BY seq")]
    assert names[0] == RESET
    assert "OpenDevice" not in names
    async with served(path) as last:
        assert last.org.devices() == ()
        assert last.org.oauth.token(token) is not None


async def test_what_was_refused_is_refused_again(path: Path) -> None:
    async with served(path) as first:
        with pytest.raises(DomainError, match="Policy refused"):
            first.receive(PatchPolicies(changes={"heartbeat_s": -1}))
        before = picture(first)
    async with served(path) as second:
        assert picture(second) == before


async def test_one_commit_serves_everything_of_one_turn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = StateFile(path, DEFAULT, seed=1, now=0.0)
    commits: list[int] = []
    commit = file._commit

    def counted() -> None:
        commits.append(len(file._rows))
        commit()

    monkeypatch.setattr(file, "_commit", counted)
    for _ in range(5):
        file.took(MintToken(user="agent"), 1.0)
    await asyncio.gather(*(file.saved() for _ in range(5)))
    assert commits == [5]
    await file.saved()
    assert commits == [5]
    file.close()
    assert len(list(StateFile(path, DEFAULT, seed=1, now=0.0).entries())) == 5


def test_only_its_owner_may_read_it(path: Path) -> None:
    StateFile(path, DEFAULT, seed=1, now=0.0).close()
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


def _text(path: Path) -> None:
    path.write_text("no database", encoding="utf-8")


def _damaged(path: Path) -> None:
    StateFile(path, DEFAULT, seed=1, now=0.0).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"x" * (len(whole) - 4096))


def _other(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE a (b)")


def _other_settings(path: Path) -> None:
    settings = msgspec.structs.replace(
        DEFAULT, policies=DEFAULT.policies.changed({"heartbeat_s": 7})
    )
    StateFile(path, settings, seed=1, now=0.0).close()


def _other_version(path: Path) -> None:
    StateFile(path, DEFAULT, seed=1, now=0.0).close()
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE about SET value = '0' WHERE key = 'format'")


def test_a_file_that_another_mock_has_open_is_refused_with_what_to_do(path: Path) -> None:
    with (
        contextlib.closing(StateFile(path, DEFAULT, seed=1, now=0.0)),
        pytest.raises(StateFileError, match="is locked: another mock has it open; stop"),
    ):
        StateFile(path, DEFAULT, seed=1, now=0.0)


def test_a_folder_that_is_not_there_is_told_without_a_number(path: Path) -> None:
    there = path.parent / "nowhere" / "m.sqlite"
    with pytest.raises(StateFileError, match=r"cannot be used: No such file or directory\.$"):
        StateFile(there, DEFAULT, seed=1, now=0.0)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_text, r"cannot be used: file is not a database: it holds something else"),
        (_damaged, r"cannot be used: .* is malformed: it is damaged; delete it to begin anew"),
        (Path.mkdir, "cannot be used: "),
        (_other, "no state file of Offhook"),
        (_other_settings, "other settings"),
        (_other_version, "another version"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(path: Path, spoil: Any, told: str) -> None:
    spoil(path)
    with pytest.raises(StateFileError, match=told):
        StateFile(path, DEFAULT, seed=1, now=0.0)


async def test_another_seed_and_a_second_server_are_refused(path: Path) -> None:
    async with served(path, seed=1):
        with pytest.raises(StateFileError, match="locked"):
            served(path)
    with pytest.raises(StateFileError, match="seed 1, and 2"):
        served(path, seed=2)


# Death.


HASTY = """
import sys
from offhook.adapters import state_file
from offhook.cli import main

state_file._TAIL_BYTES, state_file._TAIL_SNAPSHOTS = 500, 0
sys.exit(main())
"""


class Mock:
    """An `offhook serve --state` that can be killed. A `hasty` one shortens its log often."""

    def __init__(self, path: Path, *, hasty: bool) -> None:
        words = ["serve", "--port", "0", "--state", str(path), "--log-level", "error"]
        start = ["-c", HASTY] if hasty else ["-m", "offhook"]
        self.process = subprocess.Popen(  # noqa: S603 - our own words.
            [sys.executable, *start, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1].decode())
        self.url = json.loads(line)["url"]

    def ask(
        self, method: str, path: str, body: object = None, token: str = "", key: str | None = None
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310 - loopback.
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {token}",
                **({} if key is None else {"Idempotency-Key": key}),
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback.
            text = answer.read()
            return json.loads(text) if text else dict(answer.headers)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def alive() -> Iterator[list[Mock]]:
    running: list[Mock] = []
    yield running
    for mock in running:
        mock.kill()


def _until_killed(mock: Mock, rng: random.Random, known: dict[str, Any]) -> None:
    """Ask for changes until the server dies under them; `known` is what was acknowledged."""
    lives = rng.randrange(1, 12)
    device = known["device"]
    try:
        for turn in range(1000):
            if turn == lives:
                mock.process.send_signal(signal.SIGKILL)  # Anywhere in what follows.
            minted = mock.ask("POST", "/_offhook/v1/tokens", {"user": "agent"})
            known["tokens"].append(minted["accessToken"])
            told = _mute(mock, known, muted := rng.random() < 0.5, key := f"k{rng.random()}")
            known["rev"] = int(told["ETag"].strip('"').split(".")[1])
            known["mute"] = (muted, key, told["ETag"])
            rule = {"fault": {"kind": "delay", "delayS": 1}, "match": {"clientId": "nobody"}}
            known["faults"].append(mock.ask("POST", "/_offhook/v1/faults", rule)["id"])
            call = mock.ask("POST", "/_offhook/v1/calls", {"clientId": device})
            known["calls"].append(call["id"])
    except (urllib.error.URLError, ConnectionError):
        return


def _mute(mock: Mock, known: dict[str, Any], muted: bool, key: str) -> Any:  # noqa: FBT001 - the wire's own value.
    path = f"/api/v2/webrtc/clients/{known['device']}/mute"
    return mock.ask("POST", path, {"muted": muted}, known["tokens"][0], key)


def _kill_again_and_again(path: Path, times: int, alive: list[Mock]) -> None:
    rng = random.Random(times)
    known: dict[str, Any] = {"tokens": [], "calls": [], "faults": [], "rev": 0, "mute": None}
    for life in range(times + 1):
        mock = Mock(path, hasty=life % 2 == 1)
        alive.append(mock)
        if life == 0:
            token = mock.ask("POST", "/_offhook/v1/tokens", {"user": "agent"})["accessToken"]
            known["tokens"].append(token)
            known["device"] = mock.ask("GET", "/api/v2/webrtc/clients/me", token=token)["id"]
            state: dict[str, Any] = {
                "devices": {known["device"]: {"connectionStatus": "connected"}}
            }
            state["policies"] = {
                "rate_per_token": 10**9,
                "rate_per_user": 10**9,
                "rate_per_user_and_client": 10**9,
                "session_expiry_s": 10**6,
            }
            mock.ask("PATCH", "/_offhook/v1/state", state)
        device = mock.ask(
            "GET", f"/api/v2/webrtc/clients/{known['device']}", token=known["tokens"][0]
        )
        assert device["rev"] >= known["rev"], f"life {life} forgot a mute"
        for token in known["tokens"][-20:]:
            mock.ask("GET", "/api/v2/users/me", token=token)
        if known["mute"] is not None:
            muted, key, etag = known["mute"]
            assert _mute(mock, known, muted, key)["ETag"] == etag, f"life {life} set it twice"
        rules = {rule["id"] for rule in mock.ask("GET", "/_offhook/v1/faults")["entities"]}
        assert set(known["faults"]) <= rules, f"life {life} forgot a fault rule"
        held = {call["id"] for call in mock.ask("GET", "/_offhook/v1/state")["conversations"]}
        assert set(known["calls"]) <= held, f"life {life} forgot a call"
        _until_killed(mock, rng, known)
        mock.kill()
        alive.remove(mock)
    assert len(known["calls"]) > times


def test_whoever_kills_it_nothing_acknowledged_is_lost(path: Path, alive: list[Mock]) -> None:
    _kill_again_and_again(path, KILLS, alive)


@pytest.mark.nightly
def test_nor_by_the_hundredth_death(path: Path, alive: list[Mock]) -> None:
    _kill_again_and_again(path, KILLS_NIGHTLY, alive)
