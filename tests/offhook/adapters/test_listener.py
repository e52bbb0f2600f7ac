"""What is not HTTP gets an answer that clients of the platform can read."""

import json
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("request_head", "told"),
    [
        ("BREW {path} HTTP/1.1\nHost: mock\n\n", "The request cannot be read: "),
        ("GET {path} HTTP/1.1\nHost: mock\nX: " + "x" * 9000 + "\n\n", "8190"),
        ("GET {path}?x=" + "x" * 9000 + " HTTP/1.1\nHost: mock\n\n", "8190"),
        ("GET / HTTP/1.1\nHost : mock\n\n", "The request cannot be read: "),
    ],
)
async def test_bytes_that_are_no_request_get_the_platforms_body_and_cors(
    desk: Any, request_head: str, told: str
) -> None:
    reader, _ = await desk.raw(request_head)
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    assert " 400 " in head.splitlines()[0]
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    assert headers["Content-Type"] == "application/json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Server"] == "offhook"
    refusal = json.loads(body)
    assert (refusal["code"], refusal["status"]) == ("bad.request", 400)
    assert refusal["contextId"] == headers["ININ-Correlation-Id"]
    assert told in refusal["message"]
    assert "\n" not in refusal["message"]


async def test_the_connection_ends_with_it(desk: Any) -> None:
    reader, _ = await desk.raw("BREW {path} HTTP/1.1\nHost: mock\n\n" * 2)
    assert (await reader.read()).count(b"bad.request") == 1
