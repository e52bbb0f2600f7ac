"""What a test may demand, and how it is told that it was not so."""

from collections.abc import Callable

import pytest

from offhook.domain.inputs import ForceMute
from offhook.testing.handle import Offhook

Get = Callable[..., int]


def test_calls_that_came_are_returned(handle: Offhook, get: Get) -> None:
    get("/api/v2/users/me")
    (call,) = handle.assert_called("getUsersMe", status=200, times=1)
    assert call.status == 200
    assert handle.assert_called("getWebrtcClientsMe", times=0) == ()
    assert len(handle.assert_called("GET /api/v2/users/me")) == 1


def test_a_call_that_did_not_come_is_told_with_what_did(handle: Offhook, get: Get) -> None:
    with pytest.raises(AssertionError, match="does the client point at the mock's url"):
        handle.assert_called("getUsersMe")
    get("/api/v2/users/you")
    with pytest.raises(AssertionError) as missed:
        handle.assert_called("getUsersMe")
    first, *rest = str(missed.value).splitlines()
    assert first == "The mock saw no getUsersMe."
    assert rest[0] == "What came nearest:"
    assert "GET /api/v2/users/you" in rest[1]
    assert rest[-1].startswith("The org's clock is manual")


def test_a_wrong_count_is_told_in_words(handle: Offhook, get: Get) -> None:
    get("/api/v2/users/me")
    with pytest.raises(AssertionError, match="The mock saw getUsersMe once, not 2 times"):
        handle.assert_called("getUsersMe", times=2)
    with pytest.raises(AssertionError, match="getUsersMe once, not 0 times"):
        handle.assert_called("getUsersMe", times=0)


def test_an_operation_that_does_not_exist_is_no_failed_assertion(handle: Offhook) -> None:
    with pytest.raises(ValueError, match="no operation 'getUserMe'; did you mean getUsersMe"):
        handle.assert_called("getUserMe")
    with pytest.raises(ValueError, match="GET /a/path names a path"):
        handle.assert_called("zzzzzzzz")


def test_mute_is_demanded_of_the_server_s_own_value(handle: Offhook, device_id: str) -> None:
    handle.assert_live()
    with pytest.raises(AssertionError, match="The server holds live, not muted") as failed:
        handle.assert_muted("agent")
    assert "Nobody has asked for either" in str(failed.value)
    handle.receive(ForceMute(device_id=device_id, muted=True))
    handle.assert_muted(device_id)
    with pytest.raises(AssertionError, match=r"muted \(set last by admin\)"):
        handle.assert_live()


def test_what_was_asked_for_is_told_beside_what_is(
    handle: Offhook, get: Get, device_id: str
) -> None:
    get(f"/api/v2/webrtc/clients/{device_id}/mute", body=b'{"muted": false}')
    with pytest.raises(AssertionError, match="last asked for through the API is live"):
        handle.assert_muted()


def test_a_device_is_found_by_id_or_user_and_else_told_missing(
    handle: Offhook, device_id: str
) -> None:
    assert {handle.device(who).id for who in (None, device_id, "agent", "agent@example.com")} == {
        device_id
    }
    with pytest.raises(LookupError, match="no device 'second', and no device of such a user") as e:
        handle.device("second")
    assert device_id in str(e.value), "it tells those that there are"


def test_without_any_device_it_says_how_one_is_opened(handle: Offhook) -> None:
    with pytest.raises(LookupError, match="no device at all: a client opens one with GET"):
        handle.assert_muted()
