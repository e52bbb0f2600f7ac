"""Codes, their proofs, their single use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.oauth.errors import ErrorCode
from offhook.oauth.pkce import challenge_of
from offhook.oauth.tokens import RevokedBecause
from offhook.settings import SCOPES

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

PUBLIC = "offhook-desktop"


def test_a_code_becomes_an_access_and_a_refresh_token_of_the_user(desk: Desk) -> None:
    issued = desk.issued(PUBLIC, **desk.exchange(desk.code(login_hint="second")))
    second = desk.users.find("second")
    assert second is not None
    assert issued.token.user_id == second.id
    assert issued.token.client_id == PUBLIC
    assert issued.token.scopes == SCOPES
    assert issued.expires_in == 86_400
    assert issued.refresh_secret is not None
    assert desk.good(issued)


def test_a_confidential_client_needs_no_pkce_and_always_gets_a_refresh_token(desk: Desk) -> None:
    code = desk.code(client_id="offhook-server", code_challenge=None, code_challenge_method=None)
    issued = desk.issued(
        "offhook-server", grant_type="authorization_code", code=code, redirect_uri=desk.back
    )
    assert issued.refresh_secret is not None


@pytest.mark.parametrize("length", [43, 128])
def test_verifiers_of_the_shortest_and_the_longest_length_work(desk: Desk, length: int) -> None:
    verifier = "v" * length
    code = desk.code(code_challenge=challenge_of(verifier))
    desk.issued(PUBLIC, **desk.exchange(code, code_verifier=verifier))


def test_a_code_works_once_and_its_reuse_revokes_what_it_gave(desk: Desk) -> None:
    code = desk.code()
    issued = desk.issued(PUBLIC, **desk.exchange(code))
    assert desk.refused(PUBLIC, **desk.exchange(code)) is ErrorCode.INVALID_GRANT
    assert not desk.good(issued)
    token = desk.server.token(issued.secret)
    assert token is not None
    assert token.revoked_because is RevokedBecause.CODE_REUSE
    assert issued.refresh_secret is not None
    refresh = desk.refresh(issued.refresh_secret)
    assert desk.refused(PUBLIC, **refresh) is ErrorCode.INVALID_GRANT


def test_reuse_revokes_after_the_code_has_expired_too(desk: Desk) -> None:
    code = desk.code()
    issued = desk.issued(PUBLIC, **desk.exchange(code))
    desk.now += 3_600
    desk.refused(PUBLIC, **desk.exchange(code))
    assert not desk.good(issued)


def test_a_code_lives_sixty_seconds(desk: Desk) -> None:
    early, late = desk.code(), desk.code()
    desk.now += 59.999
    desk.issued(PUBLIC, **desk.exchange(early))
    desk.now += 0.001
    assert desk.refused(PUBLIC, **desk.exchange(late)) is ErrorCode.INVALID_GRANT


def test_an_unknown_code_is_an_invalid_grant_and_a_missing_one_an_invalid_request(
    desk: Desk,
) -> None:
    assert desk.refused(PUBLIC, **desk.exchange("guess")) is ErrorCode.INVALID_GRANT
    assert desk.refused(PUBLIC, grant_type="authorization_code") is ErrorCode.INVALID_REQUEST


def test_a_code_is_bound_to_its_client_and_another_cannot_spoil_it(desk: Desk) -> None:
    code = desk.code()
    assert desk.refused("other", **desk.exchange(code)) is ErrorCode.INVALID_GRANT
    desk.issued(PUBLIC, **desk.exchange(code))


def test_the_redirect_uri_must_come_again_and_be_the_same(desk: Desk) -> None:
    code = desk.code()
    wrong = desk.exchange(code, redirect_uri="http://127.0.0.1:4001/back")
    assert desk.refused(PUBLIC, **wrong) is ErrorCode.INVALID_GRANT
    missing = desk.exchange(code)
    del missing["redirect_uri"]
    assert desk.refused(PUBLIC, **missing) is ErrorCode.INVALID_REQUEST
    desk.issued(PUBLIC, **desk.exchange(code))


@pytest.mark.parametrize(
    "verifier", ["", "x", "A" * 43], ids=["missing", "too short", "another one"]
)
def test_a_failed_proof_burns_the_code(desk: Desk, verifier: str) -> None:
    code = desk.code()
    attempt = desk.exchange(code, code_verifier=verifier)
    if not verifier:
        del attempt["code_verifier"]
    assert desk.refused(PUBLIC, **attempt) is ErrorCode.INVALID_GRANT
    assert desk.refused(PUBLIC, **desk.exchange(code)) is ErrorCode.INVALID_GRANT


def test_a_verifier_without_a_challenge_is_a_downgrade(desk: Desk) -> None:
    code = desk.code(client_id="offhook-server", code_challenge=None, code_challenge_method=None)
    assert desk.refused("offhook-server", **desk.exchange(code)) is ErrorCode.INVALID_GRANT


def test_plain_works_once_its_policy_allows_it(desk: Desk) -> None:
    plain: dict[str, str | None] = {"code_challenge": desk.verifier, "code_challenge_method": None}
    assert desk.carried(**plain)["error"] == "invalid_request"
    desk.set(allow_plain_pkce=True)
    desk.issued(PUBLIC, **desk.exchange(desk.code(**plain)))


def test_the_token_has_the_scope_that_was_asked_for(desk: Desk) -> None:
    issued = desk.issued(PUBLIC, **desk.exchange(desk.code(scope="user:read")))
    assert issued.token.scopes == {"user:read"}
