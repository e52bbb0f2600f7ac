"""The ledger: every set once, and whose request it was."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from offhook.adapters.clock import ManualClock
from offhook.domain.inputs import DropSockets, ForceMute, LocalMute, OpenDevice
from offhook.domain.views import Cause
from offhook.faults.kinds import AbortFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.oauth.inputs import MintToken
from offhook.server import MockServer
from offhook_scenarios.history import Write
from offhook_scenarios.ledger import Ledger

START = 1_000.0


class Desk:
    """A ledger beside an org on a manual clock, and a hand that mutes."""

    def __init__(self, server: MockServer, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.http = http
        user = server.org.find_user("agent")
        assert user is not None
        self.minted = server.receive(MintToken(user="agent"))
        self.device_id = server.receive(OpenDevice(user_id=user.id, name="default")).id
        self.ledger = Ledger(
            my_device=lambda device_id: device_id == self.device_id,
            my_token=lambda token_id: token_id == self.minted.token.id,
        )
        self.ledger.follow(server.org.journal)

    async def mute(self, **headers: str) -> None:
        path = f"/api/v2/webrtc/clients/{self.device_id}/mute"
        bearer = {"Authorization": f"Bearer {self.minted.secret}", **headers}
        async with self.http.post(path, json={"muted": True}, headers=bearer):
            pass


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with (
        MockServer(seed=1, clock=ManualClock(START)) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        made = Desk(server, http)
        await server.advance(1)
        yield made


async def test_a_set_knows_the_request_that_made_it(desk: Desk) -> None:
    await desk.mute(**{"Offhook-Intent": "a:1", "Idempotency-Key": "k"})
    assert desk.ledger.writes == [
        Write(
            at=START + 1,
            device_id=desk.device_id,
            version=(1, 1),
            muted=True,
            flipped=True,
            cause=Cause.SELF,
            intent="a:1",
            actor=desk.minted.token.user_id,
            asked_at=START + 1,
            token_id=desk.minted.token.id,
        )
    ]
    (request,) = desk.ledger.requests
    assert (request.operation, request.status, request.applied) == (
        "postWebrtcClientMute",
        204,
        True,
    )
    assert (request.intent, request.key) == ("a:1", "k")


async def test_a_set_of_other_hands_is_no_requests_even_if_one_follows(desk: Desk) -> None:
    desk.server.receive(LocalMute(device_id=desk.device_id, muted=True, cause=Cause.SELF))
    desk.server.receive(ForceMute(device_id=desk.device_id, muted=True))
    desk.server.faults.add(
        RuleSpec(match=Match(operation="postWebrtcClientMute"), fault=AbortFault()), id="lost"
    )
    with pytest.raises(aiohttp.ClientError):
        await desk.mute()
    assert [(write.cause, write.flipped, write.asked_at) for write in desk.ledger.writes] == [
        (Cause.SELF, True, None),
        (Cause.ADMIN, False, None),
    ]


async def test_a_request_whose_answer_was_lost_has_no_status_and_was_applied(desk: Desk) -> None:
    desk.server.faults.add(
        RuleSpec(match=Match(), fault=AbortFault(when=When.AFTER), times=1), id="lost"
    )
    with pytest.raises(aiohttp.ClientError):
        await desk.mute()
    (request,) = desk.ledger.requests
    assert (request.status, request.applied) == (None, True)
    assert [call.status for call in desk.ledger.calls(START)] == [None]


async def test_a_repeat_under_the_same_key_makes_no_second_set(desk: Desk) -> None:
    await desk.mute(**{"Idempotency-Key": "k"})
    await desk.mute(**{"Idempotency-Key": "k"})
    assert [request.applied for request in desk.ledger.requests] == [True, False]
    assert len(desk.ledger.writes) == 1


async def test_what_others_ask_is_among_the_calls_only(desk: Desk) -> None:
    async with desk.http.get("/api/v2/users/me"):
        pass
    assert desk.ledger.requests == ()
    assert [call.status for call in desk.ledger.calls(START)] == [401]
    assert desk.ledger.calls(START + 2) == ()


async def test_the_sockets_of_the_user_s_channels_are_taken_down(desk: Desk) -> None:
    bearer = {"Authorization": f"Bearer {desk.minted.secret}"}
    async with desk.http.post("/api/v2/notifications/channels", headers=bearer) as answer:
        place = (await answer.json())["connectUri"]
    async with desk.http.ws_connect(place.replace("wss:", "ws:")) as socket:
        await desk.server.advance(4)
        (open_one,) = desk.ledger.channel_sockets.values()
        assert (open_one.at, open_one.until) == (START + 1, None)
        desk.server.receive(DropSockets(device_id=None, code=1012))
        await socket.receive()
    (gone,) = desk.ledger.channel_sockets.values()
    assert gone.until == START + 5


async def test_the_sockets_of_other_users_and_of_devices_are_not(desk: Desk) -> None:
    path = f"/api/v2/webrtc/clients/{desk.device_id}/events?role=device"
    bearer = {"Authorization": f"Bearer {desk.minted.secret}"}
    other = {"Authorization": f"Bearer {desk.server.token('supervisor')}"}
    async with desk.http.post("/api/v2/notifications/channels", headers=other) as answer:
        place = (await answer.json())["connectUri"]
    async with (
        desk.http.ws_connect(place.replace("wss:", "ws:")),
        desk.http.ws_connect(path, headers=bearer),
    ):
        assert desk.ledger.channel_sockets == {}
