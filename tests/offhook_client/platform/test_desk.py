"""A desk on the platform dialect against the mock: who wins, and what is shown meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from offhook.domain.inputs import ForceMute, PatchPolicies, SetMute
from offhook_client.errors import (
    ClosedError,
    MuteConflictError,
    OvertakenError,
    RefusedError,
    UnreachableError,
)
from offhook_client.models import Gate, Link, Shown
from offhook_client.platform.desk import PlatformDesk
from offhook_client.tokens import ServiceGrant

if TYPE_CHECKING:
    from typing import Any

    from tests.offhook_client.platform.conftest import Floor, Open

PATCH = "patchConversationsCallParticipant"
READ = "getConversationsCalls"


async def test_a_mute_that_returns_was_read_back(floor: Floor) -> None:
    call = floor.begin()
    await floor.desk.start()
    assert (await floor.shows(Shown.LIVE)).gate is Gate.OPEN
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, belief.gate, floor.muted(call)) == (Shown.MUTED, Gate.CUT, True)
    belief = await floor.desk.set_mute(muted=False)
    assert (belief.shown, belief.gate, floor.muted(call)) == (Shown.LIVE, Gate.OPEN, False)
    shown = [each.shown for each in floor.beliefs]
    assert shown[-4:] == [Shown.MUTING, Shown.MUTED, Shown.UNMUTING, Shown.LIVE]
    assert (floor.asked(PATCH), floor.asked(READ)) == (2, 3)


async def test_the_gate_is_cut_before_the_wish_is_even_sent(floor: Floor) -> None:
    call = await floor.live()
    floor.desk.want(muted=True)
    assert (floor.desk.gate, floor.desk.shown) == (Gate.CUT, Shown.MUTING)
    assert not floor.muted(call)


async def test_fifty_clicks_cost_few_requests_and_the_last_one_wins(floor: Floor) -> None:
    call = await floor.live()
    for click in range(50):
        floor.desk.want(muted=click % 2 == 0)
    await floor.shows(Shown.LIVE)
    assert not floor.muted(call)
    assert 1 <= floor.asked(PATCH) <= 2


async def test_a_wish_that_another_takes_the_place_of_is_overtaken(floor: Floor) -> None:
    await floor.live()
    first = asyncio.create_task(floor.desk.set_mute(muted=True))
    await asyncio.sleep(0)
    await floor.desk.set_mute(muted=False)
    with pytest.raises(OvertakenError):
        await first


async def test_without_a_call_there_is_nothing_to_mute_and_the_wish_is_kept(floor: Floor) -> None:
    await floor.desk.start()
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, belief.gate, belief.desired) == (Shown.UNKNOWN, Gate.CUT, True)
    assert floor.desk.calls == {}
    call = floor.begin()
    await floor.shows(Shown.MUTED)
    assert floor.muted(call)


async def test_a_first_wish_is_carried_out_on_the_first_call(floor_of: Open) -> None:
    floor = await floor_of(muted=True)
    call = floor.begin()
    await floor.desk.start()
    await floor.shows(Shown.MUTED)
    assert floor.muted(call)
    assert Gate.OPEN not in {each.gate for each in floor.beliefs}


async def test_a_call_that_rings_is_no_call_yet_and_cuts_nobody_off(floor: Floor) -> None:
    first = floor.begin()
    await floor.desk.start()
    await floor.shows(Shown.LIVE)
    second = floor.begin(state="alerting")
    floor.other_tab(first, muted=True)
    await floor.shows(Shown.MUTED)
    assert list(floor.desk.calls) == [first.id]
    floor.change(second, state="connected")
    await floor.until(lambda _: len(floor.desk.calls) == 2)


async def test_two_calls_are_muted_together_and_muted_only_when_both_are(floor: Floor) -> None:
    calls = floor.begin(), floor.begin()
    await floor.desk.start()
    await floor.shows(Shown.LIVE)
    await floor.desk.set_mute(muted=True)
    assert [floor.muted(each) for each in calls] == [True, True]
    floor.desk.want(muted=False)
    await floor.shows(Shown.LIVE)
    floor.other_tab(calls[1], muted=True)
    belief = await floor.until(lambda belief: belief.gate is Gate.CUT)
    assert (belief.shown, belief.link) == (Shown.UNKNOWN, Link.LIVE)
    shown = {key: each.shown for key, each in floor.desk.calls.items()}
    assert shown == {calls[0].id: Shown.LIVE, calls[1].id: Shown.MUTED}
    floor.change(calls[1], state="ended")
    assert (await floor.shows(Shown.LIVE)).gate is Gate.OPEN


async def test_a_held_call_stays_muted(floor: Floor) -> None:
    call = await floor.live()
    await floor.desk.set_mute(muted=True)
    floor.change(call, held=True)
    await floor.desk.set_mute(muted=False)
    await floor.desk.set_mute(muted=True)
    assert floor.muted(call)
    assert floor.desk.shown is Shown.MUTED


async def test_the_far_end_hangs_up_and_the_gate_is_cut(floor: Floor) -> None:
    call = await floor.live()
    floor.change(call, state="ended", disconnect_type="peer")
    belief = await floor.shows(Shown.UNKNOWN)
    assert (belief.gate, floor.desk.calls) == (Gate.CUT, {})


async def test_a_mute_of_a_call_that_has_just_ended_ends_with_it(floor: Floor) -> None:
    call = await floor.live()
    muting = asyncio.create_task(floor.desk.set_mute(muted=True))
    await asyncio.sleep(0)
    floor.change(call, state="ended")
    belief = await muting
    assert (belief.shown, belief.gate) == (Shown.UNKNOWN, Gate.CUT)


async def test_other_hands_mute_and_are_heeded(floor: Floor) -> None:
    call = floor.begin()
    await floor.desk.start()
    device_id = call.legs[0].device_id
    tutorial = SetMute(device_id=device_id, muted=True, actor=floor.user_id)
    for mute in (
        lambda: floor.other_tab(call, muted=True),
        lambda: floor.server.receive(ForceMute(device_id=device_id, muted=True)),
        lambda: floor.server.receive(tutorial),
    ):
        await floor.shows(Shown.LIVE)
        mute()
        belief = await floor.shows(Shown.MUTED)
        assert (belief.gate, belief.desired) == (Gate.CUT, True)
        await floor.desk.set_mute(muted=False)


async def test_an_unmute_by_unknown_hands_is_undone(floor: Floor) -> None:
    call = await floor.live()
    await floor.desk.set_mute(muted=True)
    floor.other_tab(call, muted=False)
    await floor.shows(Shown.MUTING)
    await floor.shows(Shown.MUTED)
    assert floor.muted(call)


async def test_a_mute_that_does_not_hold_is_told_and_the_gate_stays_cut(floor: Floor) -> None:
    call = await floor.live()
    troubles: list[Exception] = []
    floor.desk.on_trouble(troubles.append)
    await floor.desk.set_mute(muted=True)
    while not troubles:
        floor.other_tab(call, muted=False)
        await floor.until(lambda belief: belief.shown is not Shown.MUTED)
        await floor.until(lambda belief: bool(troubles) or belief.shown is Shown.MUTED)
    assert isinstance(troubles[0], MuteConflictError)
    assert (floor.desk.shown, floor.desk.gate) == (Shown.UNKNOWN, Gate.CUT)


async def test_a_locked_mute_refuses_the_unmute_and_stays(floor_of: Open) -> None:
    floor = await floor_of(admin_force="locked")
    call = await floor.live()
    floor.server.receive(ForceMute(device_id=call.legs[0].device_id, muted=True))
    await floor.shows(Shown.MUTED)
    with pytest.raises(RefusedError, match=r"not\.authorized"):
        await floor.desk.set_mute(muted=False)
    assert (await floor.shows(Shown.MUTED)).gate is Gate.CUT


async def test_a_chat_is_nothing_to_mute(floor: Floor) -> None:
    floor.begin(media="chat")
    await floor.desk.start()
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.desk.calls) == (Shown.UNKNOWN, {})


async def test_an_audit_finds_what_no_event_has_told(floor_of: Open, hurried: Any) -> None:
    floor = await floor_of(pace=hurried)
    call = await floor.live()
    floor.deafen()
    floor.other_tab(call, muted=True)
    belief = await floor.shows(Shown.MUTED)
    assert belief.gate is Gate.CUT
    second = floor.begin()
    await floor.until(lambda _: second.id in floor.desk.calls)


async def test_a_wish_that_no_server_takes_is_given_back_and_pursued(floor: Floor) -> None:
    call = await floor.live()
    await floor.server.stop()
    with pytest.raises(UnreachableError):
        await floor.desk.set_mute(muted=True, deadline_s=0.2)
    assert floor.desk.gate is Gate.CUT
    assert not floor.muted(call)


async def test_nobodys_token_has_no_calls(floor_of: Open) -> None:
    grant = ServiceGrant(client_id="offhook-server", client_secret="offhook-secret")
    floor = await floor_of(grant=grant)
    with pytest.raises(RefusedError):
        await floor.desk.start()


async def test_what_is_closed_wishes_nothing_and_is_cut(floor: Floor) -> None:
    floor.begin()
    async with floor.desk as desk:
        assert isinstance(desk, PlatformDesk)
        await floor.shows(Shown.LIVE)
    assert (desk.gate, desk.shown, desk.belief.link) == (Gate.CUT, Shown.UNKNOWN, Link.DOWN)
    with pytest.raises(ClosedError):
        desk.want(muted=True)
    with pytest.raises(ClosedError):
        await desk.set_mute(muted=True)
    with pytest.raises(ClosedError):
        await desk.settled()
    with pytest.raises(ClosedError):
        await desk.start()


async def test_what_is_closed_while_it_starts_opens_no_channel(floor: Floor) -> None:
    starting = asyncio.create_task(floor.desk.start())
    await asyncio.sleep(0)
    await floor.desk.close()
    with pytest.raises(ClosedError):
        await starting
    assert floor.desk.channel_id is None


async def test_an_org_may_name_a_wrong_state_as_it_likes(floor: Floor) -> None:
    floor.server.receive(PatchPolicies(changes={"wrong_call_state": "general.conflict"}))
    call = await floor.live()
    muting = asyncio.create_task(floor.desk.set_mute(muted=True))
    await asyncio.sleep(0)
    floor.change(call, state="ended")
    assert (await muting).shown is Shown.UNKNOWN
