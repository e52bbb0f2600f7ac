"""The mock on uvloop, its limits out of the way: every check is on, and so is the journal.

    python -m benchmarks.peers.mock [--no-journal | --full-journal]

Prints where it listens, a token, and a device that is connected. A burst mutes it.
"""

import asyncio
import json
import sys

import msgspec
import uvloop
from benchmarks.peers.burst import listen

import offhook
from offhook.domain.inputs import LocalMute, OpenDevice
from offhook.domain.views import Cause
from offhook.journal import Journal

PLENTY = 10**9


_OF_A_SOCKET = (180, 250, 330, 430)
"""Bytes of the entries that a socket leaves when it opens, about."""


def _fill(journal: Journal) -> None:
    """Let the journal reach its bound, with entries such as come later: they take their place."""
    while not journal.dropped.entries:
        for size in _OF_A_SOCKET:
            journal.record("clock", at=0.0, filler="x" * (size - 60))


async def _serve(*, journal: bool, full: bool) -> None:
    policies = offhook.Policies(
        rate_per_token=PLENTY,
        rate_per_user=PLENTY,
        rate_per_user_and_client=PLENTY,
        connect_delay_s=0,
        heartbeat_s=3600,
    )
    server = offhook.MockServer(msgspec.structs.replace(offhook.DEFAULT, policies=policies), seed=1)
    if not journal:
        server.org.journal.write = lambda *_, **__: 0  # type: ignore[method-assign]  # - nobody else has one without.
    if full:
        _fill(server.org.journal)
    await server.start()
    device = server.receive(OpenDevice(user_id=server.org.users()[0].id, name="d"))
    mute = LocalMute(device_id=device.id, muted=True, cause=Cause.NATIVE)
    path = f"/api/v2/webrtc/clients/{device.id}"
    told = {
        "port": server.port,
        "token": server.token(),
        "path": path,
        "events": f"{path}/events?role=observer",
        "burst": await listen(lambda: server.receive(mute)),
    }
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await asyncio.Event().wait()


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(_serve(journal="--no-journal" not in given, full="--full-journal" in given))
