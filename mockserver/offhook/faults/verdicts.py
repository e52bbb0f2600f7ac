"""What a fault decides. Values only: `offhook.adapters.carry` carries them out.

A verdict names the rule it comes from, so that carrying it out can be counted as a bite.
"""

from enum import StrEnum

import msgspec


class When(StrEnum):
    """On which side of the effect a fault bites."""

    BEFORE = "before"
    AFTER = "after"


class RetryAfterForm(StrEnum):
    """How seconds are written in a `Retry-After` (RFC 9110 §10.2.3)."""

    SECONDS = "seconds"
    DATE = "date"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The root of all verdicts."""

    rule_id: str


class Delay(Verdict, frozen=True, kw_only=True):
    """Wait, before or after the effect."""

    delay_s: float
    when: When


class Reply(Verdict, frozen=True, kw_only=True):
    """Answer this instead; the effect does not happen."""

    status: int
    code: str | None
    retry_after_s: int | None
    body: bytes | None
    retry_after_form: RetryAfterForm = RetryAfterForm.SECONDS
    retry_after_text: str | None = None
    """Stands in the header as it is, whatever `retry_after_s` says."""


class Abort(Verdict, frozen=True, kw_only=True):
    """Reset the connection, before or after the effect."""

    when: When


class Truncate(Verdict, frozen=True, kw_only=True):
    """Send the head and this many bytes of the body, then cut the connection."""

    bytes: int


HttpVerdict = Delay | Reply | Abort | Truncate


class PushDelay(Verdict, frozen=True, kw_only=True):
    """This frame, and whatever comes behind it on the socket, waits."""

    delay_s: float


class PushDrop(Verdict, frozen=True, kw_only=True):
    """This frame is not written."""


class PushDuplicate(Verdict, frozen=True, kw_only=True):
    """This frame is written twice."""


class PushHold(Verdict, frozen=True, kw_only=True):
    """This frame waits until `frames` later ones have gone, or `delay_s` has passed."""

    frames: int | None
    delay_s: float | None


class PushClose(Verdict, frozen=True, kw_only=True):
    """The socket is closed instead; 1006 cuts it."""

    code: int


class PushStall(Verdict, frozen=True, kw_only=True):
    """From this frame on nothing is written and nothing read for so long; the link is half-open."""

    duration_s: float | None
    """None: until the socket is closed."""


class PushGarble(Verdict, frozen=True, kw_only=True):
    """Half of the frame is written, so that it is not JSON."""


PushVerdict = PushDelay | PushDrop | PushDuplicate | PushHold | PushClose | PushStall | PushGarble
