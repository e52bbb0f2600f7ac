"""A second tab takes the place of the first, and unmutes."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.sessions.session import Press, SecondTab, Session

SESSION = Session(
    id="second-tab-unmutes",
    title="second tab unmutes",
    evidence=Evidence.ASSUMED,
    source="One device, one device socket: the newer replaces the older",
    story="The agent is muted, opens the desk in a second tab, and unmutes there.",
    script=(
        Press(at_s=4, muted=True),
        SecondTab(at_s=12, muted=False),
    ),
    length_s=35,
)
