"""What the libraries do to a mock that refuses: counted there, with sleeps written down.

`python -m tests.evidence.observe` writes the page; a nightly test holds it against the libraries
that are installed.
"""

import asyncio
import contextlib
import logging
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from tests.evidence.libraries import LIBRARIES, PATH, Library, seed

import offhook
from offhook.faults.catalogue import read_fault
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.threaded import ThreadedServer

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "retry-libraries.md"
MOST = 40
"""Sleeps, or arrivals, at which a call is ended: it would go on."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """One column: what the mock answers, and how often."""

    name: str
    times: int | None
    fault: dict[str, Any]
    near_s: float | None = None
    """Waits a little below are shown as this: a date is nearer once the answer has been read."""


def _reply(status: int, **fields: object) -> dict[str, Any]:
    return {"kind": "reply", "status": status, **fields}


TROUBLES = (
    Trouble(name="429, `7`", times=1, fault=_reply(429, retryAfterS=7)),
    Trouble(
        name="429, a date in 7 s",
        times=1,
        fault=_reply(429, retryAfterS=7, retryAfterForm="date"),
        near_s=7.0,
    ),
    Trouble(name="429, `0`, for ever", times=None, fault=_reply(429, retryAfterS=0)),
    Trouble(name="429, `400`, for ever", times=None, fault=_reply(429, retryAfterS=400)),
    Trouble(name="429, `soon`, for ever", times=None, fault=_reply(429, retryAfterText="soon")),
    Trouble(name="429 without, for ever", times=None, fault=_reply(429)),
    Trouble(name="503 without, for ever", times=None, fault=_reply(503)),
    Trouble(name="400", times=None, fault=_reply(400)),
    Trouble(name="reset, for ever", times=None, fault={"kind": "abort"}),
)
METHODS = ("GET", "POST")


class GoesOnError(BaseException):
    """The call would go on for longer than anybody looks. Nothing of a library catches it."""


@contextlib.contextmanager
def sleeps_written_down() -> Iterator[list[float]]:
    """In this thread nobody sleeps; how long they would have is in the list."""
    found: list[float] = []
    ours, asleep = threading.get_ident(), (time.sleep, asyncio.sleep)

    def note(seconds: float) -> None:
        found.append(float(seconds))
        if len(found) > MOST:
            raise GoesOnError

    def sleep(seconds: float) -> None:
        if threading.get_ident() == ours:
            note(seconds)
        else:
            asleep[0](seconds)

    async def nap(seconds: float, result: object = None) -> object:
        if threading.get_ident() == ours and seconds:
            note(seconds)
            return result
        return await asleep[1](seconds, result)

    with mock.patch("time.sleep", sleep), mock.patch("asyncio.sleep", nap):
        yield found


def observe(server: ThreadedServer, library: Library, method: str, trouble: Trouble) -> str:
    """How many requests arrived for one call, and the waits between them."""
    match = Match(operation=f"{method} {PATH}")
    fault = read_fault(trouble.fault)
    rules = [
        server.add_fault(RuleSpec(match=match, fault=fault, times=trouble.times)),
        # Whatever comes after the trouble is answered well, without a token.
        server.add_fault(RuleSpec(match=match, fault=ReplyFault(status=200, body={}), times=None)),
    ]
    seed()
    with sleeps_written_down() as waits, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(Exception, GoesOnError):
            library.call(method, server.url)
    arrived = sum(rule.bites for rule in server.faults())
    for rule in rules:
        server.remove_fault(rule.id)
    return told(arrived, waits, near_s=trouble.near_s)


def told(arrived: int, waits: Sequence[float], *, near_s: float | None = None) -> str:
    """A cell: `6: 0, 1, 2, …`."""
    if near_s is not None:
        waits = [near_s if near_s - 2.0 <= wait <= near_s else wait for wait in waits]
    shown = [f"{wait:.1f}".removesuffix(".0") for wait in waits]
    text = ", ".join(shown[:5]) + (", …" if len(shown) > 5 else "")
    return f"{arrived}: {text}" if text else str(arrived)


_HEAD = """# Retries of well-known libraries, as observed

Observed behaviour of the versions named, against a mock on the same machine, by
`python -m tests.evidence.observe`, which writes this page. It tells what one set-up does, grades
nothing, and says nothing of other versions or settings: most of these libraries can be told to do
something else. Sleeps were written down instead of slept, with Python's random generator seeded.

A cell is the number of requests that arrived for one call, and the waits before the retries, in
seconds: `6: 0, 1, 2` is six requests, the first retry at once. A wait without a request behind it
is one that came after the last. `429, 7` is a 429 with `Retry-After: 7`.

"""
_TAIL = """
The official JavaScript SDK rejects at once, whatever `Retry-After` says. What both SDKs do besides
is [observed](official-sdks-under-stress.md), each line a test.

For clients of your own there is [`offhook score`](../how-to/score-a-client.md).
"""


def page() -> str:
    """The page, observed anew."""
    logging.disable(logging.CRITICAL)
    try:
        with offhook.serve(seed=1) as server:
            tables = [_table(server, method) for method in METHODS]
    finally:
        logging.disable(logging.NOTSET)
    rows = "".join(
        f"| {library.name} | {library.version} | {library.setup} |\n" for library in LIBRARIES
    )
    setups = f"## Versions and set-ups\n\n| library | version | set-up |\n|---|---|---|\n{rows}"
    return _HEAD + setups + "".join(tables) + _TAIL


def _table(server: ThreadedServer, method: str) -> str:
    names = " | ".join(trouble.name for trouble in TROUBLES)
    lines = [f"\n## {method}\n", f"| library | {names} |", "|---" * (len(TROUBLES) + 1) + "|"]
    for library in LIBRARIES:
        cells = [observe(server, library, method, trouble) for trouble in TROUBLES]
        lines.append(f"| {library.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
