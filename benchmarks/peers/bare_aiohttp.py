"""A floor: aiohttp's router with two routes and no logic, on uvloop."""

import asyncio
import json

import uvloop
from aiohttp import web

BODY = (
    b'{"id":"c1","muted":false,"connectionStatus":"connected","audioLevel":0.0,"epoch":1,"rev":7}'
)
PATH = "/api/v2/webrtc/clients/c1"


async def _client(_: web.Request) -> web.Response:
    return web.Response(body=BODY, content_type="application/json")


async def _mute(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=204)


async def _serve() -> None:
    app = web.Application()
    app.router.add_get("/api/v2/webrtc/clients/{id}", _client)
    app.router.add_post("/api/v2/webrtc/clients/{id}/mute", _mute)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    told = {"port": runner.addresses[0][1], "token": "t", "path": PATH}
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
