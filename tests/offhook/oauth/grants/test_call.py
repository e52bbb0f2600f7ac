"""How a grant gives out tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.domain.entropy import Entropy
from offhook.oauth.grants.call import GrantCall
from offhook.oauth.ledger import Ledger
from offhook.oauth.parameters import Parameters
from offhook.policies import Policies
from offhook.settings import ClientSettings, Grant

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

ONLY_CODE = frozenset({Grant.AUTHORIZATION_CODE})


@pytest.mark.parametrize(
    ("secret", "grants", "refreshable"),
    [
        ("s3cret", frozenset(Grant), True),
        ("s3cret", ONLY_CODE, True),
        (None, frozenset(Grant), True),
        (None, ONLY_CODE, False),
    ],
)
def test_only_a_public_client_that_cannot_refresh_gets_no_refresh_token(
    desk: Desk, secret: str | None, grants: frozenset[Grant], *, refreshable: bool
) -> None:
    policies = Policies(access_token_ttl_s=90.5)
    ledger = Ledger(policies=lambda: policies, entropy=Entropy(1))
    call = GrantCall(
        client=ClientSettings(id="c", secret=secret, grants=grants),
        parameters=Parameters({}),
        ledger=ledger,
        users=desk.users,
        policies=policies,
        now=5.0,
    )
    family = ledger.open_family(client_id="c", user_id="u", scopes=frozenset({"a", "b"}))
    issued = call.issue_refreshable(family)
    assert (issued.refresh_secret is not None) is refreshable
    # Never longer than the token lives, in whole seconds.
    assert issued.expires_in == 90
    assert issued.token.expires_at == 95.5
    assert call.issue(family, scopes=frozenset({"a"})).token.scopes == {"a"}
