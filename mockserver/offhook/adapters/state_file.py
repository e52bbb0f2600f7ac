"""Durable state: an org's log of inputs in a SQLite file, written before anything is answered.

Inputs gather and are committed in groups: all that one turn of the loop has taken become durable
together, and only then do the bytes that acknowledge them leave. A commit survives the death of
the process; what a power cut may cost is what SQLite says of `synchronous=NORMAL`.

    inputs   the log; when its tail is long, one row that is the org itself takes its place
    kept     what is no input: fault rules, stubs, remembered answers, rate windows

The file holds secrets, and only its owner may read it.
"""

import asyncio
import hashlib
import json
import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from offhook.adapters.code_digest import code_digest
from offhook.domain.durable import Durable
from offhook.domain.errors import OffhookError
from offhook.domain.frozen import freeze
from offhook.domain.input_log import RESET, SNAPSHOT, pack
from offhook.domain.inputs import Input
from offhook.domain.org import Org
from offhook.settings import OrgSettings

_FORMAT = "2"
_TAIL_BYTES = 1 << 20
_TAIL_SNAPSHOTS = 2
"""A tail that is longer, and so many times as long as the last snapshot, gives way to another."""
_OURS = 0x0FF_0001
"""SQLite's `application_id`: by it a file is known to be ours."""

