"""One request is refused 401; the same request a moment later would be taken."""

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.sessions.session import LayFault, Session, network_cuts_sockets, supervisor

SESSION = Session(
    id="unauthorized-then-success",
    title="401 then success",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, Common Errors: 401",
    story=(
        "The event socket is cut; the first request after that is refused 401, the next would "
        "succeed. Later a supervisor mutes the agent."
    ),
    script=(
        LayFault(at_s=8, name="one 401", rule=RuleSpec(fault=ReplyFault(status=401))),
        network_cuts_sockets(8),
        supervisor(15, muted=True),
    ),
    length_s=40,
)
