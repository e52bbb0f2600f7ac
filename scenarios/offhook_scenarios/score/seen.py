"""What the server saw of a few clients while something was wrong. Pure: read from the journal.

Nothing here rests on what a client says of itself, but for `Seen.believed`.
"""

from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from itertools import pairwise

import msgspec

from offhook.journal import Entry

WRITES = frozenset({"postWebrtcClientMute", "patchConversationsCallParticipant"})
"""What a press of the mute button becomes on the wire, in either dialect."""
SOCKETS = frozenset({"getWebrtcClientEvents", "getChannelSocket"})
"""Handshakes of an event socket."""
TOKENS = frozenset({"postOauthToken"})
NO_ANSWER = 0
"""The status of a request whose answer nobody got."""
FIRST_ERROR = 400


class Arrival(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A request, when it had arrived. Times are in seconds since the Unix epoch."""

    at: float
    answered_at: float
    operation: str | None
    method: str
    status: int
    """`NO_ANSWER` when the connection was broken instead."""
    client: int | None
    """From 0; None where nothing on the wire says whose it was."""
    retry_after: str | None = None
    """As the answer said it."""
    key: str | None = None
    """What tells a repeat from a new write: idempotency key, intent or precondition."""
    applied: bool = False
    """Whether it had its effect."""

    @property
    def asked_until(self) -> float | None:
        """Before when the answer asked not to come back; None when it asked for nothing."""
        text = (self.retry_after or "").strip()
        if text.isascii() and text.isdigit():
            return self.answered_at + float(text)
        try:
            return parsedate_to_datetime(text).timestamp()
        except ValueError:
            return None


class Press(msgspec.Struct, kw_only=True, rename="camel"):
    """A person at a client presses the button."""

    at: float
    client: int
    ended_at: float | None = None
    """When the client was done with it; None when it was not by the end."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One probe: what a few clients were put through together, and all that arrived of them."""

    probe: str
    clients: int
    began: float
    """When the trouble began."""
    ended: float
    arrivals: tuple[Arrival, ...]
    """Since it began, in the order of arrival."""
    presses: tuple[Press, ...]
    believed: int | None = None
    """HTTP requests that the clients say they sent in all; None of clients that do not say."""
    received: int = 0
    """HTTP requests that arrived in all, also before the trouble; handshakes left out."""
    broken: str | None = None
    """What a client did that no client may: it broke, it would not end, it flooded."""

    def of(self, operations: frozenset[str], client: int | None = None) -> tuple[Arrival, ...]:
        """The arrivals of these operations; of one client, or of all."""
        return tuple(
            arrival
            for arrival in self.arrivals
            if arrival.operation in operations and client in {None, arrival.client}
        )

    def gaps(self, operations: frozenset[str]) -> list[list[float]]:
        """For each client, from each answer to its next arrival, in seconds."""
        return [
            [
                after.at - before.answered_at
                for before, after in pairwise(self.of(operations, number))
            ]
            for number in range(self.clients)
        ]

    def waits(self, operations: frozenset[str]) -> list[tuple[float, float, int]]:
        """Asked and actual wait of each retry that was told one, in seconds, and the client."""
        found = []
        for number in range(self.clients):
            for before, after in pairwise(self.of(operations, number)):
                until = before.asked_until
                if until is not None and before.status >= FIRST_ERROR:
                    asked = max(0.0, until - before.answered_at)
                    found.append((asked, after.at - before.answered_at, number))
        return found


def read_arrivals(entries: Iterable[Entry], owners: dict[str, int]) -> tuple[Arrival, ...]:
    """The requests that a journal tells of, control left out.

    `owners`: the client of a token's id, and of a notification channel's.
    """
    arrivals: dict[object, Arrival] = {}
    for entry in entries:
        facts = entry.facts
        correlation = facts.get("correlation_id")
        if entry.kind == "fault" and facts.get("verdict") == "Abort":
            known = arrivals.get(correlation)
            arrivals[correlation] = (
                _aborted(entry, owners)
                if known is None
                else msgspec.structs.replace(known, status=NO_ANSWER, answered_at=entry.at)
            )
        elif entry.kind == "exchange" and not str(facts["path"]).startswith("/_offhook/"):
            arrivals[correlation] = _arrival(entry, owners)
    return tuple(sorted(arrivals.values(), key=lambda arrival: arrival.at))


def _arrival(entry: Entry, owners: dict[str, int]) -> Arrival:
    facts = entry.facts
    status = _whole(facts["status"])
    keys = (facts.get(name) for name in ("idempotency_key", "intent", "if_match"))
    return Arrival(
        at=_seconds(facts["arrived_at"]),
        answered_at=entry.at,
        operation=_text(facts["operation"]),
        method=str(facts["method"]),
        status=status,
        client=_owner(facts, owners),
        retry_after=_text(facts.get("retry_after")),
        key=next((str(key) for key in keys if key is not None), None),
        applied=status < FIRST_ERROR and "fault" not in facts,
    )


def _owner(facts: Mapping[str, object], owners: dict[str, int]) -> int | None:
    """By the token; the socket of a channel is opened by the channel's URL alone."""
    if facts["operation"] in SOCKETS and facts["token_id"] is None:
        return owners.get(str(facts["path"]).rpartition("/")[2])
    return owners.get(str(facts["token_id"]))


def _aborted(entry: Entry, owners: dict[str, int]) -> Arrival:
    """Broken before anything was done about it: the fault is all that tells of it."""
    return Arrival(
        at=entry.at,
        answered_at=entry.at,
        operation=_text(entry.facts["operation"]),
        method="",
        status=NO_ANSWER,
        client=owners.get(str(entry.facts["token_id"])),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _whole(value: object) -> int:
    assert isinstance(value, int), f"a status is a number, not {value!r}"
    return value


def _seconds(value: object) -> float:
    assert isinstance(value, int | float), f"a time is a number, not {value!r}"
    return float(value)
