"""The pen: every change of the org once, at its moment, and nothing else."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import msgspec
import pytest

from offhook.adapters.clock import ManualClock
from offhook.domain.inputs import DropSockets, EndSession, ForceMute, OpenDevice
from offhook.domain.views import Cause, DeviceView, Status
from offhook.faults.kinds import AbortFault, PushStallFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.oauth.inputs import MintToken
from offhook.server import MockServer
from offhook_scenarios.adapters.adapter import Belief, Ending, Shown
from offhook_scenarios.history import Act, Call, Link, Press, Sighting, Trouble, Truth
from offhook_scenarios.recorder import Recorder

START = 1_000.0
MUTE = "postWebrtcClientMute"


class Desk:
    """A recorder beside an org on a manual clock, and a hand that opens and mutes."""

    def __init__(self, server: MockServer, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.http = http
        self.recorder = Recorder(server, session="s", desk="d", username="agent")
        server.on_change(self.recorder.look)
        user = server.org.find_user("agent")
        assert user is not None
        self.minted = server.receive(MintToken(user="agent"))
        self.headers = {"Authorization": f"Bearer {self.minted.secret}"}
        self.device: DeviceView = server.receive(OpenDevice(user_id=user.id, name="default"))

    async def mute(self) -> int:
        path = f"/api/v2/webrtc/clients/{self.device.id}/mute"
        async with self.http.post(path, json={"muted": True}, headers=self.headers) as answer:
            return answer.status

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        path = f"/api/v2/webrtc/clients/{self.device.id}/events"
        socket = await self.http.ws_connect(path, params={"role": "device"}, headers=self.headers)
        await socket.receive()
        return socket


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with (
        MockServer(seed=1, clock=ManualClock(START)) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        yield Desk(server, http)


def truth(desk: Desk, at: float, status: Status, cause: Cause | None, *, muted: bool) -> Truth:
    return Truth(at=at, device_id=desk.device.id, status=status, muted=muted, cause=cause)


async def test_every_change_of_a_device_is_noted_once_and_at_its_moment(desk: Desk) -> None:
    await desk.server.advance(5)
    desk.server.receive(ForceMute(device_id=desk.device.id, muted=True))
    desk.server.receive(ForceMute(device_id=desk.device.id, muted=True))
    await desk.server.advance(5)
    desk.server.receive(EndSession(device_id=desk.device.id))
    history = desk.recorder.close()
    assert (history.began, history.ended) == (START, START + 10)
    assert history.truths == (
        truth(desk, START, Status.INITIALIZING, None, muted=False),
        truth(desk, START + 0.2, Status.CONNECTED, None, muted=False),
        truth(desk, START + 5, Status.CONNECTED, Cause.ADMIN, muted=True),
        truth(desk, START + 10, Status.TERMINATED, Cause.ADMIN, muted=True),
    )


async def test_what_is_told_and_done_is_stamped_by_the_orgs_clock(desk: Desk) -> None:
    await desk.server.advance(1)
    desk.recorder.tell(Belief(shown=Shown.LIVE))
    desk.recorder.act("agent", "presses mute", wish=True)
    history = desk.recorder.close()
    assert history.sightings == (Sighting(at=START + 1, belief=Belief(shown=Shown.LIVE)),)
    assert history.acts == (Act(at=START + 1, who="agent", what="presses mute", wish=True),)


async def test_what_was_before_the_beginning_is_what_it_begins_with(desk: Desk) -> None:
    desk.recorder.tell(Belief(shown=Shown.LIVE))
    desk.recorder.lay("never", rule(ReplyFault(status=503)))
    socket = await desk.socket()
    await desk.server.advance(1)
    desk.recorder.begin()
    await desk.server.advance(1)
    history = desk.recorder.close()
    assert history.began == START + 1
    assert [sighting.at for sighting in history.sightings] == [START]
    assert [truth.status for truth in history.truths] == [Status.INITIALIZING, Status.CONNECTED]
    assert history.links == (Link(at=START + 1, until=START + 2),)
    assert history.troubles == (Trouble(at=START + 1, until=START + 2, name="never", bites=()),)
    assert history.calls == ()
    await socket.close()


async def test_saying_the_same_again_is_no_news(desk: Desk) -> None:
    for shown in (Shown.LIVE, Shown.LIVE, Shown.MUTED, Shown.LIVE):
        desk.recorder.tell(Belief(shown=shown))
    said = [sighting.belief.shown for sighting in desk.recorder.close().sightings]
    assert said == [Shown.LIVE, Shown.MUTED, Shown.LIVE]


async def test_words_that_no_judge_knows_are_refused_at_once(desk: Desk) -> None:
    with pytest.raises(TypeError, match="'muted', which is no Shown"):
        desk.recorder.tell(Belief(shown="muted"))  # type: ignore[arg-type]  # - as an untyped client does.
    done = desk.recorder.press(muted=True)
    with pytest.raises(TypeError, match="'ok', which is neither"):
        done("ok")  # type: ignore[arg-type]  # - as an untyped client does.
    history = desk.recorder.close()
    assert history.sightings == ()
    assert history.presses == (Press(at=START, muted=True),)


async def test_calls_are_noted_with_their_answer_or_none(desk: Desk) -> None:
    await desk.server.advance(1)
    assert await desk.mute() == 204
    desk.recorder.lay("refused", rule(ReplyFault(status=503)))
    assert await desk.mute() == 503
    desk.recorder.lay("lost", rule(AbortFault(when=When.AFTER)))
    with pytest.raises(aiohttp.ClientError):
        await desk.mute()
    history = desk.recorder.close()
    assert history.calls == tuple(
        Call(at=START + 1, operation=MUTE, status=status) for status in (204, 503, None)
    )


def rule(fault: ReplyFault | AbortFault | PushStallFault, operation: str = MUTE) -> RuleSpec:
    return RuleSpec(match=Match(operation=operation), fault=fault)


async def test_a_fault_is_noted_with_its_bites(desk: Desk) -> None:
    await desk.server.advance(1)
    bites = desk.recorder.lay("refused", rule(ReplyFault(status=503)))
    waits = desk.recorder.lay("never", rule(ReplyFault(status=503), "deleteWebrtcClient"))
    await desk.server.advance(1)
    await desk.mute()
    await desk.server.advance(1)
    desk.recorder.lift(bites)
    assert [rule.id for rule in desk.server.faults.rules()] == [waits]
    await desk.server.advance(1)
    assert desk.recorder.close().troubles == (
        Trouble(at=START + 1, until=START + 3, name="refused", bites=(START + 2,)),
        Trouble(at=START + 1, until=START + 4, name="never", bites=()),
    )


async def test_a_socket_is_noted_from_its_coming_to_its_going(desk: Desk) -> None:
    await desk.server.advance(1)
    await desk.socket()
    await desk.server.advance(3)
    desk.server.receive(DropSockets(device_id=desk.device.id, code=1006))
    assert desk.recorder.close().links == (Link(at=START + 1, until=START + 4),)


async def test_a_socket_that_is_dead_for_a_time_is_noted_so(desk: Desk) -> None:
    await desk.server.advance(1)
    desk.recorder.lay("half-open", rule(PushStallFault(duration_s=2), "muteChanged"))
    socket = await desk.socket()
    desk.server.receive(ForceMute(device_id=desk.device.id, muted=True))
    await desk.server.advance(1)
    second = await desk.socket()
    await desk.server.advance(3)
    assert desk.recorder.close().links == (
        Link(at=START + 1, until=START + 2, stalled=((START + 1, START + 2),)),
        Link(at=START + 2, until=START + 5),
    )
    await socket.close()
    await second.close()


async def test_a_strangers_socket_is_passed_over(desk: Desk) -> None:
    await desk.server.advance(1)
    desk.recorder.ignore_sockets_of(desk.minted.token.id)
    socket = await desk.socket()
    assert desk.recorder.close().links == ()
    await socket.close()


async def test_the_agents_device_is_the_newest(desk: Desk) -> None:
    other = desk.server.receive(OpenDevice(user_id=desk.device.user_id, name="phone"))
    assert desk.recorder.device().id == other.id


async def test_a_script_that_acts_before_there_is_a_device_is_told(desk: Desk) -> None:
    recorder = Recorder(desk.server, session="s", desk="d", username="second")
    with pytest.raises(AssertionError, match="the script acts too early"):
        recorder.device()


async def test_looking_changes_nothing(desk: Desk) -> None:
    await desk.server.advance(1)
    before = msgspec.json.encode(desk.server.state())
    desk.recorder.look()
    desk.recorder.look()
    assert msgspec.json.encode(desk.server.state()) == before
    assert len(desk.recorder.close().truths) == 2


async def test_it_knows_whether_the_screen_is_right_now(desk: Desk) -> None:
    assert not desk.recorder.is_right()
    desk.recorder.tell(Belief(shown=Shown.LIVE))
    assert not desk.recorder.is_right(), "nothing is heard of a device that is not connected"
    await desk.server.advance(1)
    assert desk.recorder.is_right()
    desk.server.receive(ForceMute(device_id=desk.device.id, muted=True))
    assert not desk.recorder.is_right()


async def test_devices_and_sockets_of_others_are_not_its_own(desk: Desk) -> None:
    other = Recorder(desk.server, session="s", desk="d", username="second")
    desk.server.on_change(other.look)
    await desk.server.advance(1)
    await (await desk.socket()).close()
    assert desk.recorder.close().links != ()
    history = other.close()
    assert history.links == ()
    assert history.truths == ()


async def test_a_press_is_noted_with_how_it_ended_and_when(desk: Desk) -> None:
    first = desk.recorder.press(muted=True)
    desk.recorder.press(muted=False)
    await desk.server.advance(3)
    first(Ending.SUPERSEDED)
    history = desk.recorder.close()
    assert history.presses == (
        Press(at=START, muted=True, ended_at=START + 3, ending=Ending.SUPERSEDED),
        Press(at=START, muted=False),
    )
    assert [act.wish for act in history.acts] == [True, False]


@pytest.mark.parametrize("begin_anew", [MockServer.reset, MockServer.restart])
async def test_sets_are_taken_down_once_also_when_the_org_begins_anew(
    desk: Desk, begin_anew: Callable[[MockServer], None]
) -> None:
    desk.server.receive(ForceMute(device_id=desk.device.id, muted=True))
    begin_anew(desk.server)
    user = desk.server.org.find_user("agent")
    assert user is not None
    device = desk.server.receive(OpenDevice(user_id=user.id, name="default"))
    desk.server.receive(ForceMute(device_id=device.id, muted=False))
    writes = desk.recorder.close().writes
    assert [(write.muted, write.cause) for write in writes] == [
        (True, Cause.ADMIN),
        (False, Cause.ADMIN),
    ]
