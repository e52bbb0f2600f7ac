"""A whole tenancy without a shell: requests go in as values, answers come out as JSON."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from offhook.api.apply import apply
from offhook.api.exchange import Advance, Request, Response
from offhook.api.operation import Dialect
from offhook.api.platform import users
from offhook.api.resolve import resolve
from offhook.api.tutorial import OPERATIONS as TUTORIAL
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.domain.inputs import OpenDevice
from offhook.domain.views import DeviceView
from offhook.settings import DEFAULT
from offhook.tenancy import Tenancy

START = 1_767_225_600.0


class StandingClock:
    """A clock of the test's own: it stands at `at`."""

    def __init__(self) -> None:
        self.mode = "manual"
        self.speed = 1.0
        self.paused = False
        self.at = START

    def now(self) -> float:
        return self.at

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


def ask_raw(tenancy: Tenancy, method: str, path: str, body: bytes, **headers: str) -> Response:
    """One request through resolve and apply. Of an advance it is the shell's part too."""
    path, _, query = path.partition("?")
    request = Request(
        method=method,
        path=path if path.startswith("/api") else f"/_offhook/v1{path}",
        query=query,
        headers={"content-type": "application/json", **headers},
        body=body,
        origin="http://mock",
    )
    now = tenancy.clock.now()
    answer = apply(tenancy, resolve(tenancy, request, now=now), now=now)
    if isinstance(answer, Advance):
        assert isinstance(tenancy.clock, StandingClock)
        tenancy.clock.at += answer.seconds
        tenancy.handle_timer(now=tenancy.clock.at)
        answer = answer.then()
    assert isinstance(answer, Response)
    return answer


@pytest.fixture
def tenancy() -> Tenancy:
    return Tenancy(
        DEFAULT,
        seed=7,
        now=START,
        operations=(*TUTORIAL, *users.OPERATIONS, *CONTROL),
        dialects=frozenset({Dialect.TUTORIAL}),
        clock=StandingClock(),
    )


@pytest.fixture
def ask(tenancy: Tenancy) -> Callable[..., Any]:
    """`ask(method, path, body, status=200)`: the decoded body of an answer of that status."""

    def ask(method: str, path: str, body: object = None, *, status: int = 200) -> Any:
        sent = b"" if body is None else msgspec.json.encode(body)
        answer = ask_raw(tenancy, method, path, sent)
        assert answer.status == status, answer.body
        assert not tenancy.org.journal.entries(kind="error")
        return msgspec.json.decode(answer.body) if answer.body else None

    return ask


@pytest.fixture
def device(tenancy: Tenancy, ask: Callable[..., Any]) -> DeviceView:
    """The agent's device, connected."""
    agent = tenancy.org.find_user("agent")
    assert agent is not None
    opened = tenancy.org.receive(OpenDevice(user_id=agent.id, name="default"), now=START)
    ask("POST", "/clock/advance", {"seconds": 1})
    found = tenancy.org.device(opened.id)
    assert found is not None
    return found
