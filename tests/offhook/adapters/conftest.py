"""A served org on a manual clock, a desk that talks to it, and transports without a wire."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import msgspec
import pytest

from offhook.adapters.clock import ManualClock
from offhook.adapters.socket import EventSocket
from offhook.api.exchange import Upgrade
from offhook.domain.inputs import AttachSocket, OpenDevice
from offhook.domain.views import Role
from offhook.faults.rule import Rule, RuleSpec
from offhook.server import MockServer
from offhook.settings import DEFAULT


class FakeTransport(asyncio.Transport):
    """Remembers what was done to it. `backlog` is what its peer has not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.deeds: list[str] = []
        self.backlog = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.backlog

    def is_closing(self) -> bool:
        return "abort" in self.deeds or "close" in self.deeds

    def abort(self) -> None:
        self.deeds.append("abort")

    def close(self) -> None:
        self.deeds.append("close")

    def pause_reading(self) -> None:
        self.deeds.append("pause")

    def resume_reading(self) -> None:
        self.deeds.append("resume")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The text frames, read as JSON."""
        return [json.loads(frame[frame.index(b"{") :]) for frame in self.written if b"{" in frame]

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages]


class Desk:
    """A plain client of one server: a token, a device, HTTP and event sockets."""

    def __init__(self, server: MockServer, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.token = server.token()
        self.http = http
        self.writers: list[asyncio.StreamWriter] = []
        self.device_id = server.receive(
            OpenDevice(user_id=server.org.users()[0].id, name="default")
        ).id

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/api/v2/webrtc/clients/{self.device_id}"

    def get(self) -> Any:
        return self.http.get(self.path, headers=self.headers)

    def mute(self, *, muted: bool = True) -> Any:
        return self.http.post(f"{self.path}/mute", headers=self.headers, json={"muted": muted})

    def events(self, role: str = "device", **options: Any) -> Any:
        headers = self.headers if "protocols" not in options else {}
        return self.http.ws_connect(f"{self.path}/events?role={role}", headers=headers, **options)

    async def raw(self, text: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send these lines, in HTTP's own words, with the token where `{token}` stands."""
        host, port = self.server.host, self.server.port
        reader, writer = await asyncio.open_connection(host, port)
        self.writers.append(writer)
        filled = text.replace("{token}", self.token).replace("{path}", self.path)
        writer.write(filled.replace("\n", "\r\n").encode("latin-1"))
        return reader, writer


@pytest.fixture
async def server() -> AsyncIterator[MockServer]:
    async with MockServer(seed=1, clock=ManualClock()) as running:
        yield running
        assert running.errors == (), "something broke inside the mock"


@pytest.fixture
async def http(server: MockServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url) as session:
        yield session


@pytest.fixture
async def desk(server: MockServer, http: aiohttp.ClientSession) -> AsyncIterator[Desk]:
    """A desk whose device is connected already."""
    made = Desk(server, http)
    await server.advance(DEFAULT.policies.connect_delay_s)
    yield made
    for writer in made.writers:
        writer.close()


@pytest.fixture
def add_fault(server: MockServer) -> Callable[..., Rule]:
    """Add a fault rule, written as control would."""

    def add(fault: dict[str, Any], **rule: Any) -> Rule:
        spec = msgspec.convert({"fault": fault, **rule}, RuleSpec)
        return server.faults.add(spec, id=server.org.entropy.id("fault"))

    return add


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
async def device_id(server: MockServer) -> str:
    """A connected device."""
    user = server.org.users()[0]
    device = server.receive(OpenDevice(user_id=user.id, name="default"))
    await server.advance(DEFAULT.policies.connect_delay_s)
    return device.id


@pytest.fixture
def attach(server: MockServer, device_id: str) -> Callable[..., EventSocket]:
    """Attach an event socket on a fake transport, its `wire`, to the org."""

    def attached(role: Role = Role.DEVICE) -> EventSocket:
        token = server.org.oauth.token(server.token())
        assert token is not None
        upgrade = Upgrade(
            device_id=device_id, role=role, token_id=token.id, since=None, subprotocol=None
        )
        socket = WiredSocket(upgrade, id=server.org.entropy.id("socket"))
        server._pump.delivery.attach(socket)
        server.receive(
            AttachSocket(socket_id=socket.id, device_id=device_id, role=role, token_id=token.id)
        )
        return socket

    return attached


class WiredSocket(EventSocket):
    """An event socket whose transport can be looked at."""

    def __init__(self, upgrade: Upgrade, *, id: str) -> None:  # noqa: A002 - as its base.
        self.wire = FakeTransport()
        super().__init__(upgrade, id=id, transport=self.wire)
