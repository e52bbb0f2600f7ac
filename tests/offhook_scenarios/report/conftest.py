"""A small demo whose every figure is written down, with hostile names."""

import pytest

from offhook.domain.evidence import Evidence
from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import Belief, Gate, Shown
from offhook_scenarios.complete_example import ExampleRun
from offhook_scenarios.demo import Demo
from offhook_scenarios.history import Act, Call, History, Link, Sighting, Trouble, Truth
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.sessions.session import Press, Session
from offhook_scenarios.verdict import judge

SESSION = Session(
    id="a-session",
    title='<b>"troubled" & odd</b>',
    evidence=Evidence.ASSUMED,
    source="</title><script>alert(1)</script>",
    story="Somebody's <i>story</i>.",
    script=(Press(at_s=1, muted=True),),
    length_s=30,
)


def history(*, gate: Gate, shown: Shown) -> History:
    """Muted from 2 s on; unmuted by somebody at 10 s while the desk goes on showing `shown`."""
    return History(
        session="a-session",
        desk="d",
        began=1000.0,
        ended=1030.0,
        sightings=(
            Sighting(at=1000.5, belief=Belief(shown=Shown.LIVE, gate=Gate.OPEN)),
            Sighting(at=1002.0, belief=Belief(shown=shown, gate=gate)),
        ),
        truths=(
            Truth(at=1000.1, device_id="d1", status=Status.INITIALIZING, muted=False, cause=None),
            Truth(at=1000.3, device_id="d1", status=Status.CONNECTED, muted=False, cause=None),
            Truth(at=1002.0, device_id="d1", status=Status.CONNECTED, muted=True, cause=Cause.SELF),
            Truth(
                at=1010.0, device_id="d1", status=Status.CONNECTED, muted=False, cause=Cause.ADMIN
            ),
        ),
        acts=(
            Act(at=1001.9, who="agent", what="presses mute", wish=True),
            Act(at=1010.0, who="<u>supervisor</u>", what="unmutes"),
        ),
        troubles=(
            Trouble(at=1001.0, until=1030.0, name="event <lost>", bites=(1010.0,)),
            Trouble(at=1001.0, until=1030.0, name="never", bites=()),
        ),
        calls=(
            Call(at=1000.1, operation="getWebrtcClientsMe", status=200),
            Call(at=1002.0, operation="postWebrtcClientMute", status=None),
            Call(at=1003.0, operation="postWebrtcClientMute", status=429),
        ),
        links=(Link(at=1000.2, until=1025.0, stalled=((1005.0, 1020.0),)),),
    )


def outcome(desk: str, *, gate: Gate, shown: Shown) -> Outcome:
    found = history(gate=gate, shown=shown)
    return Outcome(session=SESSION, desk=desk, history=found, verdict=judge(found))


@pytest.fixture
def small_demo() -> Demo:
    """One session with three desks: one lies, one does not know, one broke."""
    return Demo(
        seed=7,
        speed=12.0,
        example=ExampleRun(lines=("Authenticated successfully.",)),
        outcomes=(
            outcome("naive", gate=Gate.UNKNOWN, shown=Shown.MUTED),
            outcome("careful", gate=Gate.CUT, shown=Shown.UNKNOWN),
            Outcome(session=SESSION, desk="broken", error="KeyError: '<id>'"),
        ),
    )
