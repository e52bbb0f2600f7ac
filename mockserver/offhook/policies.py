"""The questions on which platforms differ, each with our default and how we know it.

`Policies` is one frozen value; an org swaps it whole. `EVIDENCE` is the table behind the
documentation, and a test proves that each field has its row.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence

Seconds = Annotated[float, Meta(ge=0, le=31_536_000)]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class MuteAfterReconnect(StrEnum):
    """What the register holds once a device that was away is back."""

    KEEP = "keep"
    RESET = "reset"
    LAST_KNOWN_GOOD = "last-known-good"


class EventTiming(StrEnum):
    """The event of a mute, against its answer."""

    RESPONSE_FIRST = "response-first"
    EVENT_FIRST = "event-first"
    EVENT_LATE = "event-late"


class ExpiredSocket(StrEnum):
    """What an open event socket suffers when its token expires."""

    CLOSE = "close"
    SILENT = "silent"
    REFUSE = "refuse"


class RetryAfter(StrEnum):
    """How the wait in a 429 is computed."""

    WINDOW_RESET = "window-reset"
    CONSTANT = "constant"
    BACKLOG_AWARE = "backlog-aware"


class RateHeaders(StrEnum):
    """Which headers tell of the budget."""

    NONE = "none"
    ININ = "inin"
    IETF = "ietf"


class AdminForce(StrEnum):
    """Whether an administrator's mute can be undone by the user."""

    ADVISORY = "advisory"
    LOCKED = "locked"


class MuteAnswer(StrEnum):
    """What answers a mute: 204 and nothing, or the tutorial's "minimal" 200."""

    EMPTY = "empty"
    MINIMAL = "minimal"


class ExpiredTokenCode(StrEnum):
    """The error code for an expired token."""

    BAD_CREDENTIALS = "bad.credentials"
    CREDENTIALS_EXPIRED = "credentials.expired"


class WrongCallState(StrEnum):
    """The error code of a command that the state of its call does not allow."""

    BAD_REQUEST = "bad.request"
    NOT_FOUND = "not.found"
    CONFLICT = "general.conflict"


