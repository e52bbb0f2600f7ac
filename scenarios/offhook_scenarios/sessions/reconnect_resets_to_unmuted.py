"""A device that comes back begins anew: unmuted."""

from offhook.domain.evidence import Evidence
from offhook.policies import MuteAfterReconnect
from offhook_scenarios.sessions.session import Press, Session, network_cuts_sockets

SESSION = Session(
    id="reconnect-resets-to-unmuted",
    title="reconnect resets to unmuted",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, step 2, Edge Cases: Network Interruption",
    story="The agent is muted; the event socket is cut, and with its return mute is reset.",
    policies={"mute_after_reconnect": MuteAfterReconnect.RESET, "drop_grace_s": 0.5},
    script=(
        Press(at_s=4, muted=True),
        network_cuts_sockets(10),
    ),
    length_s=35,
)
