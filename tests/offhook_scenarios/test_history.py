"""A history is values only: equal when its parts are, and JSON-able."""

import msgspec
import pytest

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import Belief, Gate, Shown
from offhook_scenarios.history import Act, Call, History, Link, Sighting, Trouble, Truth

FULL = History(
    session="second-tab-unmutes",
    desk="naive",
    began=100.0,
    ended=135.0,
    sightings=(Sighting(at=100.5, belief=Belief(shown=Shown.LIVE, gate=Gate.OPEN)),),
    truths=(Truth(at=100.2, device_id="d", status=Status.CONNECTED, muted=False, cause=None),),
    acts=(Act(at=104.0, who="agent", what="presses mute", wish=True),),
    troubles=(Trouble(at=101.0, until=135.0, name="event lost", bites=(104.1,)),),
    calls=(Call(at=104.0, operation="postWebrtcClientMute", status=None),),
    links=(Link(at=100.3, until=120.0, stalled=((105.0, 110.0),)),),
)


def test_a_history_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FULL), type=History) == FULL


@pytest.mark.parametrize("field", History.__struct_fields__)
def test_a_history_cannot_be_rewritten(field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(FULL, field, None)
