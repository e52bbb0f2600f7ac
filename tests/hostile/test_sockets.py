"""Hostile WebSocket peers: a close code that says why, bounded memory, and others hear events."""

import asyncio
import gc
import json
import os
import resource
import sys
import zlib
from typing import Any

import pytest
from tests.hostile.conftest import close_code, frame
from tests.memory import pss_kib

from offhook.adapters.socket import HIGH_WATER, LARGEST_MESSAGE
from offhook.domain.inputs import LocalMute, PushEvent
from offhook.domain.views import Cause

TOO_BIG, NOT_TEXT, PROTOCOL = 1009, 1007, 1002

FRAMES = {
    "a message too large": (frame(b"x" * (LARGEST_MESSAGE + 1)), {TOO_BIG}),
    "a length that lies": (
        b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
        {TOO_BIG, PROTOCOL},
    ),
    "pieces too many": (
        frame(b"x" * 40_000, fin=False) + frame(b"x" * 40_000, opcode=0),
        {TOO_BIG},
    ),
    "no UTF-8": (frame(b"\xff\xfe"), {NOT_TEXT}),
    "half a letter": (frame(b"\xc3"), {NOT_TEXT}),
    "a surrogate": (frame(b"\xed\xa0\x80"), {NOT_TEXT}),
    "an unknown opcode": (frame(b"", opcode=5), {PROTOCOL}),
    "a reserved bit": (frame(b"{}", reserved=0x20), {PROTOCOL}),
    "a compressed frame": (frame(zlib.compress(b"x" * 10**6), reserved=0x40), {PROTOCOL}),
    "a long ping": (frame(b"x" * 126, opcode=9), {PROTOCOL}),
    "a ping in pieces": (frame(b"x", opcode=9, fin=False), {PROTOCOL}),
    "a piece of nothing": (frame(b"x", opcode=0), {PROTOCOL}),
    "a close code that is none": (frame((999).to_bytes(2, "big"), opcode=8), {PROTOCOL}),
}


@pytest.mark.parametrize(("data", "codes"), FRAMES.values(), ids=FRAMES)
async def test_a_wrong_frame_ends_its_socket_with_a_code_that_says_why(
    house: Any, data: bytes, codes: set[int]
) -> None:
    peer = await house.socket()
    peer.send(data)
    assert await close_code(peer) in codes
    await house.is_well()


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=99",
        "x-webkit-deflate-frame, permessage-deflate",
    ],
)
async def test_an_offer_of_compression_is_not_taken(house: Any, offer: str) -> None:
    peer = await house.socket(f"Sec-WebSocket-Extensions: {offer}")
    head = await peer.reader.readexactly(2)
    assert head[0] == 0x81, "a plain text frame"


async def test_what_is_no_json_is_answered_and_in_the_end_closed(house: Any) -> None:
    peer = await house.socket()
    for bad in (b"{", b"[" * 5000, b'{"type":"mute"}', b'{"type":"ping","type":"ping"}') * 4:
        peer.send(frame(bad))
    assert await close_code(peer) == 4400
    await house.is_well()


async def test_a_reader_that_never_reads_is_closed_and_the_others_hear(house: Any) -> None:
    deaf, good = await house.socket(), await house.socket()
    deaf.writer.transport.pause_reading()
    big = json.dumps({"type": "big", "x": "x" * 50_000}).encode()
    for _ in range(200):
        house.server.receive(PushEvent(device_id=house.device_id, body=big))
        await good.reader.readuntil(b'xxx"}')
    held = [each.backlog for each in house.server._pump.delivery.sockets]
    assert all(backlog <= HIGH_WATER for backlog in held)
    assert len(held) == 1, "who does not read is let go"
    await house.is_well()


async def test_many_idle_sockets_each_hear_of_a_mute(house: Any) -> None:
    peers = [await house.socket() for _ in range(100)]
    house.server.receive(LocalMute(device_id=house.device_id, muted=True, cause=Cause.NATIVE))
    for peer in peers:
        await peer.reader.readuntil(b'"muteChanged"')
    await house.is_well()


CROWD = """
import asyncio, resource, sys

port, count, handshake = int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

async def one():
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake)
    assert (await reader.readuntil(b"\\r\\n\\r\\n")).startswith(b"HTTP/1.1 101")
    return reader, writer

async def main():
    peers = []
    for _ in range(count // 100):
        peers += await asyncio.gather(*(one() for _ in range(100)))
    print("there", flush=True)
    for reader, _ in peers:
        await reader.readuntil(b'"muteChanged"')
    print(len(peers), flush=True)

asyncio.run(main())
"""
"""The other end of many sockets, in a process of its own: each of both has files for all."""
SOCKETS = 10_000
EACH_KIB_MAX = 24


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
async def test_ten_thousand_idle_sockets_cost_little_and_all_hear(house: Any) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < SOCKETS + 500:
        pytest.skip(f"a process may open {hard} files only: ulimit -Hn {SOCKETS + 500}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.collect()
    before = pss_kib(os.getpid())
    words = (str(house.server.port), str(SOCKETS), house.handshake().hex())
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CROWD, *words, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert crowd.stdout is not None
        assert await crowd.stdout.readline() == b"there\n"
        each = (pss_kib(os.getpid()) - before) / SOCKETS
        house.server.receive(LocalMute(device_id=house.device_id, muted=True, cause=Cause.NATIVE))
        assert await crowd.stdout.readline() == f"{SOCKETS}\n".encode()
        await house.is_well()
        print(f"{SOCKETS} idle sockets, {each:.1f} KiB each")  # noqa: T201 - a figure for the log.
        assert each < EACH_KIB_MAX
    finally:
        if crowd.returncode is None:
            crowd.kill()
        await crowd.wait()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
