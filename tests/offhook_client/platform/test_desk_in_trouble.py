"""A desk on the platform dialect in trouble: faults on requests and on events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from offhook.faults.kinds import (
    AbortFault,
    PushDropFault,
    PushDuplicateFault,
    PushGarbleFault,
    PushHoldFault,
    ReplyFault,
)
from offhook.faults.verdicts import When
from offhook_client.errors import OvertakenError
from offhook_client.models import Gate, Link, Shown

if TYPE_CHECKING:
    from tests.offhook_client.platform.conftest import Floor, Open

    from offhook.domain.views import ConversationView
    from offhook_client.platform.pace import Pace

EVENT = "conversations.calls"
PATCH = "patchConversationsCallParticipant"
READ = "getConversationsCalls"


# Events.


async def test_an_event_that_is_lost_is_not_missed(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(EVENT, PushDropFault())
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.muted(call), floor.bitten()) == (Shown.MUTED, True, True)


async def test_an_event_that_comes_twice_is_no_news(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(EVENT, PushDuplicateFault())
    floor.other_tab(call, muted=True)
    await floor.shows(Shown.MUTED)
    await floor.desk.set_mute(muted=True)
    assert floor.bitten()
    assert floor.desk.shown is Shown.MUTED


async def test_an_older_event_after_a_newer_one_deceives_nobody(floor_of: Open, pace: Pace) -> None:
    # Without pings there is nothing on the socket but events.
    floor = await floor_of(pace=structs.replace(pace, ping_s=3600.0))
    call = await floor.live()
    floor.fault(EVENT, PushHoldFault(frames=1))
    await floor.desk.set_mute(muted=True)
    seen = len(floor.beliefs)
    await floor.desk.set_mute(muted=False)
    await floor.noted("an event says muted: True")
    await floor.shows(Shown.LIVE)
    assert not floor.muted(call)
    assert Shown.MUTED not in {each.shown for each in floor.beliefs[seen:]}
    assert floor.bitten()


async def test_an_event_that_comes_late_changes_nothing(floor_of: Open) -> None:
    floor = await floor_of(event_timing="event-late", event_lag_s=0.05)
    call = await floor.live()
    # On a slow machine the event would be early, and there would be nothing to doubt.
    floor.server.clock.pause()
    await floor.desk.set_mute(muted=True)
    await floor.desk.set_mute(muted=False)
    seen = len(floor.beliefs)
    floor.server.clock.resume()
    await floor.server.advance(0.05)
    await floor.noted("an event says muted: True")
    await floor.shows(Shown.LIVE)
    assert not floor.muted(call)
    assert Shown.MUTED not in {each.shown for each in floor.beliefs[seen:]}


async def test_an_event_before_the_answer_confirms_nothing_yet(floor_of: Open) -> None:
    floor = await floor_of(event_timing="event-first")
    call = await floor.live()
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.muted(call)) == (Shown.MUTED, True)


async def test_an_unreadable_frame_is_a_reason_to_read(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(EVENT, PushGarbleFault())
    floor.other_tab(call, muted=True)
    await floor.shows(Shown.MUTED)
    assert floor.bitten()


# Requests.


async def test_an_answer_that_is_lost_though_applied_is_asked_for_again(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(PATCH, AbortFault(when=When.AFTER))
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.muted(call)) == (Shown.MUTED, True)
    assert floor.asked(PATCH) == 2


async def test_a_request_that_is_lost_is_sent_again(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(PATCH, AbortFault(when=When.BEFORE))
    await floor.desk.set_mute(muted=True)
    assert floor.muted(call)


async def test_202_is_not_truth_and_what_is_read_too_early_is_read_again(floor: Floor) -> None:
    call = await floor.live()
    stale = {"entities": [_as_read(floor, call, muted=False)]}
    floor.fault(READ, ReplyFault(status=200, body=stale))
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.asked(PATCH)) == (Shown.MUTED, 1)
    assert floor.bitten()


async def test_a_mute_that_was_accepted_and_never_applied_is_sent_again(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(PATCH, ReplyFault(status=202, body=""))
    belief = await floor.desk.set_mute(muted=True)
    assert (belief.shown, floor.muted(call), floor.asked(PATCH)) == (Shown.MUTED, True, 2)
    assert Shown.MUTED not in {each.shown for each in floor.beliefs[:-1]}


async def test_an_unmute_that_was_accepted_and_never_applied_gives_way(floor: Floor) -> None:
    call = await floor.live()
    await floor.desk.set_mute(muted=True)
    floor.fault(PATCH, ReplyFault(status=202, body=""))
    with pytest.raises(OvertakenError):
        await floor.desk.set_mute(muted=False)
    belief = await floor.shows(Shown.MUTED)
    assert (belief.gate, belief.desired, floor.muted(call)) == (Gate.CUT, True, True)
    await floor.desk.set_mute(muted=False)
    assert floor.desk.gate is Gate.OPEN


async def test_429_is_heeded_by_the_mute_and_by_the_read(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(PATCH, ReplyFault(status=429, retry_after_s=1))
    await floor.desk.set_mute(muted=True)
    assert floor.muted(call)
    waits = [each.wait_s for each in floor.decisions.entries(PATCH)]
    assert max(waits) >= 1.0
    floor.fault(READ, ReplyFault(status=429, retry_after_s=1))
    await floor.desk.set_mute(muted=False)
    assert max(each.wait_s for each in floor.decisions.entries(READ)) >= 1.0


async def test_a_token_that_is_refused_is_replaced_once_and_so_is_its_channel(
    floor: Floor,
) -> None:
    call = await floor.live()
    before = floor.desk.channel_id
    floor.fault(PATCH, ReplyFault(status=401, code="bad.credentials"))
    await floor.desk.set_mute(muted=True)
    assert floor.muted(call)
    await floor.until(lambda belief: belief.link is Link.LIVE and floor.desk.channel_id != before)
    await floor.shows(Shown.MUTED)
    assert floor.asked("postOauthToken") == 2


async def test_a_read_that_fails_is_tried_until_it_tells(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(READ, ReplyFault(status=503), times=5)
    floor.other_tab(call, muted=True)
    assert (await floor.shows(Shown.MUTED)).gate is Gate.CUT
    assert floor.bitten()


def _as_read(floor: Floor, call: ConversationView, *, muted: bool) -> dict[str, object]:
    own = {
        "id": call.participant_id,
        "state": "connected",
        "muted": muted,
        "held": False,
        "user": {"id": floor.user_id},
    }
    return {"id": call.id, "participants": [own]}


async def test_a_desk_that_is_closed_in_the_middle_of_everything_leaves_nothing_behind(
    floor: Floor,
) -> None:
    await floor.live()
    floor.fault(READ, ReplyFault(status=503), times=None)
    muting = asyncio.create_task(floor.desk.set_mute(muted=True))
    await floor.shows(Shown.MUTING)
    await floor.desk.close()
    assert (await asyncio.gather(muting, return_exceptions=True))[0] is not None
    assert floor.desk.gate is Gate.CUT
