"""Reading a desk's bytes: whole messages only, stamped with their last byte."""

from collections.abc import Callable

import pytest

from offhook.adapters.frames import close_frame, text_frame
from offhook_scenarios.delivery import Delivery, Ears
from offhook_scenarios.history import Answer, Ask, Heard
from offhook_scenarios.sim.trace import Way

POST = (
    b"POST /api/v2/webrtc/clients/d1/mute?x=1 HTTP/1.1\r\nHost: server\r\n"
    b"Authorization: Bearer secret-1\r\nIdempotency-Key: a:1:any\r\nOffhook-Intent: a:1\r\n"
    b'If-Match: "1.3"\r\nContent-Length: 14\r\n\r\n{"muted":true}'
)
TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nININ-Correlation-Id: c1\r\n"
    b"Content-Length: 4\r\n\r\n1234"
)
UPGRADE = b"GET /events?role=device HTTP/1.1\r\nSec-WebSocket-Protocol: bearer.secret-1\r\n\r\n"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
EVENT = text_frame(b'{"type":"muteChanged","clientId":"d1","epoch":1,"rev":4,"muted":true}')


class Desk:
    """A delivery on a clock of its own, with one connection."""

    def __init__(self) -> None:
        self.at = 0.0
        self.delivery = Delivery(lambda: self.at)
        self.delivery.dialled(1)

    def asks(self, *pieces: bytes) -> None:
        self._each(pieces, self.delivery.wrote)

    def hears(self, *pieces: bytes) -> None:
        self._each(pieces, self.delivery.delivered)

    def _each(self, pieces: tuple[bytes, ...], told: Callable[[int, bytes], None]) -> None:
        for piece in pieces:
            self.at += 1
            told(1, piece)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_request_is_read_and_its_secret_is_not_kept(desk: Desk) -> None:
    desk.asks(POST)
    assert desk.delivery.asks == [
        Ask(
            at=1,
            connection=1,
            method="POST",
            path="/api/v2/webrtc/clients/d1/mute",
            whose="credentials 1",
            intent="a:1",
            key="a:1:any",
            if_match=(1, 3),
            muted=True,
            dialled_at=0,
        )
    ]


def heard_in_two(cut: int) -> tuple[list[Answer], list[Answer]]:
    """The answers known after the first part of one, and after the rest."""
    desk = Desk()
    desk.asks(POST)
    desk.hears(TOO_MANY[:cut])
    early = list(desk.delivery.answers)
    desk.hears(TOO_MANY[cut:])
    return early, desk.delivery.answers


def test_an_answer_binds_from_its_last_byte_on() -> None:
    whole = [
        Answer(
            at=3,
            connection=1,
            status=429,
            whose="credentials 1",
            path="/api/v2/webrtc/clients/d1/mute",
            correlation_id="c1",
            retry_after_s=5.0,
        )
    ]
    cuts = range(1, len(TOO_MANY))
    assert {cut: told for cut in cuts if (told := heard_in_two(cut)) != ([], whole)} == {}


def test_an_answer_that_was_cut_short_binds_nobody(desk: Desk) -> None:
    desk.asks(POST)
    desk.hears(TOO_MANY[:-1])
    desk.delivery.ended(1)
    assert desk.delivery.answers == []


CHUNKED = b"HTTP/1.1 429 No\r\nTransfer-Encoding: chunked\r\nRetry-After: 5\r\n\r\n"


def test_chunks_that_were_cut_short_bind_nobody(desk: Desk) -> None:
    desk.asks(POST)
    desk.hears(CHUNKED + b"3\r\nabc\r\n")
    desk.delivery.ended(1)
    assert desk.delivery.answers == []


@pytest.mark.parametrize(
    "nonsense",
    [
        CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-4\r\n",
        CHUNKED + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "' + b"9" * 5_000 + b'.1"\r\n\r\n',
        b"HTTP/1.1 429 No\r\nContent-Length: 0\r\nRetry-After: Mon, 01 Jan 9"
        + b"9" * 20
        + b" 00:00:00 GMT\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"muted":"\xff"}',
        SWITCH + text_frame(b'{"type":"\xff"}') + text_frame(b"[" * 50_000),
    ],
    ids=["chunk", "negative", "no size", "length", "version", "date", "body", "frames"],
)
def test_what_no_server_should_say_is_read_and_harms_nobody(desk: Desk, nonsense: bytes) -> None:
    desk.asks(POST)
    desk.hears(nonsense)
    desk.delivery.ended(1)
    assert all(each.version is None for each in desk.delivery.answers)
    assert all(each.retry_after_s is None for each in desk.delivery.answers)
    assert {each.type for each in desk.delivery.heard} <= {""}


def test_what_no_client_should_say_is_read_and_harms_nobody(desk: Desk) -> None:
    desk.asks(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"\xff\r\n\r\n" * 3)
    assert desk.delivery.asks == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b'HTTP/1.1 204 No Content\r\nETag: "1.4"\r\n\r\n', 204),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
    ],
)
def test_every_form_of_a_body_has_its_end(desk: Desk, answer: bytes, status: int) -> None:
    desk.asks(POST, POST)
    desk.hears(*(answer[at : at + 1] for at in range(len(answer))), TOO_MANY)
    assert [each.status for each in desk.delivery.answers] == [status, 429]


