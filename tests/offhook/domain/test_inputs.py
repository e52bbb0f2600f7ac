"""Inputs are values, and tell the journal what it may keep."""

from typing import Any

import msgspec
import pytest

from offhook.domain import inputs
from offhook.domain.inputs import DetachSocket, Input, SetMute, SetUserState, SocketReport
from offhook.domain.version import Intent, Version

INPUTS: list[type[Input[Any]]] = [
    value
    for value in vars(inputs).values()
    if isinstance(value, type) and issubclass(value, Input) and value is not Input
]


@pytest.mark.parametrize("each", INPUTS, ids=lambda each: each.__name__)
def test_each_is_frozen_takes_names_only_and_says_what_it_is(each: type[Input[Any]]) -> None:
    assert each.__struct_config__.frozen
    assert each.__doc__
    with pytest.raises(TypeError):
        each("positional")


def test_facts_are_all_fields_and_can_be_written_as_json() -> None:
    item = SetMute(
        device_id="d", muted=True, actor="a", intent=Intent("i", 1), if_match=Version(1, 2)
    )
    assert item.facts() == {
        "device_id": "d",
        "muted": True,
        "actor": "a",
        "intent": Intent("i", 1),
        "if_match": Version(1, 2),
    }
    assert msgspec.json.decode(msgspec.json.encode(item.facts()))["if_match"] == {
        "epoch": 1,
        "rev": 2,
    }


def test_what_is_not_said_is_none_and_leaves_things_as_they_are() -> None:
    state = SetUserState(user_id="u")
    assert set(state.facts().values()) == {"u", None}
    report = SocketReport(socket_id="s", kind="ping")
    assert set(report.facts().values()) == {"s", "ping", None}


def test_equal_inputs_are_equal() -> None:
    assert DetachSocket(socket_id="s") == DetachSocket(socket_id="s")
    assert DetachSocket(socket_id="s") != DetachSocket(socket_id="t")
