"""A peer: the least aiohttp server that keeps a mute, checks a token and tells its sockets."""

import asyncio
import json

import uvloop
from aiohttp import web

PATH = "/api/v2/webrtc/clients/c1"
TOKEN = "t"  # noqa: S105 - of this benchmark.


class Client:
    """One client and who listens to it."""

    def __init__(self) -> None:
        self.version = 0
        self.sockets: set[web.WebSocketResponse] = set()
        self.news: asyncio.Queue[str] = asyncio.Queue()

    async def tell(self) -> None:
        """Send what is new to all, for ever."""
        while True:
            event = await self.news.get()
            for socket in tuple(self.sockets):
                await socket.send_str(event)

    async def mute(self, request: web.Request) -> web.Response:
        """Take a mute, and queue its event."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        body = json.loads(await request.read())
        if not isinstance(body.get("muted"), bool):
            return web.Response(status=400)
        self.version += 1
        view = {"id": "c1", "muted": body["muted"], "version": self.version}
        self.news.put_nowait(json.dumps({"type": "muteChanged", "client": view}))
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.WebSocketResponse:
        """Listen until the end. Compresses for who offers it, as aiohttp does unasked."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.add(socket)
        try:
            async for _ in socket:
                pass
        finally:
            self.sockets.discard(socket)
        return socket


async def _serve() -> None:
    client = Client()
    app = web.Application()
    app.router.add_post(f"{PATH}/mute", client.mute)
    app.router.add_get(f"{PATH}/events", client.events)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    told = {
        "port": runner.addresses[0][1],
        "token": TOKEN,
        "path": PATH,
        "events": f"{PATH}/events",
    }
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await client.tell()


if __name__ == "__main__":
    uvloop.run(_serve())
