"""What the server saw, as values: the requests it answered, and the events it pushed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import msgspec

from offhook.api.answer import stamp
from offhook.journal import Entry
from offhook.server import MockServer

_CONTROL = "/_offhook"


class SeenCall(msgspec.Struct, frozen=True, kw_only=True):
    """A request and how it was answered. Bodies and queries that may hold secrets are hidden."""

    at: float
    """Seconds since the Unix epoch, on the org's clock."""
    method: str
    path: str
    query: str
    body: str | None
    """The first kilobyte; None without a body."""
    operation: str | None
    """The operation's id; None for what is not modelled."""
    status: int
    correlation_id: str
    device_id: str | None
    fault: str | None
    """The id of the fault rule that answered, if one did."""
    why: Mapping[str, Any] | None
    """Why it was refused; None when it was not."""

    @property
    def json(self) -> Any:
        """The body as JSON. Raises `ValueError` when it is none."""
        return msgspec.json.decode(self.body or "")

    def __str__(self) -> str:
        name = "" if self.operation is None else f" {self.operation}"
        return f"{stamp(self.at)} {self.method} {self.path}{name} -> {self.status}"


class SeenCalls(Sequence[SeenCall]):
    """Requests in the order in which they were answered."""

    def __init__(self, calls: Sequence[SeenCall]) -> None:
        self._calls = tuple(calls)

    @overload
    def __getitem__(self, at: int) -> SeenCall: ...
    @overload
    def __getitem__(self, at: slice) -> "SeenCalls": ...
    def __getitem__(self, at: int | slice) -> "SeenCall | SeenCalls":
        return SeenCalls(self._calls[at]) if isinstance(at, slice) else self._calls[at]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[SeenCall]:
        return iter(self._calls)

    def __repr__(self) -> str:
        return "\n".join(map(str, self._calls)) or "no calls"

    def of(self, operation: str, *, status: int | None = None) -> "SeenCalls":
        """Those of an operation, by its id or as `GET /a/path`, and with that status if given."""
        return SeenCalls(
            [
                call
                for call in self._calls
                if operation in (call.operation, f"{call.method} {call.path}")
                and status in (None, call.status)
            ]
        )

    @property
    def refused(self) -> "SeenCalls":
        """Those that were answered 400 or more."""
        return SeenCalls([call for call in self._calls if call.why is not None])


class SeenEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A frame that was written to an event socket, or to that of a notification channel."""

    at: float
    type: str
    """The tutorial's event type, or the platform's topic."""
    body: Any
    """The whole frame as JSON; its text where it is none."""
    socket_id: str
    device_id: str | None
    """None on the socket of a notification channel."""

    def __str__(self) -> str:
        return f"{stamp(self.at)} {self.type}"


def calls_of(server: MockServer) -> SeenCalls:
    """What was asked of the server and not by control. To be called on its loop."""
    whys = server.tenancy.whys
    return SeenCalls(
        [
            _call(entry, why=whys.get(str(entry.facts["correlation_id"])))
            for entry in server.org.journal.entries(kind="exchange")
            if not str(entry.facts["path"]).startswith(_CONTROL)
        ]
    )


def events_of(server: MockServer) -> tuple[SeenEvent, ...]:
    """What was pushed, in the order in which it was written. To be called on its loop."""
    return tuple(
        _event(entry, str(socket_id))
        for entry in server.org.journal.entries(kind="frame-out")
        for socket_id in _sockets(entry)
    )


def _call(entry: Entry, *, why: Mapping[str, Any] | None) -> SeenCall:
    names = set(SeenCall.__struct_fields__) - {"at", "why", "fault"}
    facts = {name: entry.facts[name] for name in names}
    return msgspec.convert(
        {**facts, "fault": entry.facts.get("fault"), "at": entry.at, "why": why}, SeenCall
    )


def _sockets(entry: Entry) -> list[object]:
    """Those to which a frame went: one entry tells it of all that it went to at once."""
    several = entry.facts.get("socket_ids")
    return several if isinstance(several, list) else [entry.facts["socket_id"]]


def _event(entry: Entry, socket_id: str) -> SeenEvent:
    text = str(entry.facts["frame"])
    try:
        body = msgspec.json.decode(text)
    except msgspec.DecodeError:
        body = text
    kind = ""
    if isinstance(body, dict):
        kind = str(body.get("type") or body.get("topicName") or "")
    device_id = entry.facts.get("client_id")
    return SeenEvent(
        at=entry.at,
        type=kind,
        body=body,
        socket_id=socket_id,
        device_id=None if device_id is None else str(device_id),
    )
