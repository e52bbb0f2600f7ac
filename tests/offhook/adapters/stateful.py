"""Mocks with a state file, and what is compared of them."""

from pathlib import Path
from typing import Any

import aiohttp

from offhook import DEFAULT, ManualClock, MockServer, OrgSettings


def served(path: Path, *, settings: OrgSettings = DEFAULT, **given: Any) -> MockServer:
    return MockServer(settings, clock=ManualClock(), state=path, **given)


async def status(http: aiohttp.ClientSession, path: str) -> int:
    async with http.get(path) as answer:
        return answer.status


def picture(server: MockServer) -> dict[str, object]:
    """The state, but for the sockets, which nothing outlives."""
    return {name: value for name, value in server.state().items() if name != "sockets"}
