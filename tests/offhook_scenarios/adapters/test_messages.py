"""The messages of the adapter protocol: what is one, what is a log line, what is neither."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.drawn import near, reaches

from offhook_scenarios.adapters.adapter import Ability, Ending, Gate, Restart, Shown
from offhook_scenarios.adapters.messages import (
    LINE_MAX,
    Advance,
    Credentials,
    Done,
    Hello,
    MessageError,
    Observe,
    RestartNow,
    Said,
    SetMute,
    Start,
    Stop,
    ToClient,
    adapter_schema,
    read,
    written,
)

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "adapter.schema.json"

CREDENTIALS = Credentials(password="p", client_id="c", client_secret="s")
COMMANDS: list[tuple[ToClient, dict[str, Any]]] = [
    (
        Start(
            id=1,
            api="http://127.0.0.1:1",
            login="http://127.0.0.1:1",
            user="agent",
            credentials=CREDENTIALS,
            device="default",
            seed=7,
        ),
        {
            "offhook": "start",
            "id": 1,
            "api": "http://127.0.0.1:1",
            "login": "http://127.0.0.1:1",
            "user": "agent",
            "credentials": {"password": "p", "clientId": "c", "clientSecret": "s"},
            "device": "default",
            "seed": 7,
        },
    ),
    (SetMute(id=2, muted=True), {"offhook": "set_mute", "id": 2, "muted": True}),
    (Observe(id=3), {"offhook": "observe", "id": 3}),
    (
        RestartNow(id=4, kind=Restart.SLEEP, lasts_s=3),
        {"offhook": "restart", "id": 4, "kind": "sleep", "lastsS": 3},
    ),
    (Advance(id=5, seconds=0.5), {"offhook": "advance", "id": 5, "seconds": 0.5}),
    (Stop(id=6), {"offhook": "stop", "id": 6}),
]


@pytest.mark.parametrize(("command", "wire"), COMMANDS, ids=lambda part: type(part).__name__)
def test_a_command_on_the_wire(command: ToClient, wire: dict[str, Any]) -> None:
    assert json.loads(written(command)) == wire
    assert b"\n" not in written(command)
    jsonschema.Draft202012Validator(adapter_schema()).validate(wire)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            """{"offhook": "hello", "protocol": 1, "name": "desk", "version": "2.0",
            "dialect": "platform", "can": ["set_mute", "restart:reload"], "clock": "shared"}""",
            Hello(
                protocol=1,
                name="desk",
                version="2.0",
                dialect="platform",
                can=(Ability.SET_MUTE, Ability.RELOAD),
                clock="shared",
            ),
        ),
        (
            '{"offhook":"hello","protocol":1,"name":"desk","dialect":"tutorial"}',
            Hello(protocol=1, name="desk", dialect="tutorial"),
        ),
        (
            '{"shown":"muting","gate":"cut","call":"c","version":[1,2],"offhook":"belief"}',
            Said(shown=Shown.MUTING, gate=Gate.CUT, call="c", version=(1, 2)),
        ),
        ('{"offhook": "belief", "shown": "live"}', Said(shown=Shown.LIVE)),
        ('{"offhook":"done","id":3}', Done(id=3)),
        ('{"offhook":"done","id":3,"error":"no"}', Done(id=3, error="no")),
        ('{"offhook":"done","id":3,"ending":"ok"}', Done(id=3, ending=Ending.OK)),
    ],
)
def test_what_a_client_says(line: str, message: object) -> None:
    assert read(line.encode()) == message
    jsonschema.Draft202012Validator(adapter_schema()).validate(json.loads(line))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"listening",
        b"\xff\xfe",
        b"[1, 2]",
        b'"offhook"',
        b'["offhook"]',
        b'{"level":"info","text":"the word \\"offhook\\" in it"}',
        b'{"level":"info","deep":{"offhook":"done"}}',
        b'{"offhook":"done","id":1',
        b'{"offhook":' * 5000,
        b'{"offhook":"done","id":1,"error":"' + b"x" * LINE_MAX + b'"}',
    ],
)
def test_all_else_is_log(line: bytes) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"offhook":"belive","shown":"live"}', "hello, belief, done, and this is none"),
        (b'{"offhook":1}', "none of them"),
        (b'{"offhook":"belief","shown":"mute"}', "Invalid enum value 'mute' - at `$.shown`"),
        (b'{"offhook":"belief"}', "missing required field `shown`"),
        (b'{"offhook":"belief","shown":"live","gates":"cut"}', "unknown field `gates`"),
        (b'{"offhook":"hello","protocol":2,"name":"d","dialect":"tutorial"}', "protocol"),
        (b'{"offhook":"hello","protocol":1,"name":"d"}', "missing required field `dialect`"),
        (b'{"offhook":"done","id":0}', "id"),
    ],
)
def test_what_means_to_be_a_message_and_is_none_is_told(line: bytes, words: str) -> None:
    with pytest.raises(MessageError) as told:
        read(line)
    assert words in str(told.value)
    assert line.decode() in str(told.value)


LINES = st.binary(max_size=300) | near(
    '{"offhook":"belief","shown":"live","gate":"cut"}',
    '{"offhook":"done","id":3,"error":"no","ending":"ok"}',
    '{"offhook":"hello","protocol":1,"name":"d","dialect":"tutorial","can":["set_mute"]}',
).map(lambda text: text.encode(errors="surrogatepass"))


def read_as(line: bytes) -> str:
    """What came of it. Raises whatever is no `MessageError`."""
    try:
        return type(read(line)).__name__
    except MessageError:
        return "MessageError"


@given(LINES)
def test_no_bytes_break_the_reader(line: bytes) -> None:
    if read_as(line) in {"Hello", "Said", "Done"}:
        jsonschema.Draft202012Validator(adapter_schema()).validate(json.loads(line))


def test_some_of_them_are_messages() -> None:
    reaches(LINES, read_as, "Hello", "Said", "Done", "MessageError", "NoneType")


def test_the_published_schema_is_the_one_in_force() -> None:
    assert json.loads(PAGE.read_text(encoding="utf-8")) == json.loads(
        json.dumps(adapter_schema())
    ), "Write json.dumps(adapter_schema(), indent=2, ensure_ascii=False) to it."
    jsonschema.Draft202012Validator.check_schema(adapter_schema())


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(adapter_schema())
    for wrong in (
        {"offhook": "belief", "shown": "mute"},
        {"offhook": "belief"},
        {"offhook": "done", "id": 0},
        {"offhook": "nothing"},
    ):
        assert not validator.is_valid(wrong), wrong
        with pytest.raises(MessageError):
            read(msgspec.json.encode(wrong))
