"""A web site of one page, for browser tests; it may stand before the mock as its own origin does.

`Site(pages)` is another origin than the mock. `Site(pages, behind=mock.url)` hands every other
path on to the mock, so that page, login and API share one origin, as behind a company's proxy.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import httpx

_NOT_HANDED_ON = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})

Pages = dict[str, tuple[str, bytes]]
"""Path to media type and content."""


class Site:
    """Serves on a loopback port of its own while it is entered."""

    def __init__(self, pages: Pages, *, behind: str | None = None) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages, behind))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(pages: Pages, behind: str | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers with a page, or with what the mock behind answers."""

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            if page is not None:
                media_type, content = page
                self._send(200, [("Content-Type", media_type)], content)
            elif behind is not None:
                self._hand_on(behind)
            else:
                self._send(404, [], b"")

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - as http.server asks.

        def _hand_on(self, behind: str) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            answer = httpx.request(
                self.command,
                behind + self.path,
                headers=[(n, v) for n, v in self.headers.items() if n.lower() != "connection"],
                content=self.rfile.read(length),
                follow_redirects=False,
            )
            kept = [(n, v) for n, v in answer.headers.items() if n not in _NOT_HANDED_ON]
            self._send(answer.status_code, kept, answer.content)

        def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above.
            """Nobody reads it."""

    return Handler