class Policies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an org does where nobody knows, or where platforms differ."""

    connect_delay_s: Seconds = 0.2
    drop_grace_s: Seconds = 10.0
    terminate_delay_s: Seconds = 0.5
    session_expiry_s: Seconds = 3600.0
    heartbeat_s: Annotated[float, Meta(ge=0.01, le=3600)] = 5.0
    replay_events: Annotated[int, Meta(ge=0, le=100_000)] = 256
    versions: bool = True
    mute_after_reconnect: MuteAfterReconnect = MuteAfterReconnect.KEEP
    mute_answer: MuteAnswer = MuteAnswer.EMPTY
    event_timing: EventTiming = EventTiming.RESPONSE_FIRST
    event_lag_s: Seconds = 2.0
    admin_force: AdminForce = AdminForce.ADVISORY
    idempotency_window_s: Seconds = 600.0
    expired_token_code: ExpiredTokenCode = ExpiredTokenCode.BAD_CREDENTIALS
    expired_socket: ExpiredSocket = ExpiredSocket.CLOSE
    missing_scope_status: Literal[401, 403] = 401
    access_token_ttl_s: Seconds = 86_400.0
    refresh_token_ttl_s: Seconds = 2_592_000.0
    code_ttl_s: Seconds = 60.0
    refresh_rotation: bool = True
    refresh_grace_s: Annotated[float, Meta(ge=0, le=30)] = 0.0
    allow_password_grant: bool = False
    allow_implicit_grant: bool = False
    allow_plain_pkce: bool = False
    login_page: bool = False
    rate_per_token: Count = 300
    rate_per_user_and_client: Count = 300
    rate_per_user: Count = 3000
    rate_per_operation: dict[str, Count] = {}
    rate_window_s: Annotated[float, Meta(gt=0, le=86_400)] = 60.0
    retry_after: RetryAfter = RetryAfter.WINDOW_RESET
    retry_after_constant_s: Annotated[int, Meta(ge=0, le=86_400)] = 1
    rate_headers: RateHeaders = RateHeaders.NONE
    wrong_call_state: WrongCallState = WrongCallState.BAD_REQUEST
    outbound_answer_s: Seconds | None = 1.0
    channel_ttl_s: Seconds = 86_400.0
    channel_heartbeat_s: Annotated[float, Meta(ge=0.01, le=3600)] = 30.0
    channels_per_user_and_client: Count = 20
    topics_per_channel: Count = 1000
    socket_closing_grace_s: Seconds = 60.0
    max_body_bytes: Annotated[int, Meta(ge=1, le=104_857_600)] = 512_000

    @property
    def lag_s(self) -> float:
        """How much later than its cause the event of what a user asked for is heard."""
        return self.event_lag_s if self.event_timing is EventTiming.EVENT_LATE else 0.0

    def changed(self, changes: dict[str, object]) -> "Policies":
        """These policies with some fields replaced.

        Raises `DomainError` (400) that names the field, what was given and what would be right.
        """
        if not changes:
            return self
        known = msgspec.structs.asdict(self)
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise DomainError(
                "invalid.property",
                f"There is no policy {unknown[0]!r}. Policies: {', '.join(sorted(known))}.",
            )
        try:
            return msgspec.convert({**known, **changes}, Policies)
        except msgspec.ValidationError as error:
            raise DomainError("invalid.value", f"Policy refused: {error}.") from error


class Source(msgspec.Struct, frozen=True):
    """How we know the default of a policy, and what the policy decides."""

    evidence: Evidence
    meaning: str


_OBS, _DOC, _TUT, _OWN = (
    Evidence.OBSERVED,
    Evidence.DOCUMENTED,
    Evidence.TUTORIAL,
    Evidence.ASSUMED,
)

EVIDENCE: dict[str, Source] = {
    "connect_delay_s": Source(_OWN, "how long a new device stays initializing"),
    "drop_grace_s": Source(_OWN, "how long after its last socket a device is still connected"),
    "terminate_delay_s": Source(_OWN, "how long a deleted device stays terminating"),
    "session_expiry_s": Source(_TUT, "how long a disconnected device is kept before it expires"),
    "heartbeat_s": Source(_OWN, "how often a socket hears a heartbeat"),
    "replay_events": Source(_OWN, "how many events of a device are kept for replay"),
    "versions": Source(_OWN, "whether states carry epoch and rev"),
    "mute_after_reconnect": Source(_TUT, "what mute is once a device is back"),
    "mute_answer": Source(_TUT, "204 and nothing, or a minimal 200"),
    "event_timing": Source(_OWN, "the event of a mute before, after or long after its answer"),
    "event_lag_s": Source(_OWN, "how late an event is under event-late"),
    "admin_force": Source(_OWN, "whether an administrator's mute locks"),
    "idempotency_window_s": Source(_OWN, "how long an Idempotency-Key is remembered"),
    "expired_token_code": Source(_OWN, "the code of the 401 for an expired token"),
    "expired_socket": Source(_TUT, "what an open socket suffers when its token expires"),
    "missing_scope_status": Source(_TUT, "401 or 403 for a missing scope"),
    "access_token_ttl_s": Source(_OBS, "life of an access token"),
    "refresh_token_ttl_s": Source(_OWN, "life of a refresh token"),
    "code_ttl_s": Source(_OWN, "life of an authorization code"),
    "refresh_rotation": Source(_OWN, "whether a refresh replaces the refresh token"),
    "refresh_grace_s": Source(_OWN, "how long a replaced refresh token may be repeated"),
    "allow_password_grant": Source(_TUT, "the deprecated password grant"),
    "allow_implicit_grant": Source(_OBS, "the implicit grant, being retired by the platform"),
    "allow_plain_pkce": Source(_OWN, "code_challenge_method=plain"),
    "login_page": Source(_OWN, "whether /oauth/authorize shows a page or decides by itself"),
    "rate_per_token": Source(_DOC, "requests a token has in a window"),
    "rate_per_user_and_client": Source(_OWN, "requests a user has by one OAuth client in a window"),
    "rate_per_user": Source(_OWN, "requests a user has by all OAuth clients in a window"),
    "rate_per_operation": Source(_OWN, "requests an operation takes in a window, by operation id"),
    "rate_window_s": Source(_DOC, "the fixed window of the limits"),
    "retry_after": Source(_OWN, "how the Retry-After of a 429 is computed"),
    "retry_after_constant_s": Source(_OWN, "the Retry-After under constant"),
    "rate_headers": Source(_DOC, "which headers tell of the budget"),
    "wrong_call_state": Source(_OWN, "the code for a command on a call whose state forbids it"),
    "outbound_answer_s": Source(_OWN, "when the far end answers; null: only control answers"),
    "channel_ttl_s": Source(_DOC, "life of a notification channel; subscribing extends it"),
    "channel_heartbeat_s": Source(_OWN, "how often a channel's socket hears a heartbeat"),
    "channels_per_user_and_client": Source(_DOC, "channels of a user by one OAuth client"),
    "topics_per_channel": Source(_DOC, "topics a channel takes"),
    "socket_closing_grace_s": Source(_DOC, "how long after socket_closing a socket is closed"),
    "max_body_bytes": Source(_DOC, "the largest request body"),
}
