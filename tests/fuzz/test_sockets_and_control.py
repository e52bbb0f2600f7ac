"""Hypothesis at the sockets' and control's doors: whatever comes, an answer that is not a 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhook import DEFAULT, ManualClock
from offhook.api.apply import apply
from offhook.api.exchange import Advance, Request, Response
from offhook.api.notifications import encode, read_report
from offhook.api.platform.topics import read_message
from offhook.api.resolve import resolve
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.domain.channel_inputs import AttachChannel, OpenChannel
from offhook.domain.events import Emit
from offhook.domain.inputs import AttachSocket, OpenDevice
from offhook.domain.views import Role
from offhook.oauth.inputs import MintToken
from offhook.server import DIALECTS, OPERATIONS
from offhook.tenancy import Tenancy

NOW = 1_790_000_000.0
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(["nativeMute", "headsetMute", "audioLevel", "ping", "subscribe", "x"])
FIELDS = st.sampled_from(
    ["type", "muted", "gesture", "level", "message", "topics", "correlationId"]
)
ALMOST = st.builds(
    lambda kind, rest: json.dumps({**rest, "type": kind, "message": kind}),
    TYPES,
    st.dictionaries(FIELDS, JSON, max_size=5),
)
FRAMES = st.binary(max_size=200) | st.text(max_size=200) | JSON.map(json.dumps) | ALMOST


def made() -> Tenancy:
    return Tenancy(
        DEFAULT, seed=1, now=NOW, operations=OPERATIONS, dialects=DIALECTS, clock=ManualClock(NOW)
    )


def _hear(frames: list[str | bytes]) -> None:
    """A device's socket and a channel's, told all of it; what they say must be frames."""
    org = made().org
    token = org.receive(MintToken(user="agent"), now=NOW).token
    assert token.user_id is not None
    device = org.receive(OpenDevice(user_id=token.user_id, name="d"), now=NOW)
    channel = org.receive(
        OpenChannel(user_id=token.user_id, client_id=token.client_id, token_id=token.id), now=NOW
    )
    attach = AttachSocket(socket_id="s", device_id=device.id, role=Role.DEVICE, token_id=token.id)
    org.receive(attach, now=NOW)
    org.receive(AttachChannel(socket_id="c", channel_id=channel.id), now=NOW)
    for at, frame in enumerate(frames):
        now = NOW + at * 7
        org.receive(read_report("s", frame), now=now)
        org.receive(read_message("c", frame), now=now)
        for item in org.take_outbound():
            if isinstance(item, Emit):
                json.loads(encode(item.event))


@given(st.lists(FRAMES, max_size=12))
@QUIET
def test_no_frame_breaks_a_socket(frames: list[str | bytes]) -> None:
    _hear(frames)


@pytest.mark.nightly
@given(st.lists(FRAMES, max_size=12))
@LONG
def test_nor_does_any_in_a_long_night(frames: list[str | bytes]) -> None:
    _hear(frames)


ROWS = [row for row in CONTROL if row.id not in {"getSchemaOpenapi", "getControlOpenapi"}]
SEGMENTS = st.text(
    st.characters(codec="ascii", exclude_characters="/?# %", min_codepoint=33),
    min_size=1,
    max_size=12,
)
ASKED = st.tuples(st.sampled_from(ROWS), SEGMENTS, JSON | st.dictionaries(st.text(), JSON))


def _ask(asked: list[tuple[Any, str, object]]) -> None:
    tenancy = made()
    for row, segment, body in asked:
        path = "/".join(segment if part.startswith("{") else part for part in row.path.split("/"))
        request = Request(
            method=row.method,
            path=path,
            query="",
            headers={"content-type": "application/json"},
            body=json.dumps(body).encode() if row.body is not None else b"",
            origin="http://mock",
        )
        answer = apply(tenancy, resolve(tenancy, request, now=NOW), now=NOW)
        if isinstance(answer, Advance):
            answer = answer.then()
        assert isinstance(answer, Response)
        assert answer.status < 500, answer.body
    assert tenancy.org.journal.entries(kind="error") == ()


@given(st.lists(ASKED, max_size=8))
@QUIET
def test_nothing_that_control_is_asked_is_a_500(asked: list[tuple[Any, str, object]]) -> None:
    _ask(asked)


@pytest.mark.nightly
@given(st.lists(ASKED, max_size=8))
@LONG
def test_nor_is_it_in_a_long_night(asked: list[tuple[Any, str, object]]) -> None:
    _ask(asked)
