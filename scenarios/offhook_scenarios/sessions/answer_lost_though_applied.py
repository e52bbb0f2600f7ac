"""The server does what it is asked, and nobody hears of it."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import AbortFault, PushDropFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook_scenarios.sessions.session import LayFault, Press, Session

SESSION = Session(
    id="answer-lost-though-applied",
    title="answer lost though applied",
    evidence=Evidence.ASSUMED,
    source="Any network: a request that failed may have been carried out",
    story=(
        "The muted agent unmutes. The server does it, and one hiccup of the network takes both "
        "the answer and the event."
    ),
    script=(
        Press(at_s=3, muted=True),
        LayFault(
            at_s=9,
            name="answer lost",
            rule=RuleSpec(
                match=Match(operation="postWebrtcClientMute"), fault=AbortFault(when=When.AFTER)
            ),
        ),
        LayFault(
            at_s=9,
            name="event lost",
            rule=RuleSpec(match=Match(operation="muteChanged"), fault=PushDropFault()),
        ),
        Press(at_s=10, muted=False),
    ),
    length_s=35,
)
