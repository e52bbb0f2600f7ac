"""The kinds of fault: one struct each, whose fields are its JSON.

A kind says what a rule may ask for; `verdict` turns it into what the shell carries out.
The description of a field is the phrase that its error and its documentation use.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from offhook.faults.verdicts import (
    Abort,
    Delay,
    PushClose,
    PushDelay,
    PushDrop,
    PushDuplicate,
    PushGarble,
    PushHold,
    PushStall,
    Reply,
    RetryAfterForm,
    Truncate,
    When,
)

MAX_WAIT_S = 86_400.0
"""No fault keeps anything longer than a day."""

MAX_HELD_BACK_FRAMES = 1_000
"""No frame waits for more later ones than these."""

RESERVED_CLOSE_CODES = frozenset({1004, 1005, 1015})
"""Codes that never stand in a close frame (RFC 6455 §7.4.1). 1006 means: cut the connection."""

_Seconds = Annotated[float, Meta(ge=0, le=MAX_WAIT_S)]
_WholeSeconds = Annotated[int, Meta(ge=0, le=int(MAX_WAIT_S))]
_Frames = Annotated[int, Meta(ge=1, le=MAX_HELD_BACK_FRAMES)]
_HeaderText = Annotated[str, Meta(min_length=1, max_length=128, pattern="^[!-~]([ -~]*[!-~])?$")]
_Code = Annotated[str, Meta(min_length=1, max_length=128)]

Wait = Annotated[_Seconds, Meta(description="a number of seconds, 0 to 86400")]
Side = Annotated[When, Meta(description="`before` or `after` the effect")]


class Kind(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    rename="camel",
):
    """The root of all kinds. Each has its own tag, which is its name in JSON."""


class DelayFault(Kind, frozen=True, kw_only=True, tag="delay"):
    """The request waits before its effect, or its answer waits after it."""

    delay_s: Wait
    when: Side = When.BEFORE

    def verdict(self, rule_id: str) -> Delay:
        """What the shell carries out."""
        return Delay(rule_id=rule_id, delay_s=self.delay_s, when=self.when)


class ReplyFault(Kind, frozen=True, kw_only=True, tag="reply"):
    """This answer instead of the real one; the effect does not happen."""

    status: Annotated[int, Meta(ge=200, le=599, description="a whole number, 200 to 599")]
    code: Annotated[_Code | None, Meta(description="an error code, 1 to 128 letters, or null")] = (
        None
    )
    retry_after_s: Annotated[
        _WholeSeconds | None, Meta(description="a whole number of seconds, 0 to 86400, or null")
    ] = None
    retry_after_form: Annotated[RetryAfterForm, Meta(description="`seconds` or `date`")] = (
        RetryAfterForm.SECONDS
    )
    retry_after_text: Annotated[
        _HeaderText | None,
        Meta(description="1 to 128 printable ASCII letters sent as they are, or null"),
    ] = None
    body: Annotated[
        Any, Meta(description="a text sent as it is, any other JSON sent as JSON, or null")
    ] = None

    def __post_init__(self) -> None:
        if self.retry_after_text is not None and not self.retry_after_text.isprintable():
            # Python's `$` lets a line end pass at the end.
            raise ValueError("`retryAfterText` must be one line")

    def verdict(self, rule_id: str) -> Reply:
        """What the shell carries out. Without a body the platform's error body is sent."""
        return Reply(
            rule_id=rule_id,
            status=self.status,
            code=self.code,
            retry_after_s=self.retry_after_s,
            body=_encoded(self.body),
            retry_after_form=self.retry_after_form,
            retry_after_text=self.retry_after_text,
        )


class AbortFault(Kind, frozen=True, kw_only=True, tag="abort"):
    """The connection is reset before the effect, or after it and instead of the answer."""

    when: Side = When.BEFORE

    def verdict(self, rule_id: str) -> Abort:
        """What the shell carries out."""
        return Abort(rule_id=rule_id, when=self.when)


