"""Events and what tells the shell of them are values."""

import msgspec
import pytest

from offhook.domain import events
from offhook.domain.events import Close, Emit, Event, Heartbeat
from offhook.domain.version import Version

STRUCTS = [
    value
    for value in vars(events).values()
    if isinstance(value, type)
    and issubclass(value, msgspec.Struct)
    and value.__module__ == events.__name__
]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_each_is_frozen_and_says_what_it_is(struct: type[msgspec.Struct]) -> None:
    assert struct.__struct_config__.frozen
    assert struct.__doc__
    assert not struct.__doc__.startswith(f"{struct.__name__}(")


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_all_but_the_shells_two_are_facts_about_something(struct: type[msgspec.Struct]) -> None:
    assert issubclass(struct, Event) is (struct not in {Emit, Close})


def test_equal_events_are_equal_and_can_be_hashed() -> None:
    one = Heartbeat(device_id="d", version=Version(1, 2), at=3.0)
    two = Heartbeat(device_id="d", version=Version(1, 2), at=3.0)
    assert one == two
    assert hash(one) == hash(two)
    assert one != Heartbeat(device_id="d", version=None, at=3.0)
