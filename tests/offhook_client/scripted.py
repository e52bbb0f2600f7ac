"""A server that does what a test tells it, request by request, and remembers what came.

Bytes by hand: it can break a connection before or after it has answered, which no framework
offers.
"""

import asyncio
from collections import deque
from types import TracebackType
from typing import Any, Self

import msgspec


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came. Header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class Says(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the script. `status` 0: the connection is cut without one."""

    status: int = 200
    headers: dict[str, str] = {}
    body: bytes = b""
    cut_at: int | None = None
    """Of the body, so many bytes are sent before the connection is cut."""
    gate: asyncio.Event | None = None
    """The answer waits for it."""


class ScriptedServer:
    """Answers in turn from `script`, by path prefix; what is not in it gets `otherwise`."""

    def __init__(self) -> None:
        self.script: dict[str, deque[Says]] = {}
        self.otherwise = Says()
        self.received: list[Received] = []
        self.connections = 0
        self.url = ""
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    def says(self, path: str, *, times: int = 1, **fields: Any) -> None:
        """The next `times` requests whose path begins so are answered so (fields of `Says`)."""
        self.script.setdefault(path, deque()).extend([Says(**fields)] * times)

    def paths(self, prefix: str = "") -> list[str]:
        """What was asked for, as `METHOD path`, of paths that begin so."""
        return [f"{one.method} {one.path}" for one in self.received if one.path.startswith(prefix)]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        at = asyncio.get_running_loop().time()
        self.received.append(Received(method=method, path=path, headers=headers, body=body, at=at))
        says = self._answer(path)
        if says.gate is not None:
            await says.gate.wait()
        if says.status == 0:
            return False
        lines = [f"HTTP/1.1 {says.status} X", f"Content-Length: {len(says.body)}"]
        lines += [f"{name}: {value}" for name, value in says.headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        writer.write(says.body[: says.cut_at])
        await writer.drain()
        return says.cut_at is None

    def _answer(self, path: str) -> Says:
        for prefix, answers in self.script.items():
            if path.startswith(prefix) and answers:
                return answers.popleft()
        return self.otherwise
