"""A trace: a first line that says what it is of, then what the mock saw, and no secret."""

import json

from offhook.adapters.trace_file import VERSION
from offhook.testing.handle import Offhook
from offhook.testing.traces import trace_of


def test_every_line_is_an_object_and_the_first_says_of_what(handle: Offhook) -> None:
    secret = handle.token()
    lines = handle.ask(lambda server: trace_of(server, test="t.py::test")).splitlines()
    first, *entries = map(json.loads, lines)
    assert first["trace"] == VERSION
    assert (first["test"], first["seed"], first["dropped"]) == ("t.py::test", 1, 0)
    assert [entry["kind"] for entry in entries] == ["input"]
    assert secret not in b"".join(lines).decode()
