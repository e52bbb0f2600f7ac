"""The authorization server's door, its mint, its clock, revocation and introspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.domain.errors import DomainError
from offhook.oauth.errors import ErrorCode, Refused
from offhook.oauth.inputs import (
    ExpireToken,
    Introspection,
    MintToken,
    Presented,
    RequestToken,
    RevokeToken,
    RevokeUser,
)
from offhook.oauth.parameters import Parameters
from offhook.oauth.tokens import RevokedBecause, TokenEnded, TokenStatus
from offhook.settings import SCOPES

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

PUBLIC = "offhook-desktop"


def test_the_mint_makes_a_token_for_a_user(desk: Desk) -> None:
    minted = desk.server.receive(MintToken(user="second@example.com"), now=desk.now)
    second = desk.users.find("second")
    assert second is not None
    assert minted.token.user_id == second.id
    assert minted.token.client_id == PUBLIC
    assert minted.token.scopes == SCOPES
    assert minted.token.expires_at == desk.now + desk.policies.access_token_ttl_s
    assert desk.server.token(minted.secret) == minted.token
    assert desk.server.token_by_id(minted.token.id) == minted.token
    assert desk.server.tokens() == (minted.token,)


@pytest.mark.parametrize(
    "text",
    ["@", "Bearer @", "@ and @", "é@é", "\ud800@\udfff", '{"token":"@"}', "?a=1&b=@&c=2", "\n@\0"],
)
def test_a_secret_is_hidden_wherever_it_stands(desk: Desk, text: str) -> None:
    secret = desk.server.receive(MintToken(user="agent"), now=desk.now).secret
    assert desk.server.hide(text.replace("@", secret)) == text.replace("@", "[redacted]")


@pytest.mark.parametrize("text", ["", "é", "\ud800", "@-", "a@", "@@", f"{'a' * 43} {'_' * 200}"])
def test_what_is_no_secret_of_this_org_is_left_as_it_is(desk: Desk, text: str) -> None:
    secret = desk.server.receive(MintToken(user="agent"), now=desk.now).secret
    told = text.replace("@", secret)
    assert desk.server.hide(told) == told
    assert desk.server.hide(secret[::-1]) == secret[::-1]


def test_the_mint_does_what_it_is_told(desk: Desk) -> None:
    item = MintToken(user=None, client_id="narrow", scopes=frozenset({"x"}), ttl_s=2.5)
    token = desk.server.receive(item, now=desk.now).token
    assert (token.user_id, token.client_id, token.scopes) == (None, "narrow", frozenset({"x"}))
    assert token.expires_at == desk.now + 2.5


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (MintToken(user="nobody"), "no user of the id, username or email nobody"),
        (MintToken(user="agent", client_id="nobody"), "no OAuth client nobody"),
        (MintToken(user="agent", ttl_s=-1.0), "ttl_s is -1.0"),
        (MintToken(user="agent", ttl_s=float("nan")), "ttl_s is nan"),
        (MintToken(user="agent", ttl_s=1e9), "ttl_s is 1000000000.0"),
    ],
)
def test_the_mint_refuses_what_makes_no_sense(desk: Desk, item: MintToken, problem: str) -> None:
    with pytest.raises(DomainError, match=problem) as caught:
        desk.server.receive(item, now=desk.now)
    assert caught.value.status == 400
    assert desk.server.tokens() == ()


def test_control_revokes_and_expires_by_public_id(desk: Desk) -> None:
    revoked, expired = desk.logged_in(), desk.logged_in()
    desk.server.receive(RevokeToken(token_id=revoked.token.id), now=desk.now)
    desk.server.receive(ExpireToken(token_id=expired.token.id), now=desk.now)
    assert desk.server.take_ended() == [
        TokenEnded(token_id=revoked.token.id, why=TokenStatus.REVOKED),
        TokenEnded(token_id=expired.token.id, why=TokenStatus.EXPIRED),
    ]
    told = desk.server.token_by_id(revoked.token.id)
    assert told is not None
    assert told.revoked_because is RevokedBecause.CONTROL


def test_a_users_tokens_are_revoked_together_and_the_reason_is_kept(desk: Desk) -> None:
    tokens = [desk.logged_in().token for _ in range(2)]
    user_id = tokens[0].user_id
    assert user_id is not None
    desk.server.receive(RevokeUser(user_id=user_id), now=desk.now)
    assert {ended.token_id for ended in desk.server.take_ended()} == {each.id for each in tokens}
    for each in tokens:
        told = desk.server.token_by_id(each.id)
        assert told is not None
        assert told.revoked_because is RevokedBecause.DELETED


@pytest.mark.parametrize("item", [ExpireToken(token_id="?"), RevokeToken(token_id="?")])
def test_control_is_told_of_an_unknown_token(desk: Desk, item: ExpireToken | RevokeToken) -> None:
    with pytest.raises(DomainError, match="no access token of the id") as caught:
        desk.server.receive(item, now=desk.now)
    assert caught.value.status == 404


def test_tokens_end_when_their_time_has_come(desk: Desk) -> None:
    minted = desk.server.receive(MintToken(user="agent", ttl_s=30.0), now=desk.now)
    assert desk.server.next_deadline() == 1_030.0
    desk.server.handle_timer(now=1_030.0)
    assert desk.server.next_deadline() is None
    assert [end.token_id for end in desk.server.take_ended()] == [minted.token.id]
    kept = desk.server.token(minted.secret)
    assert kept is not None
    assert kept.status(now=1_030.0) is TokenStatus.EXPIRED


def test_an_end_that_is_due_is_told_before_the_input_that_comes_later(desk: Desk) -> None:
    minted = desk.server.receive(MintToken(user="agent", ttl_s=30.0), now=desk.now)
    desk.server.receive(RevokeToken(token_id=minted.token.id), now=1_030.0)
    assert desk.server.take_ended() == [
        TokenEnded(token_id=minted.token.id, why=TokenStatus.EXPIRED)
    ]


def test_an_unknown_grant_and_a_missing_one_are_told_apart(desk: Desk) -> None:
    saml = "urn:ietf:params:oauth:grant-type:saml2-bearer"
    assert desk.refused("other", grant_type=saml) is ErrorCode.UNSUPPORTED_GRANT_TYPE
    assert desk.refused("other", grant_type="implicit") is ErrorCode.UNSUPPORTED_GRANT_TYPE
    assert desk.refused("other") is ErrorCode.INVALID_REQUEST
    refused = desk.refused("narrow", grant_type="refresh_token", refresh_token="x")
    assert refused is ErrorCode.UNAUTHORIZED_CLIENT


def test_the_client_is_looked_at_before_its_grant(desk: Desk) -> None:
    item = RequestToken(
        parameters=Parameters({"grant_type": "nonsense"}),
        presented=Presented(client_id="other", secret="wrong", by_header=True),
    )
    answer = desk.server.receive(item, now=desk.now)
    assert isinstance(answer, Refused)
    assert (answer.error, answer.challenge) == (ErrorCode.INVALID_CLIENT, True)


def test_revoking_an_access_token_ends_it_alone(desk: Desk) -> None:
    issued = desk.logged_in()
    assert desk.revoke(PUBLIC, issued.secret) is None
    assert not desk.good(issued)
    assert issued.refresh_secret is not None
    desk.issued(PUBLIC, **desk.refresh(issued.refresh_secret))


def test_revoking_a_refresh_token_ends_its_family(desk: Desk) -> None:
    issued = desk.logged_in()
    assert issued.refresh_secret is not None
    assert desk.revoke(PUBLIC, issued.refresh_secret) is None
    assert not desk.good(issued)
    assert desk.refused(PUBLIC, **desk.refresh(issued.refresh_secret)) is ErrorCode.INVALID_GRANT
    assert [end.why for end in desk.server.take_ended()] == [TokenStatus.REVOKED]


def test_revoking_an_unknown_token_is_no_error(desk: Desk) -> None:
    assert desk.revoke(PUBLIC, "guess") is None


def test_a_client_cannot_revoke_the_token_of_another(desk: Desk) -> None:
    issued = desk.logged_in()
    for secret in (issued.secret, issued.refresh_secret):
        refused = desk.revoke("other", secret or "")
        assert refused is not None
        assert refused.error is ErrorCode.INVALID_GRANT
    assert desk.good(issued)


def test_introspection_tells_what_a_good_token_stands_for(desk: Desk) -> None:
    issued = desk.logged_in()
    assert desk.introspect("offhook-server", issued.secret) == Introspection(
        token_id=issued.token.id,
        client_id=PUBLIC,
        user_id=issued.token.user_id,
        username="agent",
        scopes=SCOPES,
        issued_at=desk.now,
        expires_at=desk.now + 86_400.0,
        refresh=False,
    )
    refresh = desk.introspect("offhook-server", issued.refresh_secret or "")
    assert isinstance(refresh, Introspection)
    assert refresh.refresh
    assert refresh.expires_at == desk.now + 2_592_000.0


def test_introspection_tells_nothing_of_a_token_that_is_not_good(desk: Desk) -> None:
    revoked, expired, replaced = desk.logged_in(), desk.logged_in(), desk.logged_in()
    desk.revoke(PUBLIC, revoked.secret)
    desk.server.receive(ExpireToken(token_id=expired.token.id), now=desk.now)
    assert replaced.refresh_secret is not None
    desk.issued(PUBLIC, **desk.refresh(replaced.refresh_secret))
    for secret in ("guess", revoked.secret, expired.secret, replaced.refresh_secret):
        assert desk.introspect("offhook-server", secret) is None


def test_only_a_client_with_a_secret_may_introspect(desk: Desk) -> None:
    answer = desk.introspect(PUBLIC, desk.logged_in().secret)
    assert isinstance(answer, Refused)
    assert answer.error is ErrorCode.INVALID_CLIENT


def test_two_servers_of_one_seed_give_out_the_same_secrets(desk: Desk) -> None:
    again = type(desk)()
    assert desk.logged_in() == again.logged_in()