class TruncateFault(Kind, frozen=True, kw_only=True, tag="truncate"):
    """The answer's body ends after so many bytes, and the connection with it."""

    bytes: Annotated[
        int, Meta(ge=0, le=1_000_000_000, description="a whole number of bytes, 0 to 1000000000")
    ]

    def verdict(self, rule_id: str) -> Truncate:
        """What the shell carries out."""
        return Truncate(rule_id=rule_id, bytes=self.bytes)


class PushDelayFault(Kind, frozen=True, kw_only=True, tag="push-delay"):
    """The frame waits, and what comes behind it on the socket waits with it."""

    delay_s: Wait

    def verdict(self, rule_id: str) -> PushDelay:
        """What the line carries out."""
        return PushDelay(rule_id=rule_id, delay_s=self.delay_s)


class PushDropFault(Kind, frozen=True, kw_only=True, tag="push-drop"):
    """The frame is not written."""

    def verdict(self, rule_id: str) -> PushDrop:
        """What the line carries out."""
        return PushDrop(rule_id=rule_id)


class PushDuplicateFault(Kind, frozen=True, kw_only=True, tag="push-duplicate"):
    """The frame is written twice, one right after the other."""

    def verdict(self, rule_id: str) -> PushDuplicate:
        """What the line carries out."""
        return PushDuplicate(rule_id=rule_id)


class PushHoldFault(Kind, frozen=True, kw_only=True, tag="push-hold"):
    """The frame lets later ones pass: so many of them, or for so long, whichever comes first."""

    frames: Annotated[_Frames | None, Meta(description="a whole number, 1 to 1000, or null")] = None
    delay_s: Annotated[
        _Seconds | None, Meta(description="a number of seconds, 0 to 86400, or null")
    ] = None

    def __post_init__(self) -> None:
        if self.frames is None and self.delay_s is None:
            raise ValueError("it needs `frames` or `delayS`, so that the frame goes some day")

    def verdict(self, rule_id: str) -> PushHold:
        """What the line carries out."""
        return PushHold(rule_id=rule_id, frames=self.frames, delay_s=self.delay_s)


class PushCloseFault(Kind, frozen=True, kw_only=True, tag="push-close"):
    """The socket is closed instead of writing the frame; 1006 cuts it without a close frame."""

    code: Annotated[
        int,
        Meta(
            ge=1000,
            le=4999,
            description="a close code, 1000 to 4999",
            extra_json_schema={"not": {"enum": sorted(RESERVED_CLOSE_CODES)}},
        ),
    ] = 1006

    def __post_init__(self) -> None:
        if self.code in RESERVED_CLOSE_CODES:
            raise ValueError(f"code {self.code} never stands in a close frame (RFC 6455 §7.4.1)")

    def verdict(self, rule_id: str) -> PushClose:
        """What the line carries out."""
        return PushClose(rule_id=rule_id, code=self.code)


class PushStallFault(Kind, frozen=True, kw_only=True, tag="push-stall"):
    """From this frame on nothing is written and nothing read; the connection stays open."""

    duration_s: Annotated[
        _Seconds | None,
        Meta(description="a number of seconds, 0 to 86400, or null: until it is closed"),
    ] = None

    def verdict(self, rule_id: str) -> PushStall:
        """What the line carries out."""
        return PushStall(rule_id=rule_id, duration_s=self.duration_s)


class PushGarbleFault(Kind, frozen=True, kw_only=True, tag="push-garble"):
    """The frame is cut in half, so that it is not JSON."""

    def verdict(self, rule_id: str) -> PushGarble:
        """What the line carries out."""
        return PushGarble(rule_id=rule_id)


HttpFault = DelayFault | ReplyFault | AbortFault | TruncateFault
PushFault = (
    PushDelayFault
    | PushDropFault
    | PushDuplicateFault
    | PushHoldFault
    | PushCloseFault
    | PushStallFault
    | PushGarbleFault
)
Fault = HttpFault | PushFault


def _encoded(body: object) -> bytes | None:
    """A text stays what it is, so that a fault may send what is no JSON at all."""
    if body is None:
        return None
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)
