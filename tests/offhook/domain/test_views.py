"""The words of the wire, and pictures that nobody can paint over."""

import msgspec
import pytest

from offhook.domain import views
from offhook.domain.views import Cause, LastIntent, Role, SocketView, Status

STRUCTS = [
    value
    for value in vars(views).values()
    if isinstance(value, type)
    and issubclass(value, msgspec.Struct)
    and value.__module__ == views.__name__
]


def test_the_words_are_those_of_the_dialect_page() -> None:
    assert " ".join(Status) == "initializing connected disconnected terminating terminated"
    assert " ".join(Cause) == "self admin native headset default-reset system"
    assert " ".join(Role) == "device observer"


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_each_picture_is_frozen_and_says_what_it_is(struct: type[msgspec.Struct]) -> None:
    assert struct.__struct_config__.frozen
    assert struct.__doc__


def test_a_picture_does_not_follow_the_world() -> None:
    socket = SocketView(id="s", device_id="d", role=Role.DEVICE, token_id="t")
    with pytest.raises(AttributeError):
        socket.role = Role.OBSERVER  # type: ignore[misc]  # frozen - that is the point.
    assert LastIntent(True, 1, None) == LastIntent(True, 1, None)
