"""The user's part of a call, and what is passed over."""

import msgspec
import pytest

from offhook_client.platform.models import Call, Envelope, Leg, Listing, Named, own_leg

CALL = b"""{"id": "c", "selfUri": "/x", "participants": [
  {"id": "far", "state": "connected", "muted": false},
  {"id": "own", "state": "connected", "muted": true, "held": true, "user": {"id": "u", "name": "A"}}
]}"""


def test_the_users_part_of_a_call_is_found() -> None:
    call = msgspec.json.decode(CALL, type=Call)
    leg = own_leg(call, "u")
    assert leg == Leg(call_id="c", participant_id="own", state="connected", muted=True)
    assert leg.live
    assert own_leg(call, "somebody else") is None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("disconnected", "connected"), "1"),
        (("connected", "disconnected"), "0"),
        (("disconnected", "terminated"), "1"),
    ],
)
def test_who_left_and_came_back_counts_as_who_is_there(
    states: tuple[str, str], expected: str
) -> None:
    text = msgspec.json.encode(
        {
            "id": "c",
            "participants": [
                {"id": str(number), "state": state, "user": {"id": "u"}}
                for number, state in enumerate(states)
            ],
        }
    )
    leg = own_leg(msgspec.json.decode(text, type=Call), "u")
    assert leg is not None
    assert leg.participant_id == expected


@pytest.mark.parametrize("state", ["alerting", "dialing", "disconnected", None])
def test_only_a_connected_part_is_live(state: str | None) -> None:
    leg = Leg(call_id="c", participant_id="p", state=state, muted=False)
    assert not leg.live


def test_what_is_missing_has_an_innocent_default() -> None:
    assert msgspec.json.decode(b"{}", type=Listing) == Listing()
    assert msgspec.json.decode(b'{"result": "200"}', type=Envelope).topic_name == ""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"{}", type=Named)
