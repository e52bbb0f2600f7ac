"""Tokens that expire: those of one user, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook.oauth.tokens import TokenStatus
from offhook_scenarios.plan.plan import Expire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


def test_the_tokens_of_one_user_expire_and_the_client_gets_a_new_one(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand(desks=2)
    server = hand.ground.server

    def active() -> list[str | None]:
        now = server.clock.now()
        tokens = server.org.oauth.tokens()
        return [t.user_id for t in tokens if t.status(now=now) is TokenStatus.ACTIVE]

    both = active()
    first = hand.do(Expire(at_s=0))
    assert first.bites == 1
    assert active() == both[1:]
    assert hand.do(Expire(at_s=0)).bites == 0, "there is none left"
    hand.wait(30)
    assert sorted(map(str, active())) == sorted(map(str, both))
