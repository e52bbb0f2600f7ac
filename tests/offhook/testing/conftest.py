"""A handle on a mock whose clock stands until it is advanced, and a hand that asks."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from offhook.adapters.clock import ManualClock
from offhook.domain.inputs import OpenDevice
from offhook.testing.handle import Offhook
from offhook.threaded import ThreadedServer

Get = Callable[..., int]


@pytest.fixture
def threaded() -> Iterator[ThreadedServer]:
    with ThreadedServer(seed=1, clock=ManualClock()) as server:
        yield server


@pytest.fixture
def handle(threaded: ThreadedServer) -> Offhook:
    return Offhook(threaded)


@pytest.fixture
def get(handle: Offhook) -> Get:
    def ask(path: str, *, body: bytes | None = None, **token: Any) -> int:
        request = urllib.request.Request(  # noqa: S310 - our own url.
            handle.url + path,
            data=body,
            headers={
                "Authorization": f"Bearer {handle.token(**token)}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own url.
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    return ask


@pytest.fixture
def device_id(handle: Offhook, threaded: ThreadedServer) -> str:
    """A connected device of the default user."""
    user_id = threaded.ask(lambda server: [user.id for user in server.org.users()])[0]
    opened = handle.receive(OpenDevice(user_id=user_id, name="default"))
    handle.clock.advance(1)
    return opened.id
