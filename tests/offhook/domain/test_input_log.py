"""Inputs as bytes, and back; an org that lives through its log is the same org."""

from typing import Any

import msgspec
import pytest

from offhook.domain.input_log import INPUTS, RESET, RESTART, pack, replay, unpack
from offhook.domain.inputs import Input, OpenDevice, SetMute, StartCall
from offhook.domain.org import Org
from offhook.domain.version import Intent, Version
from offhook.oauth.inputs import MintToken
from offhook.settings import DEFAULT

EXAMPLES: list[Input[Any]] = [
    OpenDevice(user_id="u", name="d"),
    SetMute(device_id="d", muted=True, actor="u", intent=Intent("a", 1), if_match=Version(1, 2)),
    MintToken(user="agent", scopes=frozenset({"a", "b"}), ttl_s=0.1),
    StartCall(device_id="d", name="Zoë"),
]


@pytest.mark.parametrize("item", EXAMPLES, ids=lambda item: type(item).__name__)
def test_an_input_comes_back_as_it_was(item: Input[Any]) -> None:
    assert unpack(*pack(item)) == item


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_can_be_read_again(name: str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        unpack(name, b'"no object"')


def test_what_is_no_input_is_refused() -> None:
    with pytest.raises(KeyError):
        unpack("Surprise", b"{}")


def _lived(*kinds: str) -> tuple[Org, list[tuple[float, str, bytes]]]:
    """An org with a device and a token, and its log."""
    log: list[tuple[float, str, bytes]] = [(0.5, kind, b"") for kind in kinds]
    org = Org(DEFAULT, seed=1, now=0.0)
    org.log = lambda item, now: log.append((now, *pack(item)))
    org.receive(MintToken(user="agent"), now=1.0)
    device = org.receive(OpenDevice(user_id=org.users()[0].id, name="d"), now=2.0)
    org.receive(StartCall(device_id=device.id), now=60.0)
    return org, log


def _begin(kind: str, at: float, _body: bytes) -> Org:
    assert kind in {RESET, RESTART}
    return Org(DEFAULT, seed=1, now=at)


@pytest.mark.parametrize("kinds", [(), (RESET,), (RESTART, RESET)])
def test_a_log_makes_the_same_org(kinds: tuple[str, ...]) -> None:
    org, log = _lived(*kinds)
    again = replay(log, _begin, Org(DEFAULT, seed=1, now=0.0))
    assert again.state(now=60.0) == org.state(now=60.0)
    assert again.take_outbound() == []
