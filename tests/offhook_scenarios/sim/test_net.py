"""The network: names, hosts, partitions, and sockets made elsewhere."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.sim.errors import EscapeError
from offhook_scenarios.sim.world import World

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Pair, Party


def test_hosts_have_addresses_of_their_own_and_keep_them(world: World) -> None:
    network = world.network
    addresses = [network.address(f"host-{number}") for number in range(300)]
    assert len(set(addresses)) == 300
    assert network.address("host-7") == addresses[7]


def test_names_are_looked_up_in_the_table(world: World) -> None:
    address = world.network.address("server")

    async def found(name: str) -> str:
        infos = await asyncio.get_running_loop().getaddrinfo(name, 80)
        return str(infos[0][4][0])

    assert world.run(found("server")) == address
    assert world.run(found("localhost")) == "127.0.0.1"
    assert world.run(found("192.0.2.7")) == "192.0.2.7"
    with pytest.raises(
        socket.gaierror, match=r"the simulated network has no example\.org, but server$"
    ):
        world.run(found("example.org"))


def test_a_partition_holds_bytes_and_its_end_delivers_them(pair: Pair) -> None:
    pair.world.network.partition("client", "server")
    pair.client.transport.write(b"up")
    pair.server.transport.write(b"down")
    pair.after(100)
    assert (pair.client.told, pair.server.told) == ([], [])
    pair.world.network.heal()
    pair.after()
    assert (pair.client.data, pair.server.data) == (b"down", b"up")


def test_one_direction_may_be_held_alone(pair: Pair) -> None:
    pair.world.network.path("server", "client").hold()
    pair.client.transport.write(b"up")
    pair.server.transport.write(b"down")
    pair.after()
    assert (pair.client.data, pair.server.data) == (b"", b"up")


def test_others_are_not_touched_by_a_partition(pair: Pair) -> None:
    pair.world.network.partition("client", "elsewhere")
    pair.client.transport.write(b"up")
    pair.after()
    assert pair.server.data == b"up"


@pytest.mark.parametrize(
    ("host", "port", "error"),
    [
        (None, 80, r"already in use: 0\.0\.0\.0:80 on here"),
        ("192.0.2.7", 81, "is not an address of host here"),
    ],
)
def test_listening_fails_as_bind_does(
    world: World, party: Callable[[], Party], host: str | None, port: int, error: str
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_server(party, port=80)
        with pytest.raises(OSError, match=error):
            await loop.create_server(party, host, port)

    world.run(main())


def test_nobody_else_reaches_a_loopback(world: World, party: Callable[[], Party]) -> None:
    async def main() -> None:
        loop, network = asyncio.get_running_loop(), world.network
        with network.on("server"):
            await loop.create_server(party, "127.0.0.1", 80)
            await loop.create_connection(party, "127.0.0.1", 80)
        with network.on("client"):
            for host in ("127.0.0.1", "server"):
                with pytest.raises(ConnectionRefusedError):
                    await loop.create_connection(party, host, 80)

    world.run(main())


def test_a_socket_made_elsewhere_is_dialled_with_and_closed(
    world: World, party: Callable[[], Party]
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_server(party, port=80)
        sock = socket.socket()
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", 80))
        transport, _ = await loop.create_connection(party, sock=sock)
        assert sock.fileno() == -1
        assert transport.get_extra_info("peername") == ("127.0.0.1", 80)

    world.run(main())


def test_a_socket_that_was_not_dialled_here_is_refused(
    world: World, party: Callable[[], Party]
) -> None:
    with socket.socket() as sock, World(1) as other:

        async def main() -> None:
            await asyncio.get_running_loop().create_connection(party, sock=sock)

        with pytest.raises(EscapeError, match="real socket"):
            other.run(main())
