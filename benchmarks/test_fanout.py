"""One event to many sockets, beside the floor: the same frame written to as many transports.

Both write to transports that swallow, so that what is measured is what the mock adds to a write.
"""

import asyncio
from collections.abc import Callable, Iterator

import msgspec
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import offhook
from offhook.adapters.frames import text_frame
from offhook.adapters.socket import EventSocket
from offhook.api.exchange import Upgrade
from offhook.domain.inputs import AttachSocket, LocalMute, OpenDevice
from offhook.domain.views import Cause, Role

SIZES = (1, 100, 1000, 5000)


class Swallow(asyncio.Transport):
    """A transport whose peer reads everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """It is read."""
        self.bytes += len(data)

    def is_closing(self) -> bool:
        """Never."""
        return False

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with asyncio.Runner() as runner:
        yield runner.get_loop()


async def _served(count: int) -> tuple[offhook.MockServer, str, list[Swallow]]:
    policies = offhook.Policies(connect_delay_s=0)
    settings = msgspec.structs.replace(offhook.DEFAULT, policies=policies)
    mock = offhook.MockServer(settings, seed=1, clock=offhook.ManualClock())
    await mock.start()
    device = mock.receive(OpenDevice(user_id=mock.org.users()[0].id, name="d"))
    token = mock.org.oauth.token(mock.token())
    assert token is not None
    transports = []
    for number in range(count):
        transports.append(Swallow())
        upgrade = Upgrade(
            device_id=device.id, role=Role.OBSERVER, token_id=token.id, since=None, subprotocol=None
        )
        socket = EventSocket(upgrade, id=f"s{number}", transport=transports[-1])
        mock._pump.delivery.attach(socket)  # noqa: SLF001 - sockets without a wire.
        mock.receive(
            AttachSocket(
                socket_id=socket.id, device_id=device.id, role=Role.OBSERVER, token_id=token.id
            )
        )
    return mock, device.id, transports


@pytest.mark.parametrize("count", SIZES)
def test_a_mute_to_its_sockets(
    benchmark: BenchmarkFixture, loop: asyncio.AbstractEventLoop, count: int
) -> None:
    benchmark.group = f"fan-out to {count}"
    mock, device_id, transports = loop.run_until_complete(_served(count))
    before = transports[-1].bytes
    muting = LocalMute(device_id=device_id, muted=True, cause=Cause.NATIVE)
    benchmark(lambda: loop.run_until_complete(_called(mock.receive, muting)))
    assert transports[-1].bytes > before
    loop.run_until_complete(mock.stop())


async def _called(deed: Callable[..., object], *given: object) -> None:
    deed(*given)


@pytest.mark.parametrize("count", SIZES)
def test_the_floor_as_many_writes(
    benchmark: BenchmarkFixture, loop: asyncio.AbstractEventLoop, count: int
) -> None:
    benchmark.group = f"fan-out to {count}"
    transports = [Swallow() for _ in range(count)]
    payload = b'{"type":"muteChanged"' + b" " * 200 + b"}"

    def write() -> None:
        frame = text_frame(payload)
        for transport in transports:
            transport.write(frame)

    benchmark(lambda: loop.run_until_complete(_called(write)))
