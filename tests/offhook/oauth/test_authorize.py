"""Who logs in, and where the browser goes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.oauth.errors import ErrorCode, Refused
from offhook.oauth.inputs import AskLogin, Login, Redirect, RequestAuthorization
from offhook.oauth.parameters import Parameters

if TYPE_CHECKING:
    from tests.offhook.oauth.conftest import Desk

GOOD = Login(username="second", password="second-password")


def user_of(desk: Desk, code: str) -> str | None:
    user_id = desk.issued("offhook-desktop", **desk.exchange(code)).token.user_id
    user = desk.users.find(user_id or "")
    return None if user is None else user.username


def test_without_a_page_the_default_user_is_logged_in(desk: Desk) -> None:
    assert user_of(desk, desk.code()) == "agent"


def test_login_hint_says_who_by_id_username_or_email(desk: Desk) -> None:
    second = desk.users.find("second")
    assert second is not None
    for hint in (second.id, second.username, second.email):
        assert user_of(desk, desk.code(login_hint=hint)) == "second"


def test_a_hint_that_is_nobody_is_denied(desk: Desk) -> None:
    assert desk.carried(login_hint="nobody")["error"] == "access_denied"


def test_state_is_echoed_and_the_issuer_named_in_answers_and_in_errors(desk: Desk) -> None:
    for carried in (desk.carried(), desk.carried(scope="too much")):
        assert carried["state"] == "s t&a=te"
        assert carried["iss"] == "http://mock.example"
    assert "state" not in desk.carried(state=None)


def test_the_query_of_a_redirect_uri_is_kept(desk: Desk) -> None:
    answer = desk.authorize(client_id="registered", redirect_uri="https://desk.example/back?a=1")
    assert isinstance(answer, Redirect)
    assert answer.url.startswith("https://desk.example/back?a=1&code=")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"client_id": None}, "client_id is missing"),
        ({"client_id": "nobody"}, "There is no client nobody"),
        ({"redirect_uri": None}, "is not one of client offhook-desktop"),
        ({"redirect_uri": "https://evil.example/"}, "evil.example/ is not one of"),
        ({"client_id": "registered", "redirect_uri": None}, "is not one of client registered"),
    ],
)
def test_a_wrong_client_or_redirect_uri_sends_nobody_anywhere(
    desk: Desk, changes: dict[str, str | None], problem: str
) -> None:
    answer = desk.authorize(**changes)
    assert isinstance(answer, Refused)
    assert answer.error is ErrorCode.INVALID_REQUEST
    assert answer.status == 400
    assert problem in answer.description


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "user:read admin"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"client_id": "narrow"}, "unauthorized_client"),
    ],
)
def test_every_other_error_travels_back_to_the_client(
    desk: Desk, changes: dict[str, str | None], error: str
) -> None:
    carried = desk.carried(**changes)
    assert carried["error"] == error
    assert carried["error_description"]
    assert "code" not in carried


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "scope"])
def test_a_repeated_parameter_is_an_invalid_request(desk: Desk, name: str) -> None:
    text = (
        "response_type=code&client_id=offhook-desktop&redirect_uri=http://127.0.0.1/"
        f"&state=s&scope=user:read&code_challenge={desk.challenge}&code_challenge_method=S256"
    )
    item = RequestAuthorization(
        parameters=Parameters.read(f"{text}&{name}=again"), issuer="http://mock.example"
    )
    answer = desk.server.receive(item, now=0.0)
    if name in {"client_id", "redirect_uri"}:
        assert isinstance(answer, Refused)
        assert answer.error is ErrorCode.INVALID_REQUEST
    else:
        assert isinstance(answer, Redirect)
        assert "error=invalid_request" in answer.url
        assert ("state=s" in answer.url) is (name != "state")


def test_parameters_of_the_platform_are_passed_over(desk: Desk) -> None:
    assert desk.code(org="acme", provider="okta", target="x", prompt="none", unknown="1")


def test_the_page_is_shown_by_policy_or_by_prompt(desk: Desk) -> None:
    shown = desk.authorize(prompt="consent login", login_hint="second")
    assert isinstance(shown, AskLogin)
    assert (shown.client_name, shown.username) == ("A desktop in the browser", "second")
    assert shown.problem is None
    assert shown.parameters.get("code_challenge") == desk.challenge
    desk.set(login_page=True)
    assert isinstance(desk.authorize(), AskLogin)


def test_a_wrong_request_is_refused_before_anybody_logs_in(desk: Desk) -> None:
    desk.set(login_page=True)
    assert desk.carried(scope="too much")["error"] == "invalid_scope"


def test_a_right_password_goes_on(desk: Desk) -> None:
    desk.set(login_page=True)
    assert user_of(desk, desk.carried(GOOD, login_hint="agent")["code"]) == "second"


@pytest.mark.parametrize(
    "login",
    [
        Login(username="second", password="wrong"),
        Login(username="nobody", password="second-password"),
        Login(username="", password=""),
    ],
)
def test_a_wrong_password_asks_again_and_keeps_the_name(desk: Desk, login: Login) -> None:
    again = desk.authorize(login)
    assert isinstance(again, AskLogin)
    assert again.username == login.username
    assert again.problem == "The username or the password is wrong."


def test_who_cancels_is_denied(desk: Desk) -> None:
    denied = Login(username="", password="", denied=True)
    assert desk.carried(denied)["error"] == "access_denied"
