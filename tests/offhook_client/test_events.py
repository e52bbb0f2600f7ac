"""The event socket: every end has its answer, and no end makes it dial like mad."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from offhook_client.decisions import Decision, DecisionLog
from offhook_client.errors import (
    ClientError,
    LoginRefusedError,
    RefusedError,
    ReplacedError,
    UnreachableError,
)
from offhook_client.events import CLOSE_CODES, HANDSHAKE, Ending, EventSocket
from offhook_client.http import Http
from offhook_client.models import Frame, Version
from offhook_client.options import Options
from offhook_client.tokens import GivenToken, Token, Tokens

GREETING = '{"type": "subscribed", "clientId": "c", "epoch": 1, "rev": 3}'


class Peer:
    """A socket server that is told, dial by dial, how to end it: a status or a close code."""

    def __init__(self) -> None:
        self.script: deque[int | None] = deque()
        self.retry_after: str | None = None
        self.requests: list[Request] = []
        self.frames: list[str | bytes] = [GREETING]
        self.held: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self.server: Server | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{next(iter(self.server.sockets)).getsockname()[1]}"

    def refuse(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        status = self.script[0] if self.script else None
        if status is None or status >= 1000:
            return None
        self.script.popleft()
        response = connection.respond(HTTPStatus(status), "no")
        if self.retry_after is not None:
            response.headers["Retry-After"] = self.retry_after
        return response

    async def handle(self, connection: ServerConnection) -> None:
        for frame in self.frames:
            await connection.send(frame)
        code = self.script.popleft() if self.script else None
        if code is None:
            self.held.put_nowait(connection)
            await connection.wait_closed()
        elif code == 1006:
            connection.transport.abort()
        else:
            await connection.close(code)


class Ear:
    """A listener that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()
        self.error: ClientError | None = None
        self.from_version: Version | None = None

    def since(self) -> Version | None:
        return self.from_version

    def dialling(self) -> None:
        self.told.append("dialling")

    def frame(self, frame: Frame) -> None:
        self.frames.put_nowait(frame)

    def garbled(self) -> None:
        self.told.append("garbled")

    def link_lost(self) -> None:
        self.told.append("lost")

    def gone(self) -> None:
        self.told.append("gone")

    def failed(self, error: ClientError) -> None:
        self.error = error


class Bench:
    """A peer, an ear, and the socket between them."""

    def __init__(self, peer: Peer, options: Options) -> None:
        self.peer, self.ear = peer, Ear()
        self.decided: asyncio.Queue[Decision] = asyncio.Queue()
        self.http = Http(
            peer.url,
            options=options,
            rng=random.Random(1),
            wall_clock=lambda: 0.0,
            decisions=DecisionLog(notify=self.decided.put_nowait),
        )
        self.tokens = Tokens(self.http, GivenToken(access_token="T"))
        self.socket = EventSocket(self.http, self.tokens, "c", self.ear)
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.task = asyncio.create_task(self.socket.run())

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def bench(quick: Options) -> AsyncIterator[Bench]:
    peer = Peer()
    async with serve(peer.handle, "127.0.0.1", 0, process_request=peer.refuse) as server:
        peer.server = server
        made = Bench(peer, quick)
        yield made
        await made.end()


async def finished(bench: Bench) -> None:
    bench.start()
    assert bench.task is not None
    await bench.task


async def test_a_dial_carries_the_token_and_asks_for_replay(bench: Bench) -> None:
    bench.ear.from_version = Version(1, 3)
    bench.start()
    frame = await bench.ear.frames.get()
    assert frame.type == "subscribed"
    request = bench.peer.requests[0]
    assert request.path == "/api/v2/webrtc/clients/c/events?role=device&since=1.3"
    assert request.headers["Authorization"] == "Bearer T"
    assert "Sec-WebSocket-Extensions" not in request.headers
    assert bench.ear.told == ["dialling"]


async def test_the_first_dial_of_all_asks_for_nothing(bench: Bench) -> None:
    bench.start()
    await bench.ear.frames.get()
    assert bench.peer.requests[0].path.endswith("/events?role=device")


async def test_what_cannot_be_read_is_told_and_does_not_end_the_listening(bench: Bench) -> None:
    endless, latin = '{"x": ' + "[" * 50_000, b'{"type": "\xff"}'
    bench.peer.frames = ["{", "[]", '{"type": 7}', endless, latin, GREETING]
    bench.start()
    await bench.ear.frames.get()
    assert bench.ear.told == ["dialling", *["garbled"] * 5]