def test_an_answer_to_head_has_no_body(desk: Desk) -> None:
    desk.asks(b"HEAD / HTTP/1.1\r\n\r\n", POST)
    desk.hears(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", TOO_MANY)
    assert [each.status for each in desk.delivery.answers] == [200, 429]


def test_an_answer_without_a_length_ends_with_its_connection(desk: Desk) -> None:
    desk.asks(POST)
    desk.hears(b"HTTP/1.1 200 OK\r\n\r\nsome words")
    assert desk.delivery.answers == []
    desk.delivery.ended(1)
    assert [each.status for each in desk.delivery.answers] == [200]


def test_a_body_that_tells_of_a_device_is_understood(desk: Desk) -> None:
    body = b'{"id":"d1","connectionStatus":"connected","muted":true,"epoch":1,"rev":7}'
    desk.asks(POST)
    desk.hears(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    (answer,) = desk.delivery.answers
    assert (answer.device_id, answer.muted, answer.version) == ("d1", True, (1, 7))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"Retry-After: 30", 30.0),
        (
            b"Date: Mon, 30 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 30 Nov 2026 10:00:07 GMT",
            7.0,
        ),
        (b"Date: Mon, 30 Nov 2026 10:00:07 GMT\r\nRetry-After: Mon, 30 Nov 2026 10:00:00 GMT", 0.0),
        (b"Retry-After: soon", None),
        (b"X: y", None),
    ],
)
def test_retry_after_in_both_of_its_forms(desk: Desk, header: bytes, seconds: float | None) -> None:
    desk.asks(POST)
    desk.hears(b"HTTP/1.1 429 No\r\n" + header + b"\r\nContent-Length: 0\r\n\r\n")
    assert desk.delivery.answers[0].retry_after_s == seconds


def test_the_same_token_has_one_name_in_a_header_and_in_a_subprotocol(desk: Desk) -> None:
    desk.asks(POST, UPGRADE, POST.replace(b"secret-1", b"secret-2"), b"GET / HTTP/1.1\r\n\r\n")
    names = [ask.whose for ask in desk.delivery.asks]
    assert names == ["credentials 1", "credentials 1", "credentials 2", ""]


def test_after_a_101_frames_are_read_byte_by_byte(desk: Desk) -> None:
    desk.asks(UPGRADE)
    data = SWITCH + EVENT + close_frame(4401, "token")
    desk.hears(*(data[at : at + 1] for at in range(len(data))))
    assert desk.delivery.heard == [
        Heard(
            at=1 + len(SWITCH) + len(EVENT),
            connection=1,
            type="muteChanged",
            device_id="d1",
            version=(1, 4),
            muted=True,
        )
    ]
    desk.delivery.ended(1)
    (stream,) = desk.delivery.streams
    assert (stream.at, stream.code) == (1 + len(SWITCH), 4401)
    assert stream.closed_at == stream.ended_at == 1 + len(data)


@pytest.mark.parametrize(("opcode", "leaving"), [(0x88, True), (0x89, False), (0x8A, False)])
def test_what_comes_after_the_desks_own_close_frame_need_not_be_read(
    desk: Desk, opcode: int, *, leaving: bool
) -> None:
    """Seed 915935: the news came 10 ms after a keepalive had given the socket up."""
    desk.asks(UPGRADE)
    desk.hears(SWITCH + EVENT)
    desk.delivery.wrote(1, bytes((opcode, 0x80, 0, 0, 0, 0)))
    desk.hears(EVENT)
    assert [frame.leaving for frame in desk.delivery.heard] == [False, leaving]


@pytest.mark.parametrize("size", [125, 126, 70_000])
def test_frames_of_every_length_field(desk: Desk, size: int) -> None:
    desk.hears(SWITCH, text_frame(b'"%b"' % (b"x" * size)), EVENT)
    assert [frame.type for frame in desk.delivery.heard] == ["", "muteChanged"]


def test_a_frame_in_fragments_is_one_frame(desk: Desk) -> None:
    payload = b'{"type":"heartbeat"}'
    first = bytes((0x01, 5)) + payload[:5]
    ping = bytes((0x89, 0))
    rest = bytes((0x80, len(payload) - 5)) + payload[5:]
    desk.hears(SWITCH + first + ping, rest)
    assert [(frame.at, frame.type) for frame in desk.delivery.heard] == [(2, "heartbeat")]


def test_a_frame_that_is_no_json_is_heard_and_unreadable(desk: Desk) -> None:
    desk.hears(SWITCH, text_frame(b'{"type":"muteCh'))
    assert [frame.type for frame in desk.delivery.heard] == [""]


def test_a_frame_of_the_platform_is_called_by_its_topic(desk: Desk) -> None:
    desk.hears(SWITCH, text_frame(b'{"topicName":"channel.metadata","version":"2"}'))
    assert [frame.type for frame in desk.delivery.heard] == ["channel.metadata"]


def test_what_a_desk_let_go_of_says_nothing_more_and_ends_once(desk: Desk) -> None:
    desk.hears(SWITCH)
    desk.delivery.ended(1)
    desk.at = 9
    desk.delivery.ended(1)
    assert desk.delivery.streams[0].ended_at == 1


def test_ears_tell_each_desk_of_its_own_connections_only() -> None:
    one, other = Delivery(lambda: 0.0), Delivery(lambda: 0.0)
    ears = Ears({"desk-1": one, "desk-2": other})
    for number, host in enumerate(("desk-1", "desk-2", "somebody"), 1):
        ears.dialled(number, host)
        ears.wrote(number, Way.UP, POST)
        ears.delivered(number, Way.UP, b"what the server is told is none of the desk's")
        ears.delivered(number, Way.DOWN, TOO_MANY)
        ears.ended(number, Way.DOWN)
    for delivery, number in ((one, 1), (other, 2)):
        assert [ask.connection for ask in delivery.asks] == [number]
        assert [answer.connection for answer in delivery.answers] == [number]
        assert len(delivery.dials) == 1


def test_only_the_first_request_of_a_connection_tells_when_it_was_dialled(desk: Desk) -> None:
    desk.asks(POST, POST)
    assert [ask.dialled_at for ask in desk.delivery.asks] == [0, None]
