"""The link goes dead, without a word, with the very event of a mute."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import PushStallFault
from offhook.faults.rule import Match, RuleSpec
from offhook.policies import MuteAfterReconnect
from offhook_scenarios.sessions.session import (
    LayFault,
    Press,
    Session,
    server_drops_device,
    server_restarts_device,
)

SESSION = Session(
    id="half-open-link-while-muting",
    title="half-open link while muting",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, step 2, Edge Cases: Network Interruption",
    story=(
        "The agent mutes; with the event the socket goes dead and stays open. The server holds "
        "the link for lost and restarts the device, unmuted, of which the desk hears nothing."
    ),
    policies={"mute_after_reconnect": MuteAfterReconnect.RESET},
    script=(
        LayFault(
            at_s=4,
            name="event socket half-open",
            rule=RuleSpec(
                match=Match(operation="muteChanged"), fault=PushStallFault(duration_s=40)
            ),
        ),
        Press(at_s=5, muted=True),
        server_drops_device(12),
        server_restarts_device(12.5),
    ),
    length_s=50,
)