async def test_frames_of_another_device_are_not_ours(bench: Bench) -> None:
    other = '{"type": "muteChanged", "clientId": "d", "muted": true}'
    bench.peer.frames = [other, '{"type": "heartbeat"}', GREETING]
    bench.start()
    kinds = [(await bench.ear.frames.get()).type for _ in range(2)]
    assert kinds == ["heartbeat", "subscribed"]


DIALS_AGAIN = [1000, 1006, 1011, 1012, 1013, 4400, 4413, 4999]


@pytest.mark.parametrize("code", DIALS_AGAIN)
async def test_after_an_end_that_passes_it_dials_again(bench: Bench, code: int) -> None:
    bench.peer.script.append(code)
    bench.start()
    for _ in range(2):
        await bench.ear.frames.get()
    assert bench.ear.told == ["dialling", "lost", "dialling"]
    decision = await bench.decided.get()
    assert (decision.action, decision.reason) == ("reconnect", f"close {code}")


@pytest.mark.parametrize(
    ("code", "told"), [(4404, ["dialling", "lost", "gone"]), (4409, ["dialling", "lost"])]
)
async def test_after_an_end_that_lasts_it_stops(bench: Bench, code: int, told: list[str]) -> None:
    bench.peer.script.append(code)
    await finished(bench)
    assert bench.ear.told == told
    assert isinstance(bench.ear.error, ReplacedError) is (code == 4409)
    assert len(bench.peer.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_busy_handshake_is_tried_again(bench: Bench, status: int) -> None:
    bench.peer.script.append(status)
    bench.start()
    await bench.ear.frames.get()
    decision = await bench.decided.get()
    assert decision.reason == f"handshake {status}"


async def test_a_handshake_obeys_retry_after(bench: Bench) -> None:
    bench.peer.script.append(429)
    bench.peer.retry_after = "1"
    bench.start()
    await bench.ear.frames.get()
    decision = await bench.decided.get()
    assert decision.retry_after_s == 1.0
    assert decision.wait_s >= 1.0


@pytest.mark.parametrize(("status", "closed"), [(429, True), (503, False)])
async def test_a_handshake_that_is_throttled_closes_the_gate_of_its_token(
    bench: Bench, status: int, *, closed: bool
) -> None:
    # Found by I6, seed 368: a mute went out while the token was told to wait.
    bench.peer.script.append(status)
    bench.peer.retry_after = "1"
    bench.start()
    await bench.decided.get()
    assert (bench.http.cooldown.until(("1", "api")) > bench.http.now()) is closed


async def test_a_forbidden_socket_is_final(bench: Bench) -> None:
    bench.peer.script.append(403)
    await finished(bench)
    assert isinstance(bench.ear.error, RefusedError)


async def test_a_socket_of_a_device_that_is_gone_is_told(bench: Bench) -> None:
    bench.peer.script.append(404)
    await finished(bench)
    assert bench.ear.told == ["dialling", "gone"]
    assert bench.ear.error is None


@pytest.mark.parametrize("refusal", [401, 4401])
async def test_a_token_that_is_refused_is_replaced_or_told(bench: Bench, refusal: int) -> None:
    bench.peer.script.append(refusal)
    await finished(bench)
    # A given token cannot be replaced.
    assert isinstance(bench.ear.error, LoginRefusedError)
    assert (await bench.decided.get()).action == "refresh"


@pytest.mark.parametrize("refusal", [401, 4401])
async def test_a_token_that_cannot_be_replaced_for_now_is_tried_again(
    bench: Bench, refusal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by the simulation: a network away for two seconds had ended the socket for good."""
    replace, tries = bench.tokens.replace, list[int]()

    async def unreachable(generation: int) -> Token:
        tries.append(generation)
        if len(tries) < 3:
            raise UnreachableError("The token endpoint gave no good answer.")
        return await replace(generation)

    monkeypatch.setattr(bench.tokens, "replace", unreachable)
    bench.peer.script += [refusal] * 3
    await finished(bench)
    assert tries == [1, 1, 1]
    assert isinstance(bench.ear.error, LoginRefusedError), "once it can be asked, it is refused"


async def test_a_new_token_is_dialled_with_at_once(bench: Bench) -> None:
    bench.start()
    await bench.ear.frames.get()
    fresh = Token(access_token="T2", generation=2)
    bench.tokens._token = fresh
    for observer in bench.tokens.on_new:
        observer(fresh)
    await bench.ear.frames.get()
    tokens = [request.headers["Authorization"] for request in bench.peer.requests]
    assert tokens == ["Bearer T", "Bearer T2"]
    assert (await bench.decided.get()).action == "renew"
    assert bench.decided.empty()


async def test_a_token_that_was_renewed_while_it_was_dialled_with_is_renewed_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 1116177: the socket of the old token was ended by the server, 54 s before a drop."""
    proved = bench.tokens.proved

    def while_dialling(generation: int) -> None:
        bench.tokens._token = Token(access_token="T2", generation=2)
        proved(generation)

    monkeypatch.setattr(bench.tokens, "proved", while_dialling)
    bench.start()
    while len(bench.peer.requests) < 2:
        await bench.ear.frames.get()
    tokens = [request.headers["Authorization"] for request in bench.peer.requests]
    assert tokens == ["Bearer T", "Bearer T2"]
    assert (await bench.decided.get()).action == "renew"


async def test_half_way_into_a_silence_a_heartbeat_is_asked_for(
    bench: Bench, quick: Options
) -> None:
    bench.http.options = msgspec.structs.replace(quick, silence_s=0.2)
    bench.start()
    await bench.ear.frames.get()
    held = await bench.peer.held.get()
    for _ in range(2):
        assert await held.recv() == '{"type": "ping"}'
        await held.send('{"type": "heartbeat"}')
        assert (await bench.ear.frames.get()).type == "heartbeat"
    assert bench.ear.told == ["dialling"]


async def test_silence_is_a_dead_link(bench: Bench, quick: Options) -> None:
    bench.http.options = msgspec.structs.replace(quick, silence_s=0.05)
    bench.start()
    for _ in range(2):
        await bench.ear.frames.get()
    assert (await bench.decided.get()).reason == "silence"


async def test_a_peer_that_answers_no_ping_is_a_dead_link(bench: Bench, quick: Options) -> None:
    options = msgspec.structs.replace(quick, ping_interval_s=0.03, ping_timeout_s=0.03)
    bench.http.options = options
    bench.start()
    await bench.ear.frames.get()
    held = await bench.peer.held.get()
    held.transport.pause_reading()
    await bench.ear.frames.get()
    assert (await bench.decided.get()).reason == "close 1006"
    held.transport.abort()


async def test_a_server_that_accepts_and_closes_is_backed_off_from(
    bench: Bench, quick: Options
) -> None:
    bench.http.options = msgspec.structs.replace(
        quick, reconnect_first_s=0.001, reconnect_cap_s=30.0
    )
    bench.peer.script.extend([1006] * 8)
    bench.start()
    decisions = [await bench.decided.get() for _ in range(8)]
    assert [each.attempt for each in decisions] == list(range(1, 9))
    ceilings = [0.001 * 2**doubled for doubled in range(8)]
    shares = [each.wait_s / most for each, most in zip(decisions, ceilings, strict=True)]
    assert all(0 < share <= 1 for share in shares)
    assert max(shares) > 0.5, "the wait is drawn from all there is"


async def test_a_link_that_was_healthy_long_enough_starts_anew(
    bench: Bench, quick: Options
) -> None:
    bench.http.options = msgspec.structs.replace(quick, reset_after_s=0.0)
    bench.peer.script.extend([1006] * 5)
    bench.start()
    attempts = [(await bench.decided.get()).attempt for _ in range(5)]
    assert attempts == [1] * 5


async def test_a_dial_that_reaches_nobody_is_tried_again(bench: Bench) -> None:
    assert bench.peer.server is not None
    bench.http.base_url = "http://127.0.0.1:1"
    bench.start()
    for attempt in (1, 2, 3):
        decision = await bench.decided.get()
        assert (decision.action, decision.attempt) == ("reconnect", attempt)


async def test_reports_go_up_the_socket_and_without_one_nowhere(bench: Bench) -> None:
    report: dict[str, Any] = {"type": "audioLevel", "level": 0.4}
    await bench.socket.send(report)
    bench.start()
    await bench.ear.frames.get()
    await bench.socket.send(report)
    held = await bench.peer.held.get()
    assert msgspec.json.decode(await held.recv()) == report


async def test_goodbye_is_said_with_1000(bench: Bench) -> None:
    bench.start()
    await bench.ear.frames.get()
    held = await bench.peer.held.get()
    await bench.socket.leave()
    assert held.close_code == 1000


def test_every_close_code_of_the_contract_has_its_meaning() -> None:
    assert {int(code) for code in CLOSE_CODES} == {1012, 1013, 4400, 4401, 4404, 4409, 4413}
    assert CLOSE_CODES[4401] is Ending.REFRESH
    assert HANDSHAKE[401] is Ending.REFRESH
