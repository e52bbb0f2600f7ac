"""Tokens that act for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook.oauth.errors import ErrorCode
from offhook.settings import SCOPES

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

GRANT = {"grant_type": "client_credentials"}


def test_a_service_token_has_no_user_and_no_refresh_token(desk: Desk) -> None:
    issued = desk.issued("offhook-server", **GRANT)
    assert issued.token.user_id is None
    assert issued.refresh_secret is None
    assert issued.token.scopes == SCOPES
    assert desk.good(issued)


def test_a_public_client_gets_none(desk: Desk) -> None:
    assert desk.refused("offhook-desktop", **GRANT) is ErrorCode.UNAUTHORIZED_CLIENT
    # `registered` may use every grant and is public nevertheless.
    assert desk.refused("registered", **GRANT) is ErrorCode.UNAUTHORIZED_CLIENT


def test_the_scope_is_at_most_the_clients(desk: Desk) -> None:
    assert desk.issued("narrow", **GRANT).token.scopes == {"user:read"}
    wide = desk.refused("narrow", **GRANT, scope="user:read webrtc:client:read")
    assert wide is ErrorCode.INVALID_SCOPE


def test_each_request_gives_another_token(desk: Desk) -> None:
    one, two = desk.issued("offhook-server", **GRANT), desk.issued("offhook-server", **GRANT)
    assert one.secret != two.secret
    assert one.token.id != two.token.id
    assert one.token.family_id != two.token.family_id
