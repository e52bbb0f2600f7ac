"""Tokens in the fragment, once a policy allows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook.oauth.inputs import Redirect

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

ASKED = {"response_type": "token"}


def test_the_grant_is_off_until_its_policy_switches_it_on(desk: Desk) -> None:
    carried = desk.carried(**ASKED)
    assert carried["error"] == "unauthorized_client"
    assert "allow_implicit_grant" in carried["error_description"]


def test_the_token_travels_in_the_fragment_without_a_refresh_token(desk: Desk) -> None:
    desk.set(allow_implicit_grant=True)
    answer = desk.authorize(**ASKED)
    assert isinstance(answer, Redirect)
    assert answer.url.startswith(f"{desk.back}#access_token=")
    carried = desk.carried(**ASKED, scope="user:read")
    assert carried.keys() == {"access_token", "token_type", "expires_in", "scope", "state", "iss"}
    assert carried["token_type"] == "bearer"
    assert carried["expires_in"] == "86400"
    assert carried["scope"] == "user:read"
    token = desk.server.token(carried["access_token"])
    assert token is not None
    assert token.user_id == desk.users.default().id


def test_errors_travel_in_the_fragment_too(desk: Desk) -> None:
    desk.set(allow_implicit_grant=True)
    answer = desk.authorize(**ASKED, scope="too much")
    assert isinstance(answer, Redirect)
    assert answer.url.startswith(f"{desk.back}#error=invalid_scope")


def test_a_client_without_the_grant_may_not_use_it(desk: Desk) -> None:
    desk.set(allow_implicit_grant=True)
    assert desk.carried(**ASKED, client_id="registered", redirect_uri="http://127.0.0.1/back")
    carried = desk.carried(**ASKED, client_id="narrow")
    assert carried["error"] == "unauthorized_client"
