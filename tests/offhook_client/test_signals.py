"""Keys: the same request again has the same, another request another."""

import pytest

from offhook_client.models import Version
from offhook_client.signals import SendMute


def send(generation: int, *, if_match: Version | None = None, muted: bool = True) -> SendMute:
    return SendMute(generation=generation, muted=muted, if_match=if_match)


def test_a_repeat_has_the_same_key() -> None:
    assert send(3).key("desk") == send(3).key("desk")


@pytest.mark.parametrize("other", [send(4), send(3, if_match=Version(1, 2))])
def test_another_request_has_another_key(other: SendMute) -> None:
    assert other.key("desk") != send(3).key("desk")


def test_two_desks_never_share_a_key() -> None:
    assert send(3).key("one") != send(3).key("two")


def test_a_key_is_what_the_wire_allows() -> None:
    key = send(3, if_match=Version(12, 345)).key("d" * 64)
    assert len(key) <= 128
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
