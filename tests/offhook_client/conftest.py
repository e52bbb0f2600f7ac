"""What the client's tests share: the mock, a scripted server, short times."""

import importlib.util
import random
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from offhook.policies import Policies
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_client import signals
from offhook_client.aio import Account
from offhook_client.models import Version
from offhook_client.options import Options
from offhook_client.protocol import step
from offhook_client.signals import Order, Signal
from offhook_client.state import Setup, State
from offhook_client.tokens import CodeGrant, Grant

QUICK = Options(
    backoff_base_s=0.01,
    backoff_cap_s=0.05,
    reconnect_first_s=0.01,
    reconnect_cap_s=0.05,
    restart_spread_s=0.02,
    poll_s=0.05,
    close_timeout_s=0.2,
)


def _load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    full = f"offhook_client_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


@pytest.fixture
async def scripted() -> AsyncIterator[Any]:
    """A server that answers what a test tells it, and remembers what it was sent."""
    async with _load("scripted").ScriptedServer() as server:
        yield server


@pytest.fixture
def quick() -> Options:
    """The client's times, shortened until no test has to wait."""
    return QUICK


Serve = Callable[..., MockServer]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Makes mocks with these policies; none may break inside."""
    servers: list[MockServer] = []

    def make(**policies: object) -> MockServer:
        changed = Policies().changed({"connect_delay_s": 0.0, **policies})
        settings = type(DEFAULT)(users=DEFAULT.users, clients=DEFAULT.clients, policies=changed)
        servers.append(MockServer(settings, seed=7))
        return servers[-1]

    yield make
    for server in servers:
        assert server.errors == ()
        await server.stop()


Login = Callable[..., Account]


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    """Makes accounts with a seeded jitter and short times; closes them."""
    accounts: list[Account] = []

    def make(
        server: MockServer, grant: Grant | None = None, *, options: Options = QUICK
    ) -> Account:
        account = Account(
            server.url,
            grant or CodeGrant(login_hint="agent"),
            options=options,
            rng=random.Random(1),
            wall_clock=lambda: 1_790_000_000.0,
        )
        accounts.append(account)
        return account

    yield make
    for account in accounts:
        await account.close()


class Steps:
    """A state of the protocol that is stepped by hand; `orders` are those of the last step."""

    def __init__(self, setup: Setup | None = None) -> None:
        self.setup = setup or Setup()
        self.state = State()
        self.orders: tuple[Order, ...] = ()

    def __call__(self, *received: Signal, elapsed_s: float = 0.0) -> tuple[Order, ...]:
        for signal in received:
            self.state, self.orders = step(self.setup, self.state, signal, elapsed_s)
        return self.orders

    def at_rest(self, *, muted: bool, status: str = "connected") -> "Steps":
        """Established, subscribed, and all known: version 1.1 by somebody else."""
        version = Version(1, 1)
        look = signals.Snapshot(muted=muted, version=version, cause="self", status=status)
        self(
            signals.Established(client_id="c", snapshot=look),
            signals.Subscribed(version=version),
            look,
        )
        return self


@pytest.fixture
def steps() -> type[Steps]:
    """The class above, for tests to make their own."""
    return Steps
