"""What the Python SDK does with a token that is no longer good: observed, not wished."""

import json
from collections.abc import Callable
from types import ModuleType

import pytest
from tests.sdk.control import Control
from tests.sdk.python_bench import CLIENT_ID, CLIENT_SECRET, REDIRECT, SEEN, Desktop, authorize

from offhook.threaded import ThreadedServer

Make = Callable[..., Desktop]


@pytest.fixture
def logged_in(server: ThreadedServer, desktop: Make) -> Desktop:
    """A client with a refresh token, which the confidential code grant alone gives it."""
    made = desktop()
    code = authorize(server.url, client_id=CLIENT_ID)["code"]
    made.client.get_code_authorization_token(CLIENT_ID, CLIENT_SECRET, code, REDIRECT)
    return made


def test_a_401_without_a_refresh_token_is_raised(desktop: Make, python_sdk: ModuleType) -> None:
    """`ApiException` with status 401."""
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        desktop("unknown").api("UsersApi").get_users_me()
    assert refused.value.status == 401, SEEN
    assert json.loads(refused.value.body)["code"] == "bad.credentials"


def test_an_expired_token_is_refreshed_and_the_call_repeated_unseen(
    logged_in: Desktop, control: Control
) -> None:
    """With a refresh token, which the confidential code grant gives."""
    first = logged_in.client.access_token
    control.expire_tokens()
    assert logged_in.api("UsersApi").get_users_me().id
    assert control.statuses("getUsersMe") == [401, 200], SEEN
    assert logged_in.client.access_token != first


def test_a_refresh_that_does_not_help_is_repeated_without_limit(
    logged_in: Desktop, control: Control
) -> None:
    """The test ends it by taking the fault away after forty rounds."""
    refusals = 40
    logins = len(control.statuses("postOauthToken"))
    control.fault("getUsersMe", kind="reply", status=401, times=refusals)
    assert logged_in.api("UsersApi").get_users_me().id
    assert control.statuses("getUsersMe") == [401] * refusals + [200], SEEN
    assert len(control.statuses("postOauthToken")) - logins == refusals, SEEN


def test_a_refused_refresh_is_raised_instead_of_the_401(
    logged_in: Desktop, control: Control, python_sdk: ModuleType
) -> None:
    """The caller of users/me sees status 400 and the body of OAuth."""
    control.fault("getUsersMe", kind="reply", status=401)
    control.fault("postOauthToken", kind="reply", status=400, body={"error": "invalid_grant"})
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        logged_in.api("UsersApi").get_users_me()
    assert (refused.value.status, json.loads(refused.value.body)) == (
        400,
        {"error": "invalid_grant"},
    ), SEEN
