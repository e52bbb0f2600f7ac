"""Two events overtake each other."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import PushHoldFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.sessions.session import LayFault, Press, Session

SESSION = Session(
    id="old-event-after-new-one",
    title="an old event after a new one",
    evidence=Evidence.ASSUMED,
    source="No document promises the order of events",
    story="The agent mutes and unmutes; the event of the mute arrives after that of the unmute.",
    script=(
        LayFault(
            at_s=4,
            name="event held back",
            rule=RuleSpec(match=Match(operation="muteChanged"), fault=PushHoldFault(delay_s=6)),
        ),
        Press(at_s=5, muted=True),
        Press(at_s=8, muted=False),
    ),
    length_s=35,
)
