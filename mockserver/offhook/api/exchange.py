"""What passes between the shell and the core: a request of bytes, an answer of bytes.

The shell fills in a `Request` and writes a `Response`, and understands neither.
"""

from collections.abc import Callable, Mapping

import msgspec

from offhook.domain.version import Version
from offhook.domain.views import Role

SWITCHING = 101
"""The status of what becomes a socket."""
FIRST_ERROR = 400
"""From this status on an answer is a refusal."""
CONTROL_BODY_BYTES = 512_000
"""What control takes at least, whatever `max_body_bytes`: no policy may lock its own door."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came. The core decodes everything in it."""

    method: str
    """Upper case, as on the wire."""
    path: str
    """Percent-encoded, as on the wire, without the query."""
    query: str
    """Percent-encoded, without the question mark."""
    headers: Mapping[str, str]
    """Names in lower case; repeated fields joined by a comma (RFC 9110 §5.3)."""
    body: bytes
    """At most one byte more than what is allowed: the shell stops reading there."""
    origin: str
    """`http://host:port` as the client named it; links are built from it."""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, ready to be written."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a good request for an event socket.

    The shell upgrades, then sends `AttachSocket` with a socket id of its own through the
    org's door.
    """

    device_id: str
    role: Role
    token_id: str
    since: Version | None
    subprotocol: str | None


class ChannelUpgrade(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a good request for a notification channel's socket.

    The shell upgrades, then sends `AttachChannel` with a socket id of its own.
    """

    channel_id: str
    token_id: str


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a good request to move the clock.

    The shell advances it, meeting every deadline on the way, and writes what `then` returns.
    """

    seconds: float
    then: Callable[[], Response]


Answer = Response | Upgrade | ChannelUpgrade | Advance
