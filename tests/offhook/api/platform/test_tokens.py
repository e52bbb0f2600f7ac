"""Tokens: what one stands for, and how it is given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.oauth.tokens import RevokedBecause
from offhook.settings import DEFAULT, SCOPES

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

ME = "/api/v2/tokens/me"


@pytest.mark.parametrize("user", ["agent", None])
def test_a_token_tells_its_org_its_client_and_its_scopes(
    platform: Platform, user: str | None
) -> None:
    token = platform.get(ME, user=user)
    home = {"id": platform.directory.organization.id, "name": "Offhook"}
    assert token["organization"] == token["homeOrganization"] == home
    assert token["OAuthClient"]["id"] == DEFAULT.clients[0].id
    assert token["OAuthClient"]["organization"] == home
    assert set(token["authorizedScope"]) == SCOPES


def test_head_tells_whether_a_token_is_good(platform: Platform) -> None:
    assert platform.ask(f"HEAD {ME}") == (200, None)
    assert platform.ask(f"DELETE {ME}") == (200, None)
    assert platform.ask(f"HEAD {ME}")[0] == 401


def test_a_deleted_token_is_bad_credentials_and_says_why(platform: Platform) -> None:
    platform.ask(f"DELETE {ME}")
    assert platform.refused(f"GET {ME}") == (401, "bad.credentials")
    (token,) = platform.desk.tenancy.org.oauth.tokens()
    assert token.revoked_because is RevokedBecause.DELETED


@pytest.mark.parametrize("by", ["agent", None])
def test_all_tokens_of_a_user_are_deleted_and_no_others(platform: Platform, by: str | None) -> None:
    another = platform.desk.bearer("agent")
    for user in ("agent", "second"):
        platform.bearer(user)
    assert platform.ask(f"DELETE /api/v2/tokens/{platform.id()}", user=by) == (200, None)
    assert platform.ask(f"HEAD {ME}")[0] == 401
    headers = {"Authorization": another}
    assert platform.desk.ask("GET", ME, headers=headers).status == 401
    assert platform.ask(f"HEAD {ME}", user="second")[0] == 200


def test_another_users_tokens_are_not_to_be_touched(platform: Platform) -> None:
    place = f"DELETE /api/v2/tokens/{platform.id('second')}"
    assert platform.refused(place) == (403, "not.authorized")
    assert platform.refused("DELETE /api/v2/tokens/nobody") == (404, "not.found")
