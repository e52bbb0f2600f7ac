"""The server asks for a wait that is longer than the client's patience."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.sessions.session import LayFault, Press, Session

SESSION = Session(
    id="rate-limit-with-retry-after",
    title="429 with Retry-After",
    evidence=Evidence.DOCUMENTED,
    source="Platform rate limits; tutorial, Common Errors: 429",
    story="The agent mutes while every mute is answered 429, Retry-After: 8, for eight seconds.",
    script=(
        LayFault(
            at_s=5,
            lasts_s=8,
            name="429, Retry-After: 8",
            rule=RuleSpec(
                match=Match(operation="postWebrtcClientMute"),
                fault=ReplyFault(status=429, retry_after_s=8),
                times=None,
            ),
        ),
        Press(at_s=5.5, muted=True),
    ),
    length_s=35,
)
