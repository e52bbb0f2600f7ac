"""The law of rotation, whatever a client does: one live refresh token, and replay kills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offhook.oauth.errors import Refused
from offhook.oauth.inputs import Issued
from offhook.oauth.tokens import TokenStatus

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

PUBLIC = "offhook-desktop"
GRACE_S = 10.0

STEPS = st.lists(
    st.one_of(
        # Present the n-th refresh token that was ever given out, the newest being 0.
        st.tuples(st.just("refresh"), st.integers(min_value=0, max_value=4)),
        st.tuples(st.just("wait"), st.sampled_from([0.5, 9.5, 10.0, 40.0])),
    ),
    max_size=12,
)


def live(desk: Desk, secrets: list[str]) -> list[str]:
    ledger = desk.server._ledger
    found = (ledger.refresh(secret) for secret in secrets)
    return [
        refresh.secret
        for refresh in found
        if refresh is not None
        and ledger.refresh_status(refresh, now=desk.now) is TokenStatus.ACTIVE
    ]


class Model:
    """One family as a few lines: who replaced whom and when, and whether it is dead."""

    def __init__(self, first: str, grace_s: float) -> None:
        self.chain = [first]
        self.replaced_at: list[float] = []
        self.grace_s = grace_s
        self.dead = False

    def refresh(self, secret: str, now: float) -> str | None:
        """What should be answered: `new`, the successor's secret, or None for a refusal."""
        index = self.chain.index(secret)
        if self.dead:
            return None
        if index == len(self.chain) - 1:
            return "new"
        in_grace = now < self.replaced_at[index] + self.grace_s
        if in_grace and index == len(self.chain) - 2:
            return self.chain[index + 1]
        self.dead = True
        return None


@pytest.mark.parametrize("grace_s", [0.0, GRACE_S])
@given(steps=STEPS)
@settings(max_examples=150, deadline=None)
def test_a_family_has_one_live_refresh_token_and_a_replay_kills_it(
    make_desk: Any, grace_s: float, steps: list[tuple[str, Any]]
) -> None:
    desk: Desk = make_desk()
    desk.set(refresh_grace_s=grace_s)
    given_out = [desk.logged_in()]
    bystander = desk.logged_in()
    model = Model(given_out[0].refresh_secret or "", grace_s)
    for step, value in steps:
        if step == "wait":
            desk.now += value
            continue
        secret = model.chain[-1 - min(value, len(model.chain) - 1)]
        expected = model.refresh(secret, desk.now)
        answer = desk.token(PUBLIC, **desk.refresh(secret))
        if expected is None:
            assert isinstance(answer, Refused)
        else:
            assert isinstance(answer, Issued)
            assert answer.refresh_secret is not None
            given_out.append(answer)
            if expected == "new":
                assert answer.refresh_secret not in model.chain
                model.chain.append(answer.refresh_secret)
                model.replaced_at.append(desk.now)
            else:
                assert answer.refresh_secret == expected
        assert live(desk, model.chain) == ([] if model.dead else [model.chain[-1]])
        assert all(desk.good(issued) is not model.dead for issued in given_out)
        assert desk.good(bystander)
