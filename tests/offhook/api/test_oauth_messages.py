"""OAuth's messages, field by field."""

import json

import msgspec

from offhook.api.oauth_messages import error_body, introspection_answer, token_answer
from offhook.oauth.errors import ErrorCode, Refused
from offhook.oauth.inputs import Introspection, Issued
from offhook.oauth.tokens import Token

TOKEN = Token(
    id="t1",
    user_id="u1",
    client_id="c1",
    scopes=frozenset({"b", "a"}),
    issued_at=1.5,
    expires_at=61.5,
)


def wire(message: object) -> object:
    return json.loads(msgspec.json.encode(message))


def test_a_success_tells_only_what_there_is() -> None:
    issued = Issued(token=TOKEN, secret="s", expires_in=60)
    assert wire(token_answer(issued)) == {
        "access_token": "s",
        "token_type": "bearer",
        "expires_in": 60,
        "scope": "a b",
    }
    full = Issued(token=TOKEN, secret="s", expires_in=60, refresh_secret="r", warning="Old.")
    answer = wire(token_answer(full))
    assert isinstance(answer, dict)
    assert (answer["refresh_token"], answer["warning"]) == ("r", "Old.")


def test_a_token_without_scopes_has_no_scope_field() -> None:
    # RFC 6749 §3.3: `scope` holds at least one name.
    bare = Issued(
        token=msgspec.structs.replace(TOKEN, scopes=frozenset()), secret="s", expires_in=60
    )
    answer = wire(token_answer(bare))
    assert isinstance(answer, dict)
    assert "scope" not in answer


def test_a_refusal_speaks_by_the_rfcs_name_and_by_the_platforms() -> None:
    refused = Refused(error=ErrorCode.INVALID_GRANT, description="No such code.")
    assert wire(error_body(refused)) == {
        "error": "invalid_grant",
        "error_description": "No such code.",
        "description": "No such code.",
    }


def test_introspection_of_what_is_not_active_says_no_more() -> None:
    assert wire(introspection_answer(None, issuer="http://x")) == {"active": False}


def test_introspection_tells_whole_seconds_and_who_it_is() -> None:
    found = Introspection(
        token_id="t1",
        client_id="c1",
        user_id="u1",
        username="ada",
        scopes=frozenset({"b", "a"}),
        issued_at=1.5,
        expires_at=61.5,
        refresh=False,
    )
    assert wire(introspection_answer(found, issuer="http://x")) == {
        "active": True,
        "scope": "a b",
        "client_id": "c1",
        "username": "ada",
        "token_type": "bearer",
        "exp": 61,
        "iat": 1,
        "sub": "u1",
        "iss": "http://x",
        "jti": "t1",
    }


def test_a_service_token_is_its_own_subject_and_a_refresh_token_has_no_type() -> None:
    found = Introspection(
        token_id="t1",
        client_id="c1",
        user_id=None,
        username=None,
        scopes=frozenset(),
        issued_at=0.0,
        expires_at=1.0,
        refresh=True,
    )
    answer = wire(introspection_answer(found, issuer="http://x"))
    assert isinstance(answer, dict)
    assert answer["sub"] == "c1"
    assert not {"username", "token_type", "scope"} & answer.keys()
