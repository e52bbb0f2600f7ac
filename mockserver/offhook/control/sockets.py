"""Event sockets from outside: push an event, drop the connections."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import NO_SUCH, row
from offhook.domain.channel_inputs import AnnounceClosing
from offhook.domain.errors import DomainError
from offhook.domain.inputs import DropSockets, PushEvent
from offhook.faults.kinds import RESERVED_CLOSE_CODES


class PushBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """An object for a device's sockets, as it is."""

    client_id: str
    event: dict[str, Any]


class DropBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """Which sockets to close, and how."""

    client_id: str | None = None
    """None: all."""
    code: Annotated[int, Meta(ge=1000, le=4999)] = 1006
    """1006 cuts the connection without a close frame."""


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """How many sockets were closed."""

    dropped: int


def _push(call: Call) -> Response:
    body = msgspec.json.encode(call.body.event)
    call.tenancy.org.receive(PushEvent(device_id=call.body.client_id, body=body), now=call.now)
    return empty_answer(202)


class ClosingBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """Which channel's sockets are to be closed after the platform's minute."""

    channel_id: str | None = None
    """None: all."""


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """How many sockets were told."""

    announced: int


def _announce(call: Call) -> Response:
    item = AnnounceClosing(channel_id=call.body.channel_id)
    return json_answer(200, Announced(announced=call.tenancy.org.receive(item, now=call.now)))


def _drop(call: Call) -> Response:
    body = call.body
    if body.code in RESERVED_CLOSE_CODES:
        raise DomainError(
            "invalid.value",
            f"code is {body.code}, which never stands in a close frame (RFC 6455 §7.4.1); "
            "1006 cuts the connection.",
        )
    item = DropSockets(device_id=body.client_id, code=body.code)
    return json_answer(200, Dropped(dropped=call.tenancy.org.receive(item, now=call.now)))


OPERATIONS = (
    row(
        "pushEvent",
        "POST",
        "/events",
        "Push an object to a device's sockets as it is",
        _push,
        body=PushBody,
        outcomes={202: Outcome(meaning="It is on its way."), 404: NO_SUCH},
    ),
    row(
        "dropSockets",
        "POST",
        "/sockets/drop",
        "Close the sockets of a device, or all",
        _drop,
        body=DropBody,
        outcomes={200: Outcome(meaning="How many.", body=Dropped), 404: NO_SUCH},
    ),
    row(
        "announceClosing",
        "POST",
        "/sockets/closing",
        "Announce maintenance to the sockets of notification channels",
        _announce,
        body=ClosingBody,
        outcomes={200: Outcome(meaning="How many.", body=Announced), 404: NO_SUCH},
    ),
)
