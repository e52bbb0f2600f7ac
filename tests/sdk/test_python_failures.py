"""What the Python SDK does with what goes wrong: observed, not wished (wire contract §11.1)."""

import json
import socket
import threading
from collections.abc import Callable
from types import ModuleType

import pytest
import urllib3
from tests.sdk.control import Control
from tests.sdk.python_bench import SEEN, Desktop
from tests.sdk.test_python_calls import is_muted, listen, mute

from offhook.threaded import ThreadedServer

Make = Callable[..., Desktop]

PATCH = "patchConversationsCallParticipant"
REQUESTS = 11
"""One and ten retries."""


@pytest.mark.parametrize("status", [413, 429, 503])
def test_an_error_with_retry_after_is_retried_ten_times_unseen(
    ada: Desktop, control: Control, python_sdk: ModuleType, status: int
) -> None:
    """413, 429 and 503 with `Retry-After`.

    The PATCH is sent again by urllib3, up to ten times, before the caller learns of anything;
    then the last status is raised as an `ApiException`.
    """
    line = control.call("agent")
    control.fault(PATCH, kind="reply", status=status, retryAfterS=0, times=REQUESTS - 1)
    mute(ada, line, muted=True)
    assert control.statuses(PATCH) == [status] * (REQUESTS - 1) + [202], SEEN
    control.fault(PATCH, kind="reply", status=status, retryAfterS=0, times=REQUESTS)
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        mute(ada, line, muted=False)
    assert refused.value.status == status, SEEN
    assert is_muted(ada, line)


def test_the_wait_of_retry_after_is_kept_silently(ada: Desktop, control: Control) -> None:
    """The caller of the PATCH is blocked for as long as `Retry-After` says."""
    line = control.call("agent")
    control.fault(PATCH, kind="reply", status=429, retryAfterS=1)
    mute(ada, line, muted=True)
    refused, accepted = (
        entry.at for entry in control.server.journal(kind="exchange", operation=PATCH)
    )
    assert accepted - refused >= 1, SEEN


@pytest.mark.parametrize("status", [401, 404, 409, 429, 500, 503])
def test_an_error_without_retry_after_is_raised_at_once(
    ada: Desktop, control: Control, python_sdk: ModuleType, status: int
) -> None:
    """`ApiException` with `status`, `body` and `headers`; one request, no effect."""
    line = control.call("agent")
    control.fault(PATCH, kind="reply", status=status, body={"status": status, "code": "some.code"})
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        mute(ada, line, muted=True)
    assert refused.value.status == status
    assert json.loads(refused.value.body)["code"] == "some.code"
    assert control.statuses(PATCH) == [status], SEEN
    assert not is_muted(ada, line)


def test_a_limit_of_the_mock_itself_carries_retry_after_and_is_waited_out(
    ada: Desktop, control: Control
) -> None:
    """A real 429 of the platform always carries `Retry-After`.

    So the caller of a PATCH sees it only after eleven requests, all of which count.
    """
    line = control.call("agent")
    control.policies(
        rate_per_operation={PATCH: 1}, retry_after="constant", retry_after_constant_s=0
    )
    mute(ada, line, muted=True)
    with pytest.raises(ada.sdk.rest.ApiException) as refused:
        mute(ada, line, muted=False)
    assert refused.value.status == 429
    assert json.loads(refused.value.body)["code"] == "too.many.requests.retry.after"
    assert control.statuses(PATCH) == [202] + [429] * REQUESTS, SEEN


def test_a_dropped_patch_is_sent_again_unseen_and_so_done_twice(
    ada: Desktop, control: Control
) -> None:
    """The connection is reset after the effect and before the answer.

    The PATCH is sent again at once, and the caller sees plain success.
    """
    line = control.call("agent")
    fault = control.fault(PATCH, kind="abort", when="after", times=2)
    assert mute(ada, line, muted=True) is None, SEEN
    assert control.bites(fault) == 2
    assert control.statuses(PATCH) == [202] * 3, SEEN


def test_the_second_sending_of_a_dropped_patch_overtakes_a_newer_command(
    ada: Desktop, server: ThreadedServer, control: Control, desktop: Make
) -> None:
    """Mute is sent, done and its answer lost, somebody unmutes.

    The mute that is sent again mutes.
    """
    line = control.call("agent")
    other = desktop(server.token("agent"))
    control.fault(PATCH, kind="abort", when="after")
    late = control.fault(PATCH, kind="delay", delayS=2, when="before")
    with listen(ada, line.topic) as heard:
        first = threading.Thread(target=mute, args=(ada, line), kwargs={"muted": True})
        first.start()
        heard.recv(timeout=10)
        control.wait_until_used(late)
        mute(other, line, muted=False)
        assert not is_muted(other, line)
        first.join()
    assert is_muted(other, line), SEEN


def test_a_connection_that_always_drops_ends_in_the_error_of_urllib3(
    ada: Desktop, control: Control
) -> None:
    """`MaxRetryError` after eleven requests; it is no `ApiException`."""
    line = control.call("agent")
    fault = control.fault(PATCH, kind="abort", when="before", times=None)
    with pytest.raises(urllib3.exceptions.MaxRetryError):
        mute(ada, line, muted=True)
    assert control.bites(fault) == REQUESTS, SEEN


def test_a_refused_connection_is_no_api_exception(
    desktop: Make, python_sdk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`MaxRetryError` of urllib3, which no `except ApiException` catches."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        desk = desktop("some-token")
        monkeypatch.setattr(desk.client, "host", nobody)
        with pytest.raises(urllib3.exceptions.MaxRetryError):
            desk.api("UsersApi").get_users_me()
    assert not issubclass(urllib3.exceptions.MaxRetryError, python_sdk.rest.ApiException), SEEN


def test_a_mute_that_waits_out_a_429_overtakes_a_newer_command(
    ada: Desktop, server: ThreadedServer, control: Control, desktop: Make
) -> None:
    """While the muting caller is blocked by `Retry-After`, somebody unmutes.

    Then the mute is sent again and mutes.
    """
    line = control.call("agent")
    other = desktop(server.token("agent"))
    fault = control.fault(PATCH, kind="reply", status=429, retryAfterS=2)
    first = threading.Thread(target=mute, args=(ada, line), kwargs={"muted": True})
    first.start()
    control.wait_until_used(fault)
    mute(other, line, muted=False)
    first.join()
    assert is_muted(other, line), SEEN


def test_a_202_is_not_the_truth(ada: Desktop, server: ThreadedServer, control: Control) -> None:
    """Nothing in the answer tells the state.

    Whoever takes the 202 for it keeps it when the event of the supervisor's unmute is lost.
    """
    line = control.call("agent")
    with listen(ada, line.topic):
        assert mute(ada, line, muted=True) is None
        believed = True
        control.fault("conversations.calls", kind="push-drop")
        device = server.devices()[0].id
        control.ask("POST", "/actors/force-mute", {"clientId": device, "muted": False})
    assert is_muted(ada, line) is not believed, SEEN


@pytest.mark.nightly
def test_an_answer_is_waited_for_as_long_as_it_takes(ada: Desktop, control: Control) -> None:
    """No timeout applies to a request: the caller is blocked for the 20 s of this test."""
    line = control.call("agent")
    control.fault(PATCH, kind="delay", delayS=20, when="after")
    mute(ada, line, muted=True)
    assert control.statuses(PATCH) == [202], SEEN
