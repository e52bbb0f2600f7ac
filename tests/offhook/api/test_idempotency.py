"""Keys are remembered for a window, with their body, each for its own token and path."""

import msgspec
import pytest

from offhook.api.exchange import Response
from offhook.api.idempotency import IdempotencyStore, Key
from offhook.domain.errors import DomainError

KEY = Key("t-1", "postWebrtcClientMute", "/mute", "k")
FIRST = Response(status=204, headers=(("ETag", '"1.1"'),))


def kept(store: IdempotencyStore) -> IdempotencyStore:
    store.keep(KEY, b"body", FIRST, now=100.0, window_s=600.0)
    return store


def test_a_new_key_is_unknown() -> None:
    assert IdempotencyStore().find(KEY, b"body", now=100.0) is None


def test_a_repeat_is_given_the_first_outcome_until_the_window_ends() -> None:
    store = kept(IdempotencyStore())
    assert store.find(KEY, b"body", now=100.0) == FIRST
    assert store.find(KEY, b"body", now=699.9) == FIRST
    assert store.find(KEY, b"body", now=700.0) is None
    assert len(store) == 0


def test_another_body_under_the_same_key_is_refused() -> None:
    store = kept(IdempotencyStore())
    with pytest.raises(DomainError, match="'k' came with another body") as caught:
        store.find(KEY, b"other", now=100.0)
    assert caught.value.status == 400
    assert store.find(KEY, b"body", now=100.0) == FIRST


def test_after_the_window_the_key_may_come_with_another_body() -> None:
    assert kept(IdempotencyStore()).find(KEY, b"other", now=700.0) is None


@pytest.mark.parametrize("field", ["token_id", "operation", "path", "value"])
def test_a_key_belongs_to_its_token_operation_and_path(field: str) -> None:
    other = msgspec.structs.replace(KEY, **{field: "other"})
    assert kept(IdempotencyStore()).find(other, b"body", now=100.0) is None


def test_the_oldest_is_forgotten_when_the_store_is_full() -> None:
    store = IdempotencyStore(capacity=2)
    keys = [msgspec.structs.replace(KEY, value=str(number)) for number in range(3)]
    for key in keys:
        store.keep(key, b"", FIRST, now=0.0, window_s=600.0)
    assert len(store) == 2
    assert [store.find(key, b"", now=0.0) for key in keys] == [None, FIRST, FIRST]
