"""The socket of a channel against the mock: lost, moved, taken over, evicted, dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs
from websockets.asyncio.client import connect

from offhook.domain.channel_inputs import AnnounceClosing, ChannelView, OpenChannel
from offhook.domain.inputs import DropSockets
from offhook.faults.kinds import PushCloseFault, PushStallFault, ReplyFault
from offhook.oauth.inputs import RevokeToken
from offhook_client.models import Gate, Link, Shown

if TYPE_CHECKING:
    from tests.offhook_client.platform.conftest import Floor, Open

    from offhook_client.platform.pace import Pace

EVENT = "conversations.calls"


def channel(floor: Floor) -> ChannelView:
    """The desk's channel on the server."""
    assert floor.desk.channel_id is not None
    view = floor.server.org.channel(floor.desk.channel_id)
    assert view is not None
    return view


async def test_what_happened_in_a_gap_is_read_after_it(floor: Floor) -> None:
    call = await floor.live()
    floor.fault(EVENT, PushCloseFault(code=1006))
    floor.other_tab(call, muted=True)
    await floor.until(lambda belief: belief.link is Link.DOWN)
    assert floor.desk.shown is Shown.UNKNOWN
    belief = await floor.shows(Shown.MUTED)
    assert (belief.gate, floor.asked("postNotificationsChannels")) == (Gate.CUT, 1)


async def test_a_wish_made_in_a_gap_is_carried_out(floor: Floor) -> None:
    call = await floor.live()
    await floor.desk.set_mute(muted=True)
    floor.server.receive(DropSockets(device_id=None, code=1012))
    await floor.until(lambda belief: belief.link is Link.DOWN)
    await floor.desk.set_mute(muted=False)
    assert (floor.muted(call), floor.desk.gate) == (False, Gate.OPEN)


async def test_a_link_that_is_half_open_is_found_dead_by_the_missing_pong(
    floor_of: Open, pace: Pace
) -> None:
    floor = await floor_of(pace=structs.replace(pace, pong_s=0.05))
    call = await floor.live()
    floor.fault("channel.metadata", PushStallFault())
    await floor.noted("no pong")
    floor.other_tab(call, muted=True)
    await floor.shows(Shown.MUTED)


async def test_an_announced_closing_is_left_at_once_for_the_same_channel(floor: Floor) -> None:
    call = await floor.live()
    before = floor.desk.channel_id
    floor.server.receive(AnnounceClosing(channel_id=before))
    await floor.noted("v2.system.socket_closing")
    floor.other_tab(call, muted=True)
    await floor.shows(Shown.MUTED)
    assert floor.desk.channel_id == before
    waits = [each for each in floor.decisions.entries("events") if each.action == "reconnect"]
    assert waits == []


async def test_who_is_thrown_off_a_channel_takes_another(floor: Floor) -> None:
    call = await floor.live()
    before = floor.desk.channel_id
    uri = f"ws{floor.server.url.removeprefix('http')}/channels/{before}"
    async with connect(uri, proxy=None) as thief:
        await floor.noted("v2.system.no_longer_subscribed")
        floor.other_tab(call, muted=True)
        await floor.shows(Shown.MUTED)
        assert floor.desk.channel_id != before
        await thief.send('{"message": "ping"}')


async def test_a_channel_that_is_evicted_is_replaced(floor_of: Open) -> None:
    floor = await floor_of(channels_per_user_and_client=1)
    call = await floor.live()
    view = channel(floor)
    floor.server.receive(
        OpenChannel(user_id=view.user_id, client_id=view.client_id, token_id=view.token_id)
    )
    await floor.until(lambda belief: belief.link is Link.DOWN)
    floor.other_tab(call, muted=True)
    await floor.shows(Shown.MUTED)
    assert floor.desk.channel_id != view.id


async def test_a_revoked_token_is_replaced_and_so_is_its_channel(floor: Floor) -> None:
    call = await floor.live()
    view = channel(floor)
    floor.server.receive(RevokeToken(token_id=view.token_id))
    floor.other_tab(call, muted=True)
    # A read that is under way may be told before the socket is: the end is the same.
    await floor.until(
        lambda belief: belief.shown is Shown.MUTED and channel(floor).token_id != view.token_id
    )


async def test_topics_are_subscribed_again_before_the_channel_expires(
    floor_of: Open, pace: Pace
) -> None:
    floor = await floor_of(pace=structs.replace(pace, renewal_s=0.01))
    await floor.live()
    before = channel(floor).expires_at
    await floor.noted("the topics' time", times=3)
    assert channel(floor).expires_at > before
    assert floor.asked("postNotificationsChannels") == 1


async def test_a_channel_that_is_gone_when_its_topics_are_due_is_replaced(
    floor_of: Open, pace: Pace
) -> None:
    floor = await floor_of(pace=structs.replace(pace, renewal_s=0.05))
    await floor.live()
    before = floor.desk.channel_id
    floor.fault("putNotificationsChannelSubscriptions", ReplyFault(status=404, code="not.found"))
    await floor.until(lambda belief: belief.link is Link.DOWN)
    await floor.shows(Shown.LIVE)
    assert floor.desk.channel_id != before
