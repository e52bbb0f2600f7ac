"""A history is values only: equal when its parts are, and JSON-able."""

import msgspec
import pytest

from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import Belief, Ending, Gate, Shown
from offhook_scenarios.history import (
    Act,
    Answer,
    Ask,
    Call,
    Heard,
    History,
    Link,
    Press,
    Request,
    Sighting,
    Stream,
    Trouble,
    Truth,
    Write,
    states,
)

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
    presses=(Press(at=104.0, muted=True, ended_at=104.1, ending=Ending.OK),),
    writes=(
        Write(at=104.0, device_id="d", version=(1, 1), muted=True, flipped=True, cause=Cause.SELF),
    ),
    requests=(Request(at=104.0, operation="o", token_id="t", status=204, correlation_id="c"),),
    asks=(Ask(at=104.0, connection=1, method="POST", path="/", whose=""),),
    answers=(Answer(at=104.1, connection=1, status=204, version=(1, 1)),),
    heard=(Heard(at=104.1, connection=2, type="muteChanged", version=(1, 1), muted=True),),
    streams=(Stream(at=100.3, connection=2, ended_at=120.0, code=1012),),
    dials=(100.2,),
    watched=True,
)


def test_a_history_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FULL), type=History) == FULL


@pytest.mark.parametrize("field", History.__struct_fields__)
def test_a_history_cannot_be_rewritten(field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(FULL, field, None)


def test_a_slice_keeps_what_held_when_it_began() -> None:
    cut = FULL.between(102.0, 104.05)
    assert cut.sightings == FULL.sightings
    assert cut.truths == FULL.truths
    assert (cut.acts, cut.writes) == (FULL.acts, FULL.writes)
    assert (cut.answers, cut.heard, cut.dials) == ((), (), ())


def test_states_follow_the_news_in_order_of_time() -> None:
    later = Truth(at=100.9, device_id="e", status=Status.CONNECTED, muted=True, cause=None)
    known = msgspec.structs.replace(FULL, truths=(later, *FULL.truths))
    seen = [(at, belief.shown, sorted(devices)) for at, belief, devices in states(known)]
    assert seen == [
        (100.2, Shown.UNKNOWN, ["d"]),
        (100.5, Shown.LIVE, ["d"]),
        (100.9, Shown.LIVE, ["d", "e"]),
    ]
    assert [at for at, _, _ in states(known, before=100.9)] == [100.2, 100.5]
