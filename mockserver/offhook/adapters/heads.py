"""Whole requests in one segment, read without a second look at a head that is known.

A client that keeps its connection sends the same head again and again: the same path, the same
token. aiohttp's parser reads a head the first time; after that its bytes are found in a table.
What is not one whole, plain HTTP/1.1 request is not read here at all, and goes the long way.
"""

from collections.abc import Mapping
from urllib.parse import quote

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import HttpRequestParser, RawRequestMessage

from offhook.adapters.bounds import FIELD_BYTES, FIELDS, LINE_BYTES
from offhook.api.exchange import Request
from offhook.api.resolve import Meaning

_END = b"\r\n\r\n"
_UPGRADE = b"\r\nupgrade:"
_HEADS_MAX = 1024
_HEAD_MAX = 2048
"""How many heads are remembered, and how many bytes one may have for it: 2 MiB in all."""
_ONCE = frozenset({"idempotency-key", "offhook-intent", "if-match"})
"""Fields whose values are new each time: such a head will not come again."""
_PLAIN = (1, 1)


class Head:
    """A head that was read: the request without its body, and what it means once that is known."""

    __slots__ = ("length", "meaning", "request")

    def __init__(self, request: Request, length: int) -> None:
        self.request = request
        self.length = length
        """Bytes of the body that belongs to it."""
        self.meaning: Meaning | None = None

    def with_body(self, body: bytes) -> Request:
        """The whole request."""
        request = self.request
        if not body:
            return request
        return Request(
            method=request.method,
            path=request.path,
            query=request.query,
            headers=request.headers,
            body=body,
            origin=request.origin,
        )


class Heads:
    """The heads that a listener has seen. `origin` serves requests that do not name a host."""

    def __init__(self) -> None:
        self.origin = ""
        self._known: dict[bytes, Head] = {}

    def read(self, data: bytes, protocol: BaseProtocol) -> tuple[Head, int] | None:
        """The head of the one request that `data` is or begins, and what is missing of its body.

        None when it is anything else.
        """
        end = data.find(_END)
        if end < 0:
            return None
        head = data[:end]
        known = self._known.get(head) or self._learn(head, data, protocol)
        if known is None:
            return None
        missing = end + len(_END) + known.length - len(data)
        return None if missing < 0 else (known, missing)

    def _learn(self, head: bytes, data: bytes, protocol: BaseProtocol) -> Head | None:
        """Have aiohttp's own parser read the whole, in a parser that is thrown away."""
        if _UPGRADE in head.lower():
            return None
        parser = HttpRequestParser(
            protocol,
            protocol._loop,  # noqa: SLF001 - the parser of a connection is given it too.
            len(data) + 1,
            max_line_size=LINE_BYTES,
            max_field_size=FIELD_BYTES,
            max_headers=FIELDS,
            auto_decompress=False,
        )
        try:
            messages, upgraded, _ = parser.feed_data(data)
        except HttpProcessingError:
            return None
        if len(messages) != 1 or upgraded:
            return None
        message, _ = messages[0]
        if not _is_plain(message):
            return None
        headers = lower_headers(message.headers)
        length = headers.get("content-length", "0")
        path, query = split_target(message.path)
        host = headers.get("host")
        known = Head(
            Request(
                method=message.method,
                path=path,
                query=query,
                headers=headers,
                body=b"",
                origin=f"http://{host}" if host else self.origin,
            ),
            int(length),
        )
        if len(head) <= _HEAD_MAX and _ONCE.isdisjoint(headers):
            if len(self._known) >= _HEADS_MAX:
                self._known.clear()
            self._known[head] = known
        return known


def _is_plain(message: RawRequestMessage) -> bool:
    return (
        tuple(message.version) == _PLAIN
        and not message.should_close
        and not message.upgrade
        and not message.chunked
        and "Expect" not in message.headers
    )


def split_target(raw_path: str) -> tuple[str, str]:
    """Path and query as on the wire; the absolute form loses its origin (RFC 9112 §3.2.2)."""
    target, _, query = raw_path.partition("?")
    if "://" in target and not target.startswith("/"):
        rest = target.partition("://")[2]
        target = "/" + rest.partition("/")[2]
    return quoted(target), quoted(query)


def quoted(text: str) -> str:
    """Percent-encode what should have been (RFC 3986 §2.1): aiohttp lets raw bytes pass."""
    if text.isascii():
        return text
    return "".join(
        letter if letter.isascii() else quote(letter.encode("utf-8", "surrogateescape"))
        for letter in text
    )


def lower_headers(fields: Mapping[str, str]) -> dict[str, str]:
    """Header fields by lower-case name, repeated ones joined by a comma (RFC 9110 §5.3).

    Bytes beyond ASCII are read as Latin-1 (§5.5), so that every value is text that can be
    encoded again.
    """
    headers: dict[str, str] = {}
    for name, value in fields.items():
        key = name.lower()
        text = (
            value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("latin-1")
        )
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
