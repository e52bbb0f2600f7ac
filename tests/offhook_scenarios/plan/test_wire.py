"""What may befall bytes: JSON there and back, one tag each, nothing that could never fit."""

import msgspec
import pytest

from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, End, Hold, Lose, When

TAGS = {
    "delay": Delay(delay_s=2.5),
    "hold": Hold(),
    "lose": Lose(),
    "drop": Drop(),
    "break": Break(keep=7),
    "end": End(keep=7),
    "drip": Drip(size=3, gap_s=0.1),
}


@pytest.mark.parametrize(("tag", "action"), TAGS.items())
def test_an_action_goes_to_json_and_back_under_its_name(tag: str, action: Action) -> None:
    text = msgspec.json.encode(action)
    assert msgspec.json.decode(text)["do"] == tag
    assert msgspec.json.decode(text, type=Action) == action


def test_by_default_every_segment_is_meant() -> None:
    assert msgspec.json.encode(When()) == b"{}"


@pytest.mark.parametrize(
    "text", ['{"nth":0}', '{"contains":""}', '{"way":"both"}', '{"link":"ws"}', '{"port":1}']
)
def test_what_could_never_fit_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=When)
