"""The mock on uvloop, its limits out of the way: every check is on, and so is the journal.

    python mock.py [--no-journal]

Prints where it listens, a token, and a device that is connected.
"""

import asyncio
import json
import sys

import msgspec
import uvloop

import offhook
from offhook.domain.inputs import OpenDevice

PLENTY = 10**9


async def _serve(*, journal: bool) -> None:
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
    await server.start()
    device = server.receive(OpenDevice(user_id=server.org.users()[0].id, name="d"))
    path = f"/api/v2/webrtc/clients/{device.id}"
    told = {
        "port": server.port,
        "token": server.token(),
        "path": path,
        "events": f"{path}/events?role=observer",
    }
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(journal="--no-journal" not in sys.argv))
