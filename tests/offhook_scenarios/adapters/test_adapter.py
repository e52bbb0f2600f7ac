"""The protocol's words are fixed: other languages speak them too."""

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Adapter, Gate, Restart, Shown
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
