"""Chance from a seed: repeatable, and each stream for itself."""

import base64
import hmac
import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.entropy import Entropy


def test_two_of_one_seed_draw_the_same() -> None:
    one, two = Entropy(5), Entropy(5)
    for _ in range(3):
        assert one.id("device") == two.id("device")
        assert one.secret("token") == two.secret("token")
        assert one.uniform("delay", 0.0, 1.0) == two.uniform("delay", 0.0, 1.0)


def test_drawing_more_of_one_kind_changes_no_other() -> None:
    one, two = Entropy(5), Entropy(5)
    for _ in range(10):
        one.id("user")
        one.secret("device")
        one.uniform("device", 0.0, 1.0)
    assert one.id("device") == two.id("device")


def test_all_draws_differ() -> None:
    drawn = [
        draw
        for seed in range(20)
        for entropy in (Entropy(seed),)
        for _ in range(20)
        for draw in (entropy.id("a"), entropy.id("b"), entropy.secret("a"), entropy.secret("b"))
    ]
    assert len(set(drawn)) == len(drawn)


def test_an_id_looks_like_a_uuid() -> None:
    for number in range(50):
        drawn = Entropy(number).id("device")
        assert UUID(drawn).version == 4
        assert str(UUID(drawn)) == drawn


def test_a_secret_is_43_characters_of_base64url() -> None:
    for number in range(50):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", Entropy(number).secret("token"))


@given(st.integers(), st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_a_number_lies_within_its_bounds(seed: int, low: float, width: float) -> None:
    assert low <= Entropy(seed).uniform("delay", low, low + width) <= low + width


def test_numbers_are_spread_evenly() -> None:
    entropy = Entropy(1)
    drawn = [entropy.uniform("delay", 0.0, 1.0) for _ in range(2000)]
    tenths = [sum(1 for each in drawn if int(each * 10) == tenth) for tenth in range(10)]
    assert min(tenths) > 150
    assert max(tenths) < 250


def test_one_that_goes_on_after_another_repeats_nothing_of_it() -> None:
    before, after = Entropy(5), Entropy(5)
    drawn = [before.id("device") for _ in range(3)]
    declared = [after.id("user"), after.id("user")]
    after.go_on_after(before)
    assert [after.id("device") for _ in range(3)] == NEXT
    assert not set(drawn) & set(NEXT)
    assert after.id("user") not in declared
    assert [before.number("epoch"), before.number("epoch")] == [1, 2]
    after.go_on_after(before)
    assert after.number("epoch") == 3


NEXT = [each for n, each in enumerate(map(Entropy(5).id, ["device"] * 6)) if n >= 3]


def test_it_goes_on_from_where_counters_stood() -> None:
    first = Entropy(5)
    ids = [first.id("device") for _ in range(3)]
    again = Entropy(5)
    again.go_on_from(dict(first.drawn))
    assert again.id("device") not in ids
    again.go_on_from({"id:device": 1})
    assert again.drawn["id:device"] == 4


def test_it_draws_what_hmac_draws() -> None:
    drawn = Entropy(7).secret("token")
    wanted = hmac.digest(b"offhook:7", b"secret:token:0", "sha256")
    assert drawn == base64.urlsafe_b64encode(wanted).rstrip(b"=").decode()
    long = 10**100
    wanted = hmac.digest(f"offhook:{long}".encode(), b"secret:token:0", "sha256")
    assert Entropy(long).secret("token") == base64.urlsafe_b64encode(wanted).rstrip(b"=").decode()
