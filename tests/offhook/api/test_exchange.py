"""What passes between the shell and the core holds no behaviour, and cannot be changed."""

import msgspec
import pytest

from offhook.api.exchange import Advance, Request, Response, Upgrade
from offhook.domain.views import Role

VALUES = [
    Request(method="GET", path="/", query="", headers={}, body=b"", origin="http://mock.example"),
    Response(status=204),
    Upgrade(device_id="d", role=Role.DEVICE, token_id="t", since=None, subprotocol=None),
    Advance(seconds=1.0, then=lambda: Response(status=200)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_cannot_be_changed(value: msgspec.Struct) -> None:
    name = value.__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(value, name, None)


def test_an_answer_is_empty_unless_it_says_otherwise() -> None:
    assert Response(status=204) == Response(status=204, headers=(), body=b"")
