"""What happens while the event socket is down is told to nobody."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.sessions.session import Session, network_cuts_sockets, supervisor

SESSION = Session(
    id="supervisor-mutes-during-gap",
    title="supervisor mutes during a gap",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, step 3: server-initiated state changes, and step 2: Network Interruption",
    story="The event socket is cut, and before any desk has it back a supervisor mutes the agent.",
    script=(
        network_cuts_sockets(8),
        supervisor(8, muted=True),
    ),
    length_s=35,
)
