"""The mock for `beside_bare_aiohttp.py`: limits out of the way, every check and the journal on."""

import asyncio
import json

import msgspec
import uvloop

import offhook
from offhook.domain.inputs import OpenDevice

PLENTY = 10**9


async def _serve() -> None:
    policies = offhook.Policies(
        rate_per_token=PLENTY,
        rate_per_user=PLENTY,
        rate_per_user_and_client=PLENTY,
        connect_delay_s=0,
    )
    server = offhook.MockServer(msgspec.structs.replace(offhook.DEFAULT, policies=policies), seed=1)
    await server.start()
    device = server.receive(OpenDevice(user_id=server.org.users()[0].id, name="d"))
    told = {"port": server.port, "token": server.token(), "device": device.id}
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
