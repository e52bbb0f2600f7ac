"""Rotation, reuse and the grace, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.oauth.errors import ErrorCode
from offhook.oauth.inputs import Issued
from offhook.oauth.tokens import RevokedBecause
from offhook.settings import SCOPES

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

PUBLIC = "offhook-desktop"


def secret_of(issued: Issued) -> str:
    assert issued.refresh_secret is not None
    return issued.refresh_secret


def test_a_refresh_gives_another_pair_and_leaves_the_old_access_token_good(desk: Desk) -> None:
    first = desk.logged_in()
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    assert second.secret != first.secret
    assert second.refresh_secret != first.refresh_secret
    assert second.token.user_id == first.token.user_id
    assert desk.good(first)
    assert desk.good(second)


def test_the_scope_may_be_narrower_and_the_next_refresh_has_all_of_it_again(desk: Desk) -> None:
    narrow = desk.issued(PUBLIC, **desk.refresh(secret_of(desk.logged_in()), scope="user:read"))
    assert narrow.token.scopes == {"user:read"}
    assert desk.issued(PUBLIC, **desk.refresh(secret_of(narrow))).token.scopes == SCOPES


def test_the_scope_may_not_be_wider_and_asking_for_it_costs_nothing(desk: Desk) -> None:
    issued = desk.issued(PUBLIC, **desk.exchange(desk.code(scope="user:read")))
    wide = desk.refused(PUBLIC, **desk.refresh(secret_of(issued), scope="conversation:read"))
    assert wide is ErrorCode.INVALID_SCOPE
    desk.issued(PUBLIC, **desk.refresh(secret_of(issued)))


def test_a_refresh_token_is_bound_to_its_client_and_another_cannot_spoil_it(desk: Desk) -> None:
    secret = secret_of(desk.logged_in())
    assert desk.refused("other", **desk.refresh(secret)) is ErrorCode.INVALID_GRANT
    desk.issued(PUBLIC, **desk.refresh(secret))


def test_an_unknown_one_is_an_invalid_grant_and_a_missing_one_an_invalid_request(
    desk: Desk,
) -> None:
    assert desk.refused(PUBLIC, **desk.refresh("guess")) is ErrorCode.INVALID_GRANT
    assert desk.refused(PUBLIC, grant_type="refresh_token") is ErrorCode.INVALID_REQUEST


def test_a_refresh_token_expires(desk: Desk) -> None:
    desk.set(refresh_token_ttl_s=100.0)
    first, second = desk.logged_in(), desk.logged_in()
    desk.now += 99.999
    desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    desk.now += 0.001
    assert desk.refused(PUBLIC, **desk.refresh(secret_of(second))) is ErrorCode.INVALID_GRANT


def test_the_replay_of_a_replaced_one_revokes_the_whole_family(desk: Desk) -> None:
    first = desk.logged_in()
    stranger = desk.logged_in()
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    assert desk.refused(PUBLIC, **desk.refresh(secret_of(first))) is ErrorCode.INVALID_GRANT
    assert not desk.good(first)
    assert not desk.good(second)
    token = desk.server.token(second.secret)
    assert token is not None
    assert token.revoked_because is RevokedBecause.REFRESH_REUSE
    assert desk.refused(PUBLIC, **desk.refresh(secret_of(second))) is ErrorCode.INVALID_GRANT
    assert desk.good(stranger)


def test_a_replay_revokes_after_its_expiry_too(desk: Desk) -> None:
    desk.set(refresh_token_ttl_s=100.0)
    first = desk.logged_in()
    desk.now += 90
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    desk.now += 20
    desk.refused(PUBLIC, **desk.refresh(secret_of(first)))
    assert not desk.good(second)


def test_in_the_grace_a_replay_is_answered_with_the_same_successor(desk: Desk) -> None:
    desk.set(refresh_grace_s=10.0)
    first = desk.logged_in()
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    desk.now += 9.999
    again = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    assert again.refresh_secret == second.refresh_secret
    assert again.secret != second.secret
    assert desk.good(second)
    assert desk.good(again)


def test_the_grace_ends_with_its_time(desk: Desk) -> None:
    desk.set(refresh_grace_s=10.0)
    first = desk.logged_in()
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    desk.now += 10
    assert desk.refused(PUBLIC, **desk.refresh(secret_of(first))) is ErrorCode.INVALID_GRANT
    assert not desk.good(second)


def test_the_grace_ends_when_the_successor_is_used(desk: Desk) -> None:
    desk.set(refresh_grace_s=10.0)
    first = desk.logged_in()
    second = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
    third = desk.issued(PUBLIC, **desk.refresh(secret_of(second)))
    assert desk.refused(PUBLIC, **desk.refresh(secret_of(first))) is ErrorCode.INVALID_GRANT
    assert not desk.good(third)


@pytest.mark.parametrize("times", [1, 3])
def test_without_rotation_the_same_one_works_again_and_again(desk: Desk, times: int) -> None:
    desk.set(refresh_rotation=False)
    first = desk.logged_in()
    for _ in range(times):
        issued = desk.issued(PUBLIC, **desk.refresh(secret_of(first)))
        assert issued.refresh_secret == first.refresh_secret
