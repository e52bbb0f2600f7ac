"""A door beside a server through which a benchmark makes it speak, without HTTP in between."""

import asyncio
from collections.abc import Callable


async def listen(speak: Callable[[], object]) -> int:
    """Open it, and return its port. A line with a number makes the server speak so often."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            for _ in range(int(line)):
                speak()
                await asyncio.sleep(0)  # What was said is written at the end of a turn.
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    return port
