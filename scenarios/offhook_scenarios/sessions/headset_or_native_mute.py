"""The agent mutes by the headset while the desk is still connecting its socket."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import DelayFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.sessions.session import LayFault, Session, headset

SESSION = Session(
    id="headset-or-native-mute",
    title="headset or browser-native mute",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, step 3: Why Event Listening Matters",
    story=(
        "The event socket takes three seconds to open. In that time, after the state was read, "
        "the agent mutes by the headset."
    ),
    script=(
        LayFault(
            at_s=0,
            name="slow handshake",
            rule=RuleSpec(
                match=Match(operation="getWebrtcClientEvents"), fault=DelayFault(delay_s=3)
            ),
        ),
        headset(2, muted=True),
    ),
    length_s=30,
)
