"""The browser's side: `/oauth/authorize`, with and without the login page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

    from offhook.api.exchange import Response

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BACK = "http://localhost:4000/back"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
ASKED = {
    "response_type": "code",
    "client_id": "offhook-desktop",
    "redirect_uri": BACK,
    "state": "af0ifjsldkj",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}
LOGIN = {"username": "second", "password": "second-password", "decision": "allow"}


def get(desk: Desk, accept: str = "text/html,*/*", **changes: str) -> Response:
    query = urlencode(ASKED | changes)
    return desk.ask("GET", "/oauth/authorize", query=query, headers={"Accept": accept})


def post(desk: Desk, form: dict[str, str]) -> Response:
    body = urlencode(form).encode()
    return desk.ask("POST", "/oauth/authorize", body=body, headers=FORM | {"Accept": "text/html"})


def location(answer: Response) -> str:
    return dict(answer.headers)["Location"]


def carried(answer: Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location(answer)).query))


def exchange(desk: Desk, code: str) -> dict[str, str]:
    form = {
        "grant_type": "authorization_code",
        "client_id": "offhook-desktop",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    answer = desk.ask("POST", "/oauth/token", body=urlencode(form).encode(), headers=FORM)
    assert answer.status == 200, answer.body
    tokens = json.loads(answer.body)
    assert isinstance(tokens, dict)
    return tokens


def username(desk: Desk, code: str) -> str:
    headers = {"Authorization": f"Bearer {exchange(desk, code)['access_token']}"}
    answer = desk.ask("GET", "/api/v2/users/me", headers=headers)
    name = json.loads(answer.body)["username"]
    assert isinstance(name, str)
    return name


def test_without_a_page_the_browser_goes_straight_back_with_a_code(desk: Desk) -> None:
    answer = get(desk)
    assert answer.status == 302
    assert location(answer).startswith(f"{BACK}?code=")
    assert carried(answer)["state"] == ASKED["state"]
    assert carried(answer)["iss"] == "http://mock.example"
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    assert username(desk, carried(answer)["code"]) == "agent"
    assert username(desk, carried(get(desk, login_hint="second@example.com"))["code"]) == "second"


def test_a_confidential_client_without_pkce_gets_a_code_too(desk: Desk) -> None:
    query = urlencode(
        {"response_type": "code", "client_id": "offhook-server", "redirect_uri": BACK}
    )
    answer = desk.ask("GET", "/oauth/authorize", query=query)
    assert carried(answer).keys() == {"code", "iss"}


def test_errors_go_back_to_the_client_with_its_state(desk: Desk) -> None:
    answer = get(desk, response_type="magic")
    assert answer.status == 302
    assert carried(answer)["error"] == "unsupported_response_type"
    assert carried(answer)["state"] == ASKED["state"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1@evil.example/"},
    ],
)
def test_a_wrong_client_or_redirect_uri_is_no_redirect_at_all(
    desk: Desk, changes: dict[str, str]
) -> None:
    page = get(desk, **changes)
    assert page.status == 400
    assert dict(page.headers)["Content-Type"] == "text/html; charset=utf-8"
    answer = get(desk, accept="application/json", **changes)
    assert answer.status == 400
    assert json.loads(answer.body)["error"] == "invalid_request"
    for each in (page, answer):
        assert "Location" not in dict(each.headers)


def test_a_query_that_is_not_utf_8_is_a_400(desk: Desk) -> None:
    answer = desk.ask("GET", "/oauth/authorize", query=urlencode(ASKED) + "&x=%ff")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_request")


def test_who_logs_in_on_the_page_gets_the_code(desk: Desk) -> None:
    page = get(desk, prompt="login")
    assert page.status == 200
    assert b"A desktop in the browser" in page.body
    answer = post(desk, ASKED | LOGIN | {"prompt": "login"})
    # 303, so that no browser sends the password on (RFC 9700 §4.12).
    assert answer.status == 303
    assert carried(answer)["state"] == ASKED["state"]
    assert username(desk, carried(answer)["code"]) == "second"


def test_a_wrong_password_shows_the_page_again_without_the_password(desk: Desk) -> None:
    desk.set(login_page=True)
    answer = post(desk, ASKED | LOGIN | {"password": "wrong-password"})
    assert answer.status == 403
    assert b"The username or the password is wrong." in answer.body
    assert b"wrong-password" not in answer.body
    assert b'value="second"' in answer.body


def test_a_password_in_the_query_logs_nobody_in_and_is_not_repeated(desk: Desk) -> None:
    desk.set(login_page=True)
    page = get(desk, **LOGIN)
    assert page.status == 200
    assert b"second-password" not in page.body


def test_who_cancels_is_denied(desk: Desk) -> None:
    answer = post(desk, ASKED | {"username": "", "password": "", "decision": "deny"})
    assert carried(answer)["error"] == "access_denied"


def test_a_posted_request_without_a_login_is_asked_or_answered_by_policy(desk: Desk) -> None:
    assert "code" in carried(post(desk, ASKED))
    desk.set(login_page=True)
    assert post(desk, ASKED).status == 200
    assert post(desk, ASKED | {"username": "", "password": ""}).status == 200


def test_a_repeated_parameter_goes_back_as_an_error_by_both_methods(desk: Desk) -> None:
    text = urlencode(ASKED) + "&scope=user:read&scope=user:read"
    asked = desk.ask("GET", "/oauth/authorize", query=text)
    posted = desk.ask("POST", "/oauth/authorize", body=text.encode(), headers=FORM)
    for answer in (asked, posted):
        assert carried(answer)["error"] == "invalid_request"


def test_the_implicit_grant_answers_in_the_fragment_once_it_is_on(desk: Desk) -> None:
    desk.set(allow_implicit_grant=True)
    url = location(get(desk, response_type="token"))
    fragment = dict(parse_qsl(urlsplit(url).fragment))
    assert not urlsplit(url).query
    assert {"access_token", "token_type", "expires_in", "scope", "state"} <= fragment.keys()
    headers = {"Authorization": f"Bearer {fragment['access_token']}"}
    assert desk.ask("GET", "/api/v2/users/me", headers=headers).status == 200
