"""The protocol's words are fixed: other languages speak them too."""

from typing import Any

import pytest

from offhook_client import models
from offhook_scenarios.adapters.adapter import (
    UNAWARE,
    Ability,
    Adapter,
    Belief,
    Ending,
    Gate,
    Restart,
    Shown,
    checked_belief,
    checked_ending,
)
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk


def test_the_words_of_a_belief() -> None:
    assert [shown.value for shown in Shown] == ["muted", "live", "muting", "unmuting", "unknown"]
    assert [gate.value for gate in Gate] == ["open", "cut", "unknown"]


def test_every_way_to_restart_is_an_ability() -> None:
    restarts = {f"restart:{kind.value}" for kind in Restart}
    assert {ability.value for ability in Ability} == {"set_mute", "observe"} | restarts


def test_a_client_that_has_not_started_claims_nothing() -> None:
    assert UNAWARE.shown is Shown.UNKNOWN
    assert UNAWARE.gate is Gate.UNKNOWN
    assert UNAWARE.device_id is None


def test_both_desks_are_adapters_and_say_what_they_can() -> None:
    desks: list[Adapter] = [NaiveDesk(), ReferenceDesk(seed=1)]
    assert [desk.name for desk in desks] == ["naive", "reference"]
    for desk in desks:
        assert desk.can == set(Ability) - {Ability.RELOAD}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"shown": "muted"}, "a Belief with 'muted', which is no Shown of offhook_scenarios"),
        ({"shown": models.Shown.MUTED}, "which is no Shown of offhook_scenarios"),
        ({"shown": True}, "a Belief with True, which is no Shown"),
        ({"shown": Shown.MUTED, "gate": "cut"}, "a Belief with 'cut', which is no Gate"),
        ({"shown": Shown.MUTED, "switch": "cut"}, "a Belief with 'cut', which is no Gate"),
        ({"shown": Shown.MUTED, "version": "1.2"}, "the version '1.2', which is no .epoch, rev."),
        ({"shown": Shown.MUTED, "version": (1, None)}, "which is no .epoch, rev."),
        ({"shown": Shown.MUTED, "version": models.Version(1, 2)}, "which is no .epoch, rev."),
    ],
)
def test_a_belief_in_other_words_than_the_judges_is_refused(
    fields: dict[str, Any], error: str
) -> None:
    with pytest.raises(TypeError, match=error):
        checked_belief(Belief(**fields))


def test_what_a_judge_can_read_is_taken_as_it_is() -> None:
    belief = Belief(shown=Shown.MUTED, gate=Gate.CUT, version=(1, 2))
    assert checked_belief(belief) is belief
    assert checked_belief(UNAWARE) is UNAWARE
    assert checked_ending(Ending.OK) is Ending.OK
    assert checked_ending(None) is None


@pytest.mark.parametrize("ending", ["ok", True, 204])
def test_an_ending_in_other_words_is_refused(ending: object) -> None:
    with pytest.raises(TypeError, match="which is neither None nor an Ending"):
        checked_ending(ending)
