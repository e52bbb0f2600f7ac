"""Durable state: an org's log of inputs in a SQLite file, written before anything is answered.

Inputs gather and are committed in groups: all that one turn of the loop has taken become durable
together, and only then do the bytes that acknowledge them leave. A commit survives the death of
the process; what a power cut may cost is what SQLite says of `synchronous=NORMAL`.
The file holds secrets, and only its owner may read it.
"""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from offhook.domain.entropy import Entropy
from offhook.domain.errors import OffhookError
from offhook.domain.input_log import RESET, pack
from offhook.domain.inputs import Input
from offhook.settings import OrgSettings

_FORMAT = "1"
_OURS = 0x0FF_0001
"""SQLite's `application_id`: by it a file is known to be ours."""

_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE inputs (
    seq INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL
);
"""


class StateFileError(OffhookError):
    """The file is no state of this org, or cannot be written. The message says what to do."""


class StateFile:
    """The state of one org. Open for one server at a time; raises `StateFileError`."""

    def __init__(self, path: Path, settings: OrgSettings, *, seed: int, now: float) -> None:
        self.path = path
        self.is_new = not path.exists()
        self._rows: list[tuple[float, str, bytes]] = []
        self._group: asyncio.Future[None] | None = None
        self._entropy: Entropy | None = None
        try:
            if self.is_new:
                path.touch(mode=0o600)
            self._file = sqlite3.connect(path, isolation_level=None, timeout=0)
        except (sqlite3.Error, OSError) as error:
            raise _unusable(path, error) from error
        try:
            self._open(settings, seed=seed, now=now)
        except sqlite3.Error as error:
            self._file.close()
            raise _unusable(path, error) from error
        except StateFileError:
            self._file.close()
            raise

    def _open(self, settings: OrgSettings, *, seed: int, now: float) -> None:
        self._file.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        # Killed before its tables were there, a file is as good as new.
        if not self._file.execute("SELECT 1 FROM sqlite_master").fetchone():
            self._create(settings, seed=seed, now=now)
        self._check(settings)

    def _create(self, settings: OrgSettings, *, seed: int, now: float) -> None:
        self._file.executescript(f"PRAGMA application_id={_OURS}; BEGIN; {_TABLES} COMMIT;")
        about = {
            "format": _FORMAT,
            "seed": str(seed),
            "settings": _digest(settings),
            "startedAt": repr(now),
            "drawn": "{}",
        }
        self._file.executemany("INSERT INTO about VALUES (?, ?)", about.items())

    def _check(self, settings: OrgSettings) -> None:
        (ours,) = self._file.execute("PRAGMA application_id").fetchone()
        if ours != _OURS:
            raise StateFileError(f"{self.path} is no state file of Offhook: name another one.")
        if self._about("format") != _FORMAT:
            raise StateFileError(
                f"The state file {self.path} was written by another version of Offhook: start "
                "with a new one."
            )
        if self._about("settings") != _digest(settings):
            raise StateFileError(
                f"The state file {self.path} belongs to other settings (users, clients, policies "
                "or stubs have changed since): start with a new file, or with the old settings."
            )

    def _about(self, key: str) -> str:
        found = self._file.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        if found is None:
            raise StateFileError(f"The state file {self.path} is incomplete: start with a new one.")
        return str(found[0])

    @property
    def seed(self) -> int:
        """The seed with which the log must be replayed."""
        return int(self._about("seed"))

    @property
    def started_at(self) -> float:
        """When the org began, in org time."""
        return float(self._about("startedAt"))

    @property
    def drawn(self) -> dict[str, int]:
        """The counters at the last commit."""
        counters: dict[str, int] = json.loads(self._about("drawn"))
        return counters

    def entries(self) -> Iterator[tuple[float, str, bytes]]:
        """Everything that was committed, in order."""
        yield from self._file.execute("SELECT at, name, body FROM inputs ORDER BY seq")

    # What a running org does.

    def follow(self, entropy: Entropy) -> None:
        """Keep with each commit how far the org's chance was drawn."""
        self._entropy = entropy

    def took(self, item: Input[Any], now: float) -> None:
        """Note an input for the next commit."""
        self._note((now, *pack(item)))

    def began_anew(self, kind: str, now: float, entropy: Entropy) -> None:
        """Note that there is another org from now on. A reset needs nothing of what was before."""
        self._entropy = entropy
        if kind == RESET:
            self._rows.clear()
        self._note((now, kind, b""))

    def _note(self, row: tuple[float, str, bytes]) -> None:
        self._rows.append(row)

    async def saved(self) -> None:
        """Wait until everything that was noted is committed, together with whatever joins it."""
        if not self._rows:
            return
        if self._group is None:
            loop = asyncio.get_running_loop()
            self._group = loop.create_future()
            loop.call_soon(self.save)
        await self._group

    def save(self) -> None:
        """Commit what was noted, now."""
        group, self._group = self._group, None
        rows, self._rows = self._rows, []
        try:
            if rows:
                self._commit(rows)
        finally:
            if group is not None and not group.done():
                group.set_result(None)

    def _commit(self, rows: list[tuple[float, str, bytes]]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        if any(name == RESET for _, name, _ in rows):
            self._file.execute("DELETE FROM inputs")
        self._file.executemany("INSERT INTO inputs (at, name, body) VALUES (?, ?, ?)", rows)
        drawn = {} if self._entropy is None else self._entropy.drawn
        self._file.execute("UPDATE about SET value = ? WHERE key = 'drawn'", (json.dumps(drawn),))
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Commit the rest and let go of the file."""
        self.save()
        self._file.close()


_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another mock has it open; stop that one, or name another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged; delete it to begin anew, or name another file",
    sqlite3.SQLITE_NOTADB: "it holds something else; name another file",
}
"""What SQLite's own words leave out, by its primary result code."""


def _unusable(path: Path, error: sqlite3.Error | OSError) -> StateFileError:
    if isinstance(error, OSError):
        why = error.strerror or str(error)
    else:
        # The low byte is the primary code. An error of Python's own module has none.
        remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        why = str(error) if remedy is None else f"{error}: {remedy}"
    return StateFileError(f"The state file {path} cannot be used: {why}.")


def _digest(settings: OrgSettings) -> str:
    """Of what the settings say; sets have no order, so they are sorted."""
    plain = json.loads(msgspec.json.encode(settings))
    return hashlib.sha256(json.dumps(_sorted(plain), sort_keys=True).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(each) for each in value), key=json.dumps)
    return value