_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE inputs (
    seq INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE kept (
    place INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (kind, key)
);
"""


class StateFileError(OffhookError):
    """The file is no state of this org, or cannot be written. The message says what to do."""


class Living(Protocol):
    """What a state file keeps: an org, and what stands round it."""

    @property
    def org(self) -> Org:
        """As it is now."""

    def durables(self) -> dict[str, Durable]:
        """What outlives the process beside the org."""


class StateFile:
    """The state of one org. Open for one server at a time; raises `StateFileError`."""

    def __init__(self, path: Path, settings: OrgSettings, *, seed: int, now: float) -> None:
        self.path = path
        self.is_new = not path.exists()
        self._rows: list[tuple[float, str, bytes]] = []
        self._group: asyncio.Future[None] | None = None
        self._living: Living | None = None
        self._tracked: dict[str, Durable] = {}
        self._present = -math.inf
        self._closing = False
        self._tail_bytes = self._tail_max = 0
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
        self._measure()

    def _create(self, settings: OrgSettings, *, seed: int, now: float) -> None:
        self._file.executescript(f"PRAGMA application_id={_OURS}; BEGIN; {_TABLES} COMMIT;")
        about = {
            "format": _FORMAT,
            "seed": str(seed),
            "settings": _digest(settings),
            "startedAt": repr(now),
            "drawn": "",
            "code": "",
            "present": repr(now),
        }
        self._file.executemany("INSERT INTO about VALUES (?, ?)", about.items())

    def _check(self, settings: OrgSettings) -> None:
        (ours,) = self._file.execute("PRAGMA application_id").fetchone()
        if ours != _OURS:
            raise StateFileError(f"{self.path} is no state file of Offhook: name another one.")
        if self._about("format") != _FORMAT:
            raise _of_another_version(self.path)
        if self._about("settings") != _digest(settings):
            raise StateFileError(
                f"The state file {self.path} belongs to other settings (users, clients, policies "
                "or stubs have changed since): start with a new file, or with the old settings."
            )

        snapshot = self._file.execute("SELECT 1 FROM inputs WHERE name = ?", (SNAPSHOT,)).fetchone()
        if snapshot and self._about("code") != code_digest():
            raise _of_another_version(self.path)

    def _measure(self) -> None:
        """How long the tail is, and how long it may become."""
        sizes = dict(
            self._file.execute(
                "SELECT name = ?, SUM(LENGTH(name) + LENGTH(body)) FROM inputs GROUP BY 1",
                (SNAPSHOT,),
            ).fetchall()
        )
        self._tail_bytes = sizes.get(0, 0)
        self._tail_max = max(_TAIL_BYTES, _TAIL_SNAPSHOTS * sizes.get(1, 0))

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
    def present(self) -> float:
        """The org's time at the last commit."""
        return float(self._about("present"))

    @property
    def drawn(self) -> dict[str, int]:
        """The counters at the last commit."""
        counters: dict[str, int] = json.loads(self._about("drawn") or "{}")
        return counters

    @property
    def is_kept(self) -> bool:
        """Whether anything was ever committed."""
        return bool(self._about("drawn"))

    def entries(self) -> Iterator[tuple[float, str, bytes]]:
        """Everything that was committed, in order."""
        yield from self._file.execute("SELECT at, name, body FROM inputs ORDER BY seq")

    def kept(self, kind: str) -> list[tuple[str, bytes]]:
        """The rows of one store, in the order in which they came."""
        return self._file.execute(
            "SELECT key, body FROM kept WHERE kind = ? ORDER BY place", (kind,)
        ).fetchall()

    # What a running org does.

    def follow(self, living: Living) -> None:
        """Keep with each commit what stands round the org, and how far its chance was drawn."""
        self._living = living
        for store in living.durables().values():
            store.track()

    def took(self, item: Input[Any], now: float) -> None:
        """Note an input for the next commit."""
        self._note((now, *pack(item)))

    def began_anew(self, kind: str, now: float) -> None:
        """Note that there is another org from now on. A reset needs nothing of what was before."""
        if kind == RESET:
            self._rows.clear()
        self._note((now, kind, b""))

    def _note(self, row: tuple[float, str, bytes]) -> None:
        self._rows.append(row)

    async def saved(self) -> None:
        """Wait until everything that was noted is committed, together with whatever joins it."""
        if not self._rows and not self._changed() and not self._later():
            return
        if self._group is None:
            loop = asyncio.get_running_loop()
            self._group = loop.create_future()
            loop.call_soon(self.save)
        await self._group

    def save(self) -> None:
        """Commit what was noted, now. Raises `StateFileError`; then it is tried again next time.

        That nothing but time has passed is worth a commit only to those who wait for one.
        """
        group, self._group = self._group, None
        refused = None
        try:
            if (
                self._rows
                or self._changed()
                or (self._later() and (group is not None or self._closing))
            ):
                self._commit()
        except sqlite3.Error as error:
            refused = _unusable(self.path, error)
        if group is not None and not group.done():
            if refused is None:
                group.set_result(None)
            else:
                group.set_exception(refused)
                return
        if refused is not None:
            raise refused

    def _later(self) -> bool:
        """Whether time has passed: somebody may have been told so, who moved a clock by hand."""
        return self._living is not None and self._living.org.present > self._present

    def _changed(self) -> bool:
        return self._living is not None and any(
            store.changed or store is not self._tracked.get(kind)
            for kind, store in self._living.durables().items()
        )

    def _commit(self) -> None:
        stores = {} if self._living is None else self._living.durables()
        for kind, store in stores.items():
            if store is not self._tracked.get(kind):
                store.track()  # It is another one than before: all of it is new.
        changes = {kind: store.take_changes() for kind, store in stores.items()}
        try:
            with self._transaction():
                self._write(stores, changes)
        except sqlite3.Error:
            for store in stores.values():
                store.track()  # All of it again, so that nothing that was taken is missed.
            raise
        self._tracked = stores
        if self._living is not None:
            self._present = self._living.org.present
        self._tail_bytes += sum(len(name) + len(body) for _, name, body in self._rows)
        self._rows = []
        if self._tail_bytes > self._tail_max and self._living is not None:
            self._shorten(self._living.org)

    def _write(
        self, stores: Mapping[str, Durable], changes: Mapping[str, dict[str, bytes | None]]
    ) -> None:
        file = self._file
        if any(name == RESET for _, name, _ in self._rows):
            file.execute("DELETE FROM inputs")
        file.executemany("INSERT INTO inputs (at, name, body) VALUES (?, ?, ?)", self._rows)
        for kind, store in stores.items():
            if store is not self._tracked.get(kind):
                file.execute("DELETE FROM kept WHERE kind = ?", (kind,))
            gone = [(kind, key) for key, body in changes[kind].items() if body is None]
            file.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)
            file.executemany(
                "INSERT INTO kept (kind, key, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                [(kind, key, body) for key, body in changes[kind].items() if body is not None],
            )
        if self._living is not None:
            self._tell("drawn", json.dumps(self._living.org.entropy.drawn))
            self._tell("present", repr(self._living.org.present))

    def _shorten(self, org: Org) -> None:
        """Put the org itself in the place of the log that made it."""
        try:
            with self._transaction():
                self._file.execute("DELETE FROM inputs")
                self._file.execute(
                    "INSERT INTO inputs (at, name, body) VALUES (?, ?, ?)",
                    (org.present, SNAPSHOT, freeze(org)),
                )
                self._tell("code", code_digest())
        except sqlite3.Error:
            self._tail_max *= 2  # Nothing is lost; it is tried again when there may be room.
            return
        self._measure()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it, or nothing."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    def _tell(self, key: str, value: str) -> None:
        self._file.execute("UPDATE about SET value = ? WHERE key = ?", (value, key))

    def close(self) -> None:
        """Commit the rest and let go of the file. Raises `StateFileError`."""
        self._closing = True
        try:
            self.save()
        finally:
            self._file.close()


_REMEDIES = {
    sqlite3.SQLITE_FULL: "make room, and what was not acknowledged may be asked for again",
    sqlite3.SQLITE_BUSY: "another mock has it open; stop that one, or name another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged; delete it to begin anew, or name another file",
    sqlite3.SQLITE_NOTADB: "it holds something else; name another file",
}
"""What SQLite's own words leave out, by its primary result code."""


def _of_another_version(path: Path) -> StateFileError:
    return StateFileError(
        f"The state file {path} was written by another version of Offhook: start with a new one."
    )


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
