"""Stubs: fixed answers of the user's own to requests that the mock does not model.

    stub("GET /api/v2/routing/skills", json={"entities": []})       Python
    [[orgs.stubs]]                                                  TOML
    POST /_offhook/v1/stubs                                         control API

One `Stub` is behind all three, with the same names. An exact path wins over a template, and
among either the later stub over the earlier.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Annotated, Any, Self
from urllib.parse import unquote

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.domain.durable import Changes
from offhook.domain.errors import OffhookError

MAX_STUBS = 1000
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
CONTROL = "/_offhook"

_REQUEST_SCHEMA = r"^(GET|HEAD|POST|PUT|PATCH|DELETE) /[!$&-;=@-Z_a-z{}~]*$"
_REQUEST = re.compile(r"(\S+) (/[!-~]*)")
_PARAMETER = re.compile(r"\{(.+)\}")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~]*")
_OURS = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "inin-correlation-id",
        "keep-alive",
        "server",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that the mock writes itself, as it does all `Access-Control-…`."""

_BODILESS = frozenset({204, 205, 304})
_encode = msgspec.json.Encoder().encode


class StubError(OffhookError, ValueError):
    """A stub that cannot be; the message is one sentence that says what would be right."""


class Stub(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request and its fixed answer. Raises `StubError` for what is no request or no header.

    The path has no query: a stub answers whatever the query says. A segment `{name}` takes any
    value. 204, 205 and 304 go without a body.
    """

    request: Annotated[
        str,
        Meta(
            description="Method and path; a segment {name} takes any value.",
            examples=["GET /api/v2/routing/skills"],
            extra_json_schema={"pattern": _REQUEST_SCHEMA},
        ),
    ]
    status: Annotated[int, Meta(ge=200, le=599)] = 200
    json: Any = UNSET
    """The body as JSON."""
    body: str | UnsetType = UNSET
    """The body as text, where it is not JSON."""
    headers: Annotated[
        dict[str, Annotated[str, Meta(extra_json_schema={"pattern": "^[ -~]*$"})]],
        Meta(extra_json_schema={"propertyNames": {"pattern": "^[0-9A-Za-z-]+$"}}),
    ] = {}
    override: bool = False
    """Answer even though the mock models the operation."""

    def __post_init__(self) -> None:
        _check_request(self.request)
        _check_headers(self.headers)
        if self.json is not UNSET and self.body is not UNSET:
            raise StubError(f"The stub {self.request} has json and body: give one of them.")

    @property
    def method(self) -> str:
        """`GET`, for one."""
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """The template."""
        return self.request.partition(" ")[2]

    def content(self) -> tuple[tuple[tuple[str, str], ...], bytes]:
        """Its headers and its body. Raises `StubError` for what is not JSON."""
        headers, body, kind = tuple(self.headers.items()), b"", ""
        try:
            if isinstance(self.body, str):
                body, kind = self.body.encode(), "text/plain; charset=utf-8"
            elif self.json is not UNSET:
                body, kind = _encode(self.json), "application/json"
        except (TypeError, ValueError, RecursionError) as error:
            raise StubError(
                f"The answer of the stub {self.request} cannot be written: {error}."
            ) from error
        if self.status in _BODILESS:
            return headers, b""
        if kind and not any(name.lower() == "content-type" for name in self.headers):
            headers = (("Content-Type", kind), *headers)
        return headers, body


def _check_request(request: str) -> None:
    found = _REQUEST.fullmatch(request)
    if found is None:
        raise StubError(
            f"{request[:100]!r} is no request: write method, space, path, as in "
            "'GET /api/v2/routing/skills'."
        )
    method, path = found.groups()
    if method not in METHODS:
        raise StubError(f"{method[:20]!r} is no method: there are {', '.join(METHODS)}.")
    if "?" in path or "#" in path:
        raise StubError(
            f"{request[:100]!r} has a query: leave it out, a stub answers whatever it says."
        )


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if _NAME.fullmatch(name) is None:
            raise StubError(f"{name[:100]!r} is no name of a header (RFC 9110 §5.1).")
        if _VALUE.fullmatch(value) is None:
            raise StubError(f"The header {name} may hold printable ASCII only.")
        if name.lower() in _OURS or name.lower().startswith("access-control-"):
            raise StubError(f"The header {name} is the mock's to write: leave it out.")


class Placed(Stub, frozen=True, kw_only=True):
    """A stub in its book, as it stands at one moment."""

    id: str
    declared: bool
    """It is in the org's settings, and comes back with a reset."""
    uses: Annotated[int, Meta(ge=0)]
    """How many requests it has answered."""


class Entry:
    """A stub in its book, made ready to be found and answered."""

    __slots__ = ("body", "declared", "headers", "id", "names", "pattern", "stub", "uses")

    def __init__(self, stub: Stub, *, id: str, declared: bool) -> None:  # noqa: A002 - by its name in JSON.
        segments = _segments(stub.path)
        found = [_PARAMETER.fullmatch(segment) for segment in segments]
        self.id = id
        self.stub = stub
        self.declared = declared
        self.headers, self.body = stub.content()
        self.pattern = tuple(
            None if parameter else segment
            for parameter, segment in zip(found, segments, strict=True)
        )
        """The literal segments, None for a parameter."""
        self.names = tuple(parameter[1] for parameter in found if parameter)
        self.uses = 0

    def placed(self) -> Placed:
        """The stub and its account."""
        fields = {name: getattr(self.stub, name) for name in Stub.__struct_fields__}
        return Placed(id=self.id, declared=self.declared, uses=self.uses, **fields)

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The parameters of a path that fits, by name; None for one that does not."""
        if len(segments) != len(self.pattern):
            return None
        values = []
        for wanted, given in zip(self.pattern, segments, strict=True):
            if wanted is None and given:
                values.append(given)
            elif wanted != given:
                return None
        return dict(zip(self.names, values, strict=True))


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/")]


class StubBook:
    """The stubs of an org, in the order in which they were added."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._changes = Changes[str]()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def overriding(self) -> bool:
        """Whether there is any stub in the way of what the mock models."""
        return any(entry.stub.override for entry in self._entries.values())

    def add(self, stub: Stub, *, id: str, declared: bool = False) -> Entry:  # noqa: A002 - as above.
        """Put a stub before those that are there. Raises `StubError` when there are too many."""
        if len(self._entries) >= MAX_STUBS:
            raise StubError(f"There are {MAX_STUBS} stubs, which is the most: delete some first.")
        assert id not in self._entries, f"two stubs are called {id}"
        entry = self._entries[id] = Entry(stub, id=id, declared=declared)
        self._changes.mark(id)
        return entry

    def used(self, entry: Entry) -> None:
        """It has answered once more."""
        entry.uses += 1
        self._changes.mark(entry.id)

    def remove(self, stub_id: str) -> bool:
        """Forget a stub, and say whether there was one."""
        self._changes.mark(stub_id)
        return self._entries.pop(stub_id, None) is not None

    def clear(self) -> None:
        """Forget all stubs, the declared ones too."""
        self._changes.mark(*self._entries)
        self._entries.clear()

    def uses(self, stub_id: str) -> int:
        """How many requests the stub has answered; 0 when there is none of that id."""
        entry = self._entries.get(stub_id)
        return 0 if entry is None else entry.uses

    def stubs(self) -> tuple[Placed, ...]:
        """All stubs as they stand."""
        return tuple(entry.placed() for entry in self._entries.values())

    def find(self, method: str, path: str) -> Iterator[tuple[Entry, dict[str, str]]]:
        """The stubs that fit a percent-encoded path, best first, each with its parameters.

        HEAD is answered by the stub for HEAD, and then by that for GET (RFC 9110 §9.3.2).
        """
        if not self._entries:
            return
        segments = _segments(path)
        for wanted in ("HEAD", "GET") if method == "HEAD" else (method,):
            fitting = [
                (entry, parameters)
                for entry in reversed(self._entries.values())
                if entry.stub.method == wanted and (parameters := entry.match(segments)) is not None
            ]
            # A stable sort: what has no parameters goes first, and stays latest first.
            yield from sorted(fitting, key=lambda found: bool(found[0].names))

    # What outlives the process (`domain.durable`).

    @property
    def changed(self) -> bool:
        """Whether a stub, or its account, has changed."""
        return self._changes.any

    def track(self) -> None:
        """From now on note what changes."""
        self._changes.begin(self._entries)

    def take_changes(self) -> dict[str, bytes | None]:
        """The stubs that have changed, by id. Asking empties it."""
        return self._changes.take(str, self._row)

    def _row(self, stub_id: str) -> bytes | None:
        entry = self._entries.get(stub_id)
        return None if entry is None else _encode(entry.placed())

    def restore(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Hold these stubs, in this order, with their accounts."""
        self._entries = {}
        for name, row in rows:
            placed = msgspec.json.decode(row, type=Placed)
            entry = Entry(placed, id=name, declared=placed.declared)
            entry.uses = placed.uses
            self._entries[name] = entry


class StubHandle:
    """A stub that code has set: how often it was used, and how to be rid of it.

    As a context manager it is removed at the end of the block. A reset removes it too.
    """

    def __init__(
        self, placed: Placed, *, uses: Callable[[str], int], remove: Callable[[str], bool]
    ) -> None:
        self.placed = placed
        """The stub as it was set, with its id."""
        self._uses = uses
        self._remove = remove

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    @property
    def uses(self) -> int:
        """How many requests it has answered; 0 once it is removed."""
        return self._uses(self.placed.id)

    def remove(self) -> bool:
        """Remove it, and say whether it was still there."""
        return self._remove(self.placed.id)
