"""The token expires, and the open socket falls silent instead of closing."""

from offhook.domain.evidence import Evidence
from offhook.policies import ExpiredSocket
from offhook_scenarios.sessions.session import Press, Session, headset

SESSION = Session(
    id="token-expires-with-socket-open",
    title="token expires with the socket open",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, Authentication Setup: Critical Note on Token Lifecycle",
    story=(
        "The token lives 15 s. The muted agent unmutes at the desk, and, as that may not help, "
        "by the headset."
    ),
    policies={"access_token_ttl_s": 15, "expired_socket": ExpiredSocket.SILENT},
    script=(
        Press(at_s=4, muted=True),
        Press(at_s=22, muted=False),
        headset(25, muted=False),
    ),
    length_s=45,
)
