"""The table of clocks and chance: every row is there, is used, and is put back.

`test_libraries_have_no_source_that_is_not_known` reads the installed sources: it fails when a
library finds another way to time or chance.
"""

import ast
import logging
import os
import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import aiohttp.connector
import pytest
from aiohttp._websocket.writer import WebSocketWriter
from websockets.frames import Frame, Opcode
from websockets.utils import generate_key

from offhook_scenarios.sim.entropy import EPOCH, GENERATORS, TABLE, Entropy, Row
from offhook_scenarios.sim.seeds import Seeds

DRAWS: dict[str, Callable[[], object]] = {
    "a handshake key of websockets": generate_key,
    "a frame mask of websockets": lambda: Frame(Opcode.TEXT, b"text").serialize(mask=True),
    "a connection id of websockets": uuid.uuid4,
    "a ping payload of websockets": lambda: random.getrandbits(32),
    "a handshake key of aiohttp": lambda: os.urandom(16),
    "a mask of aiohttp": lambda: GENERATORS["aiohttp"]().getrandbits(32),
    "a secret": secrets.token_urlsafe,
    "a draw of the system": random.SystemRandom().random,
    "a generator without a seed": lambda: random.Random().random(),
}


def entropy(seed: int, now: Callable[[], float] = lambda: 7.0) -> Entropy:
    return Entropy(Seeds(seed), now=now, start=5.0)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_every_row_is_replaced_and_put_back(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    if row.name == "DefaultResolver":
        # Without aiodns it is already what it is replaced by.
        monkeypatch.setattr(row.place, row.name, object())
    before = getattr(row.place, row.name)
    with entropy(1).patched():
        assert getattr(row.place, row.name) is not before
    assert getattr(row.place, row.name) is before
    assert row.why


@pytest.mark.parametrize("name", DRAWS)
def test_a_draw_is_that_of_the_seed(name: str) -> None:
    draw, drawn = DRAWS[name], []
    for seed in (1, 1, 2):
        with entropy(seed).patched():
            drawn.append(draw())
    assert drawn[0] == drawn[1] != drawn[2]
    assert draw() != draw(), "outside it is chance again"


def test_clocks_tell_the_loops_time() -> None:
    with entropy(1).patched():
        assert (
            time.monotonic() == time.perf_counter() == vars(aiohttp.connector)["monotonic"]() == 7.0
        )
        assert time.monotonic_ns() == time.perf_counter_ns() == 7_000_000_000
        assert time.time() == EPOCH + 2
        assert time.time_ns() == int((EPOCH + 2) * 1e9)
        record = logging.LogRecord("name", logging.INFO, "", 1, "", None, None)
        assert record.created == EPOCH + 2
    assert time.time() > EPOCH + 86_400


def test_streams_go_on_where_they_were() -> None:
    whole, parts = entropy(1), entropy(1)
    with whole.patched():
        drawn = [random.random(), random.random(), secrets.token_hex(), secrets.token_hex()]
    with parts.patched():
        first = [random.random(), secrets.token_hex()]
    with parts.patched():
        second = [random.random(), secrets.token_hex()]
    assert drawn == [first[0], second[0], first[1], second[1]]


def test_the_generators_are_as_they_were_afterwards() -> None:
    before = [find().getstate() for find in GENERATORS.values()]
    with entropy(1).patched():
        random.random()
    assert [find().getstate() for find in GENERATORS.values()] == before


def test_other_threads_see_the_real_ones() -> None:
    seen: list[float] = []
    with entropy(1).patched():
        thread = threading.Thread(target=lambda: seen.append(time.time()))
        thread.start()
        thread.join()
    assert seen[0] > EPOCH + 86_400


def test_the_default_generator_is_where_it_was() -> None:
    defaults = WebSocketWriter.__init__.__kwdefaults__
    assert defaults is not None
    assert isinstance(defaults["random"], random.Random)


KNOWN = {
    ("aiohttp", "connector.py", "from time import monotonic"),
    ("aiohttp", "_websocket/writer.py", "random.Random()"),
}
"""What the libraries bind before a row can replace it; each has a row or a generator of its own."""
WATCHED = {"os": {"urandom"}, "random": None, "secrets": None, "time": None, "uuid": None}
"""Modules whose names must not be imported one by one (None: any of them)."""


def early_bindings(package: str) -> set[tuple[str, str, str]]:
    """Where a package takes a clock or a source of chance when it is imported."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    root, found = Path(spec.origin).parent, set()
    for path in sorted(root.rglob("*.py")):
        where = path.relative_to(root).as_posix()
        if where.startswith(("legacy/", "sync/", "trio/", "cli.py", "__main__")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in WATCHED and not node.level:
                names = {alias.name for alias in node.names}
                watched = WATCHED[node.module]
                found |= {
                    (package, where, f"from {node.module} import {name}")
                    for name in (names if watched is None else names & watched)
                }
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "random.Random":
                found.add((package, where, ast.unparse(node)))
    return found


def test_libraries_have_no_source_that_is_not_known() -> None:
    packages = ("aiohttp", "websockets", "aiohappyeyeballs", "yarl", "multidict", "propcache")
    found = set().union(*(early_bindings(package) for package in packages))
    assert found == KNOWN


def test_asyncio_has_no_source_that_is_not_known() -> None:
    """Its loop's clock is ours; sslproto and the selectors are never reached."""
    assert early_bindings("asyncio") == set()
