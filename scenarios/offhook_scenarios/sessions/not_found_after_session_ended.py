"""The session ends, the id is gone, and the next session begins unmuted."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.sessions.session import Press, Session, server_ends_session

SESSION = Session(
    id="not-found-after-session-ended",
    title="404 after the session ended",
    evidence=Evidence.TUTORIAL,
    source="Tutorial, Common Errors: 404",
    story=(
        "The muted agent's session ends on the server. A press of unmute right after it is "
        "answered 404; whoever asks for the client again gets a new one, which is unmuted."
    ),
    script=(
        Press(at_s=4, muted=True),
        server_ends_session(12),
        Press(at_s=12, muted=False),
    ),
    length_s=35,
)
