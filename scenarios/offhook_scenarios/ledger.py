"""What the server did for one user, as its journal tells it: sets, requests, channel sockets.

The journal tells one thing after the other: an input, the sets that it made, then the exchange
whose request it was. So whose set it was needs no guess.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from offhook.domain.views import Cause
from offhook.journal import Journal
from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import Call, Request, Write

_ASKED_FOR = frozenset({"SetMute", "ChangeCall"})
"""The inputs that come of requests; those of other hands make sets that no request made."""


class Socket(msgspec.Struct, kw_only=True):
    """An event socket. `until` None: it is still open."""

    at: float
    until: float | None = None


class Ledger:
    """Of one user. `my_device` and `my_token` tell whether an id is that user's."""

    def __init__(
        self, *, my_device: Callable[[str], bool], my_token: Callable[[str], bool]
    ) -> None:
        self._my_device = my_device
        self._my_token = my_token
        self.writes: list[Write] = []
        self.channel_sockets: dict[str, Socket] = {}
        """Those of the user's notification channels, by their ids."""
        self._requests: list[dict[str, Any]] = []
        self._calls: list[tuple[float, str, int, str]] = []
        self._aborted: set[str] = set()
        self._input = ""
        self._fresh = 0
        """Where the sets of the last input begin, in `writes`."""

    def follow(self, journal: Journal) -> None:
        """Take down what this journal is told from now on."""
        journal.follow(self._take)

    def calls(self, since: float) -> tuple[Call, ...]:
        """Everybody's requests from then on."""
        return tuple(
            Call(at=at, operation=operation, status=None if of in self._aborted else status)
            for at, operation, status, of in self._calls
            if at >= since
        )

    @property
    def requests(self) -> tuple[Request, ...]:
        """The user's own."""
        return tuple(
            Request(
                **{
                    **facts,
                    "status": None if facts["correlation_id"] in self._aborted else facts["status"],
                }
            )
            for facts in self._requests
        )

    def _take(self, kind: str, at: float, facts: Mapping[str, Any]) -> None:
        match kind:
            case "input":
                self._input, self._fresh = facts["input"], len(self.writes)
            case "set":
                self._take_set(at, facts)
            case "exchange":
                self._take_exchange(at, facts)
            case "fault":
                if facts.get("verdict") == "Abort":
                    self._aborted.add(facts["correlation_id"])
            case "socket" if facts["client_id"] is None:
                self._take_channel_socket(at, facts)

    def _take_channel_socket(self, at: float, facts: Mapping[str, Any]) -> None:
        """A server that ends it says so first, and that it has ended when the peer has left."""
        socket = self.channel_sockets.get(facts["socket_id"])
        if facts["what"] == "open" and self._my_token(facts["token_id"]):
            self.channel_sockets[facts["socket_id"]] = Socket(at=at)
        elif socket is not None and socket.until is None:
            socket.until = at

    def _take_set(self, at: float, facts: Mapping[str, Any]) -> None:
        if self._my_device(facts["device_id"]):
            self.writes.append(
                Write(
                    at=at,
                    device_id=facts["device_id"],
                    version=_version(facts["version"]),
                    muted=facts["muted"],
                    flipped=facts["flipped"],
                    cause=Cause(facts["cause"]),
                    intent=facts["intent"],
                    actor=facts["actor"],
                )
            )

    def _take_exchange(self, at: float, facts: Mapping[str, Any]) -> None:
        of, token_id = facts["correlation_id"], facts["token_id"]
        self._calls.append((at, str(facts["operation"]), facts["status"], of))
        made = range(self._fresh, len(self.writes)) if self._input in _ASKED_FOR else ()
        self._fresh = len(self.writes)
        if token_id is None or not self._my_token(token_id):
            return
        applied = False
        for index in made:
            write = self.writes[index]
            if write.cause is Cause.SELF:
                applied = True
                self.writes[index] = msgspec.structs.replace(
                    write, asked_at=facts["arrived_at"], token_id=token_id
                )
        self._requests.append(
            {
                "at": facts["arrived_at"],
                "operation": facts["operation"],
                "token_id": token_id,
                "status": facts["status"],
                "correlation_id": of,
                "intent": facts.get("intent"),
                "key": facts.get("idempotency_key"),
                "applied": applied,
            }
        )


def _version(text: str) -> Version:
    epoch, _, rev = text.partition(".")
    return int(epoch), int(rev)
