"""The deprecated grant behind its switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.oauth.errors import ErrorCode, Refused

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

GRANT = {"grant_type": "password", "username": "agent@example.com", "password": "agent-password"}


def test_the_grant_is_off_until_its_policy_switches_it_on(desk: Desk) -> None:
    answer = desk.token("offhook-server", **GRANT)
    assert isinstance(answer, Refused)
    assert answer.error is ErrorCode.UNAUTHORIZED_CLIENT
    assert "allow_password_grant" in answer.description


def test_a_right_password_gives_tokens_and_a_warning(desk: Desk) -> None:
    desk.set(allow_password_grant=True)
    issued = desk.issued("offhook-server", **GRANT)
    assert issued.token.user_id == desk.users.default().id
    assert issued.refresh_secret is not None
    assert issued.warning is not None
    assert "deprecated" in issued.warning


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"username": "nobody"}])
def test_a_wrong_one_is_an_invalid_grant(desk: Desk, change: dict[str, str]) -> None:
    desk.set(allow_password_grant=True)
    assert desk.refused("offhook-server", **(GRANT | change)) is ErrorCode.INVALID_GRANT


@pytest.mark.parametrize("name", ["username", "password"])
def test_a_missing_one_is_an_invalid_request(desk: Desk, name: str) -> None:
    desk.set(allow_password_grant=True)
    given = {key: value for key, value in GRANT.items() if key != name}
    assert desk.refused("offhook-server", **given) is ErrorCode.INVALID_REQUEST


def test_a_client_without_the_grant_may_not_use_it(desk: Desk) -> None:
    desk.set(allow_password_grant=True)
    assert desk.refused("narrow", **GRANT) is ErrorCode.UNAUTHORIZED_CLIENT
