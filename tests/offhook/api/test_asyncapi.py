"""The document of the sockets: valid by the official schema, complete, and true."""

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest

from offhook.api import frames
from offhook.api.asyncapi import document
from offhook.api.notifications import EVENT_TYPES, PUSHED
from offhook.api.operation import Dialect
from offhook.domain.topics import OF_USER

CONTRACT = Path(__file__).parents[2] / "contract"
OFFICIAL = jsonschema_rs.Draft7Validator(
    json.loads((CONTRACT / "asyncapi-3.0.0.schema.json").read_text(encoding="utf-8"))
)
"""`3.0.0-without-$id.json` of the npm package @asyncapi/specs 6.11.1 (Apache-2.0), as it is."""


def made(*dialects: Dialect) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(document(dialects, title="T", version="1.2.3")))
    return told


WHOLE = made(Dialect.TUTORIAL, Dialect.PLATFORM)


@pytest.mark.parametrize("dialects", [tuple(Dialect), (Dialect.TUTORIAL,), (Dialect.PLATFORM,), ()])
def test_the_document_is_valid_asyncapi(dialects: tuple[Dialect, ...]) -> None:
    OFFICIAL.validate(made(*dialects))


def test_the_official_schema_can_say_no() -> None:
    wrong = made(Dialect.TUTORIAL)
    wrong["operations"]["hear-deviceEvents"]["action"] = "publish"
    assert not OFFICIAL.is_valid(wrong)


def test_every_reference_leads_somewhere() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                there: Any = WHOLE
                for step in node["$ref"].removeprefix("#/").split("/"):
                    there = there[step]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(WHOLE)


def test_it_tells_every_event_that_a_fault_may_name() -> None:
    assert set(WHOLE["components"]["messages"]) >= EVENT_TYPES - {PUSHED}


def test_it_tells_every_frame_of_the_event_socket() -> None:
    tags = {
        frame.__struct_config__.tag
        for union in (frames.ServerFrame, frames.DeviceFrame)
        for frame in get_args(union)
    }
    assert set(WHOLE["channels"]["deviceEvents"]["messages"]) == tags


def test_it_tells_every_topic_that_is_spoken_on() -> None:
    spoken = {suffix for suffix, kind in OF_USER.items() if kind.spoken}
    assert spoken <= set(WHOLE["channels"]["notifications"]["messages"])


def test_a_dialect_has_its_own_socket_only() -> None:
    assert list(made(Dialect.TUTORIAL)["channels"]) == ["deviceEvents"]
    assert list(made(Dialect.PLATFORM)["channels"]) == ["notifications"]


def test_an_envelope_holds_the_body_of_its_topic() -> None:
    payload = {
        **WHOLE["components"]["messages"]["channel.metadata"]["payload"],
        "components": WHOLE["components"],
    }
    judge = jsonschema_rs.Draft202012Validator(payload)
    good = {"topicName": "channel.metadata", "version": "2", "eventBody": {"message": "pong"}}
    assert judge.is_valid(good)
    assert not judge.is_valid({**good, "eventBody": {}})
    assert not judge.is_valid({**good, "topicName": "v2.users.u.presence"})
