"""Every named session, played: the reference client holds, and each trouble bites."""

import msgspec
import pytest

from offhook_scenarios.catalogue.named import Named, catalogue
from offhook_scenarios.catalogue.screen import IN_VAIN, LIES, TRUE, play_named, said
from offhook_scenarios.check.report import Shown
from offhook_scenarios.sim.ready import Order

SESSIONS = catalogue()


@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_the_reference_client_holds_and_every_trouble_bites(session: Named) -> None:
    shown = play_named(session, "reference")
    assert shown.judged.findings == ()
    assert said(shown) == (TRUE,)
    assert shown.judged.bites
    assert [name for name, count in shown.judged.bites.items() if not count] == []


@pytest.mark.nightly
@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_it_holds_on_other_networks_and_in_other_orders_too(session: Named) -> None:
    for seed in range(100, 110):
        for order in Order:
            plan = msgspec.structs.replace(session.plan, seed=seed, order=order)
            shown = play_named(msgspec.structs.replace(session, plan=plan), "reference")
            assert shown.judged.findings == (), (seed, order)


def test_the_naive_desk_lies_in_every_way_there_is() -> None:
    found = {name: said(play_named(session, "naive")) for name, session in SESSIONS.items()}
    assert {words for told in found.values() for words in told} >= set(LIES.values())
    assert found["rate-limited-without-a-word"] == (TRUE, IN_VAIN)
    assert found["supervisor-mutes-unheard"] == ("said live, was not heard", "never right again")


def test_what_came_to_no_end_is_no_truth() -> None:
    shown = play_named(SESSIONS["silent-drop"], "reference")
    assert said(Shown(judged=shown.judged, played=None)) == ("came to no end",)
