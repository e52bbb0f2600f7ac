"""The device takes its time to connect, and refuses to be muted meanwhile."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.sessions.session import Press, Session

SESSION = Session(
    id="conflict-while-initializing",
    title="409 while initializing",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, Common Errors: 409",
    story="The device needs eight seconds to connect. The agent mutes after five.",
    policies={"connect_delay_s": 8},
    script=(Press(at_s=5, muted=True),),
    length_s=20,
)
