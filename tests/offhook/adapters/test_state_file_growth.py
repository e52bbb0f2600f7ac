"""The log is shortened to the org itself, and nobody can tell."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from tests.offhook.adapters.stateful import picture, served

from offhook import ManualClock, MockServer
from offhook.adapters import state_file
from offhook.adapters.state_file import StateFileError
from offhook.domain import conversation
from offhook.domain.input_log import SNAPSHOT
from offhook.domain.inputs import ChangeCall, OpenDevice, SetMute, StartCall


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.sqlite"


async def _busy(server: MockServer, rounds: int) -> None:
    """Mute, call and end, again and again, as requests would."""
    user = server.org.users()[0].id
    device = server.receive(OpenDevice(user_id=user, name="d"))
    await server.advance(1)
    for number in range(rounds):
        server.receive(SetMute(device_id=device.id, muted=number % 2 == 0, actor=user))
        call = server.receive(StartCall(device_id=device.id))
        server.receive(ChangeCall(conversation_id=call.id, state="ended"))
        await server.advance(1)


async def test_the_file_does_not_grow_with_what_is_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_TAIL_BYTES", 20_000)
    monkeypatch.setattr(conversation, "MAX_ENDED", 10)  # An org remembers so many calls.
    sizes = []
    for _ in range(4):
        async with served(path) as server:
            await _busy(server, 200)
            before = picture(server)
            known = dict(server.org.entropy.drawn)
        async with served(path) as again:
            assert picture(again) == before
            drawn = again.org.entropy.drawn
            assert all(drawn[stream] >= count for stream, count in known.items())
        with contextlib.closing(sqlite3.connect(path)) as file:
            sizes.append(file.execute("PRAGMA page_count").fetchone()[0])
            names = [name for (name,) in file.execute("SELECT name FROM inputs ORDER BY seq")]
        assert names[0] == SNAPSHOT
        assert names.count(SNAPSHOT) == 1
        assert len(names) < 600
    assert sizes[-1] < 2 * sizes[0], sizes


async def test_an_org_from_a_snapshot_goes_on_as_one_that_lived_through_it_all(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = []
    for tail, place in ((1, path), (1 << 30, tmp_path / "whole.sqlite")):
        monkeypatch.setattr(state_file, "_TAIL_BYTES", tail)
        at = 1_790_000_000.0
        for _ in range(3):
            async with MockServer(seed=4, clock=ManualClock(at), state=place) as server:
                await _busy(server, 3)
                server.restart()
                await _busy(server, 3)
                at = server.clock.now()
        pictures.append(picture(server))
    assert pictures[0] == pictures[1]


async def test_a_snapshot_is_good_for_the_code_that_made_it_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_TAIL_BYTES", 1)
    async with served(path) as server:
        server.token()
    monkeypatch.setattr(state_file, "code_digest", lambda: "other")
    with pytest.raises(StateFileError, match="another version"):
        served(path)


async def test_a_snapshot_that_is_damaged_is_refused_in_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_TAIL_BYTES", 1)
    async with served(path) as server:
        server.token()
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE inputs SET body = ? WHERE name = ?", (b"\x80\x05.", SNAPSHOT))
    with pytest.raises(StateFileError, match=r"is damaged .*: delete it to begin anew"):
        served(path)
