"""The watch over the suite sees what is wrong, or it would guard nothing."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest
from tests.contract.watch import WATCH, Watch

import offhook
from offhook.api.exchange import Request, Response
from offhook.api.resolve import NO_CREDENTIALS, Resolved
from offhook.domain.events import Heartbeat
from offhook.domain.version import Version

Answered = Callable[[str, str, Response], list[str]]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def answered(watch: Watch) -> Answered:
    mock = offhook.MockServer(seed=1)

    def ask(method: str, path: str, answer: Response) -> list[str]:
        request = Request(method=method, path=path, query="", headers={}, body=b"", origin="")
        place, values = mock.tenancy.find(request)
        resolved = Resolved(
            request=request,
            correlation_id="c",
            arrived_at=0.0,
            place=place,
            bound=None if place is None else place.bound[method],
            path=values,
            credentials=NO_CREDENTIALS,
            token=None,
            device_id=None,
        )
        watch.answered(resolved, answer)
        return watch.complaints

    return ask


JSON = (("Content-Type", "application/json"),)
HEALTH = "/_offhook/v1/health"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b'{"status": "ok", "version": 1, "org": "o"}', "not of type"),
        (b'{"status": "ok"}', "required"),
        (b"{", "not JSON"),
    ],
)
def test_a_wrong_body_is_seen(answered: Answered, body: bytes, complaint: str) -> None:
    assert complaint in answered("GET", HEALTH, Response(status=200, headers=JSON, body=body))[0]


def test_a_wrong_status_a_wrong_type_and_a_body_too_many_are_seen(answered: Answered) -> None:
    assert "not declared" in answered("GET", HEALTH, Response(status=418))[-1]
    assert "declared are" in answered("GET", HEALTH, Response(status=200, body=b"{}"))[-1]
    told = answered("DELETE", "/_offhook/v1/faults", Response(status=204, body=b"{}"))[-1]
    assert "none is declared" in told


def test_a_refusal_in_other_words_than_the_platforms_is_seen(answered: Answered) -> None:
    assert answered("GET", "/nowhere", Response(status=404, body=b'{"error": "no"}'))


def test_a_wrong_frame_is_seen(watch: Watch) -> None:
    event = Heartbeat(device_id="d", version=Version(1, 1), at=0.0)
    watch.told(event, b'{"type":"heartbeat","clientId":"d","at":"now"}')
    assert watch.complaints == []
    watch.told(event, b'{"type":"heartbeat","clientId":7,"at":"now"}')
    watch.told(event, b'{"type":"beat","clientId":"d","at":"now"}')
    assert len(watch.complaints) == 2


def test_what_was_wrong_is_told_once(watch: Watch) -> None:
    watch.refused(404, b"no")
    assert len(watch.taken()) == 1
    assert watch.taken() == []


async def test_the_watch_stands_where_real_answers_pass() -> None:
    WATCH.seen.clear()
    async with (
        offhook.MockServer(seed=1, clock=offhook.ManualClock()) as mock,
        aiohttp.ClientSession(
            mock.url, headers={"Authorization": f"Bearer {mock.token()}"}
        ) as http,
    ):
        async with http.get("/_offhook/v1/health") as healthy:
            assert healthy.status == 200
        async with http.get("/api/v2/webrtc/clients/me", headers={"Authorization": "no"}) as no:
            assert no.status == 401
        async with http.get("/api/v2/webrtc/clients/me") as me:
            path = f"/api/v2/webrtc/clients/{(await me.json())['id']}/events"
        async with http.ws_connect(path) as socket:
            assert (await socket.receive_json())["type"] == "subscribed"
        async with http.post("/_offhook/v1/clock/advance", json={"seconds": 1}) as advanced:
            assert advanced.status == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", mock.port)
        writer.write(b"no HTTP\r\n\r\n")
        status = (await reader.readline()).split()[1]
        writer.close()
        assert status == b"400"
    assert {"getHealth 200", "getWebrtcClientsMe 401", "getWebrtcClientsMe 200"} <= WATCH.seen
    assert {"subscribed", "advanceClock 200", "refusal 400"} <= WATCH.seen
