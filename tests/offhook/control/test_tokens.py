"""Tokens without a grant."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.tenancy import Tenancy

Ask = Callable[..., Any]


def test_a_minted_token_is_good_for_its_user_and_time(ask: Ask, tenancy: Tenancy) -> None:
    body = {"user": "second@example.com", "scopes": ["user:read"], "ttlS": 60}
    minted = ask("POST", "/tokens", body, status=201)
    assert set(minted) == {"id", "accessToken", "expiresAt"}
    token = tenancy.org.oauth.token(minted["accessToken"])
    assert token is not None
    assert (token.id, token.scopes) == (minted["id"], frozenset({"user:read"}))
    second = tenancy.org.find_user("second")
    assert second is not None
    assert token.user_id == second.id
    assert minted["expiresAt"] == "2026-01-01T00:01:00.000Z"


def test_a_token_of_nobody_is_a_service_token(ask: Ask, tenancy: Tenancy) -> None:
    minted = ask("POST", "/tokens", {"user": None}, status=201)
    token = tenancy.org.oauth.token_by_id(minted["id"])
    assert token is not None
    assert token.user_id is None


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({}, 400, "user"),
        ({"user": "nobody"}, 404, "agent"),
        ({"user": "agent", "ttlS": -1}, 400, "ttlS"),
        ({"user": "agent", "scopes": "user:read"}, 400, "scopes"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(ask: Ask, body: object, status: int, named: str) -> None:
    assert named in ask("POST", "/tokens", body, status=status)["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/tokens/{}/expire", "expired"), ("DELETE", "/tokens/{}", "revoked")],
)
def test_a_token_ends_as_it_is_told(ask: Ask, method: str, path: str, status: str) -> None:
    token_id = ask("POST", "/tokens", {"user": "agent"}, status=201)["id"]
    ask(method, path.format(token_id), status=204)
    (shown,) = ask("GET", "/state")["tokens"]
    assert (shown["id"], shown["status"]) == (token_id, status)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/tokens/{}/expire"), ("DELETE", "/tokens/{}")]
)
def test_a_token_is_named_by_its_public_id_and_never_by_its_secret(
    ask: Ask, method: str, path: str
) -> None:
    secret = ask("POST", "/tokens", {"user": "agent"}, status=201)["accessToken"]
    ask(method, path.format(secret), status=404)
    ask(method, path.format("nobody"), status=404)
