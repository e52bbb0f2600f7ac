"""Who the user is, and which calls there are."""

from typing import Any

import pytest

from offhook_client.errors import RefusedError, UnreachableError
from offhook_client.platform.user import CALLS, User
from offhook_client.tokens import GivenToken

ME = "/api/v2/users/me"
LIST = "/api/v2/conversations/calls"
ONE = (
    b'{"entities": [{"id": "c", "participants": [{"id": "p", "state": "connected", "muted": true,'
    b' "user": {"id": "u"}}]}, {"id": "not ours"}]}'
)


@pytest.fixture
async def user(scripted: Any, login: Any) -> User:
    account = login(scripted, GivenToken(access_token="given"))
    await account.start()
    return User(account.caller)


async def test_the_user_is_found_and_then_the_users_calls(user: User, scripted: Any) -> None:
    scripted.says(ME, body=b'{"id": "u", "name": "Ann"}')
    scripted.says(LIST, body=ONE)
    await user.find(deadline=user.http.now() + 1.0)
    legs = await user.legs()
    assert (user.id, list(legs), legs["c"].muted) == ("u", ["c"], True)


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_who_is_nobody_is_refused(user: User, scripted: Any, status: int) -> None:
    scripted.says(ME, status=status, body=b'{"code": "no", "message": "No."}')
    with pytest.raises(RefusedError):
        await user.find(deadline=user.http.now() + 1.0)


async def test_an_answer_that_is_none_is_told(user: User, scripted: Any) -> None:
    scripted.says(ME, body=b"<html>")
    with pytest.raises(UnreachableError, match="not what was asked for"):
        await user.find(deadline=user.http.now() + 1.0)


async def test_calls_are_asked_for_until_somebody_tells(user: User, scripted: Any) -> None:
    scripted.says(LIST, status=503, times=5)
    scripted.says(LIST, body=b"<html>")
    scripted.says(LIST, body=ONE)
    user.id = "u"
    assert list(await user.legs()) == ["c"]
    assert "retry" in {each.action for each in user.http.decisions.entries(CALLS)}


async def test_a_wait_that_is_too_long_for_one_read_is_waited_for_all_the_same(
    user: User, scripted: Any
) -> None:
    scripted.says(LIST, status=429, headers={"Retry-After": "1"})
    scripted.says(LIST, body=ONE)
    user.id = "u"
    assert list(await user.legs()) == ["c"]
