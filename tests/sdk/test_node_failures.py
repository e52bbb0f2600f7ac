"""What the JavaScript SDK does with what goes wrong: observed, not wished (wire contract §11.2)."""

import socket

import pytest
from tests.sdk.control import Control
from tests.sdk.node_bench import Driver, seen
from tests.sdk.test_node_calls import is_muted, listen, mine, mute
from tests.sdk.test_node_oauth import log_in

from offhook.server import OPERATIONS
from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node

PATCH = "patchConversationsCallParticipant"

pytestmark = pytest.mark.skipif(
    "getConversationsCalls" not in {each.id for each in OPERATIONS}, reason="no calls yet"
)


@pytest.fixture
def ada(server: ThreadedServer, js: Driver) -> Driver:
    """The SDK with Ada's token and no way to refresh it."""
    js.get("client.setAccessToken", server.token("agent"))
    return js


@pytest.mark.parametrize("status", [401, 404, 409, 429, 500, 503])
@pytest.mark.parametrize("retry_after", [None, 1])
def test_an_error_is_rejected_at_once_with_its_body_whatever_retry_after_says(
    ada: Driver, node: Node, control: Control, status: int, retry_after: int | None
) -> None:
    line = control.call("agent")
    body = {"status": status, "code": "some.code", "message": "Some message."}
    control.fault(PATCH, kind="reply", status=status, retryAfterS=retry_after, body=body)
    refused = mute(ada, line, muted=True)
    assert (refused.ok, refused.type, refused.value) == (False, "object", body), seen(node)
    assert not is_muted(ada, line)
    assert control.statuses(PATCH) == [status], seen(node)


def test_an_error_without_a_body_is_rejected_with_nothing(
    ada: Driver, node: Node, control: Control
) -> None:
    line = control.call("agent")
    control.fault(PATCH, kind="reply", status=503, body="")
    refused = mute(ada, line, muted=True)
    assert not refused.ok
    assert not refused.value, seen(node)


def test_a_limit_of_the_mock_itself_is_told_once_and_forgotten(
    ada: Driver, node: Node, control: Control
) -> None:
    line = control.call("agent")
    control.policies(rate_per_operation={PATCH: 1})
    assert mute(ada, line, muted=True).ok
    refused = mute(ada, line, muted=False)
    assert refused.value["code"] == "too.many.requests.retry.after"
    assert control.statuses(PATCH) == [202, 429], seen(node)
    assert is_muted(ada, line)


def test_a_dropped_patch_is_rejected_and_not_sent_again(
    ada: Driver, node: Node, control: Control
) -> None:
    line = control.call("agent")
    control.fault(PATCH, kind="abort", when="after")
    refused = mute(ada, line, muted=True)
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert control.statuses(PATCH) == [202], seen(node)
    assert is_muted(ada, line)


def test_a_refused_connection_is_rejected_with_the_error_of_axios(ada: Driver, node: Node) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gateway = {"host": "127.0.0.1", "protocol": "http", "port": taken.getsockname()[1]}
        ada.get("client.setGateway", gateway)
        refused = ada.call("UsersApi.getUsersMe")
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert refused.value["code"] == "ECONNREFUSED"


def test_a_mute_with_an_expired_token_is_rejected_and_done_all_the_same(
    js: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """The promise rejects at the 401, before the refresh; the SDK then sends the PATCH again."""
    line = control.call("agent")
    log_in(js, server)
    listen(js, line.topic)
    control.fault(PATCH, kind="reply", status=401)
    refused = mute(js, line, muted=True)
    assert (refused.ok, refused.type, refused.value["status"]) == (False, "AxiosError", 401), seen(
        node
    )
    assert mine(js.frame(line.topic)["eventBody"], line)["muted"] is True, seen(node)
    assert control.statuses(PATCH) == [401, 202], seen(node)
    assert is_muted(js, line)


def test_calls_that_meet_a_refresh_under_way_wait_milliseconds_and_fail_unseen(
    js: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """The wait that is set in seconds is slept in milliseconds: the second call is given up."""
    line = control.call("agent")
    log_in(js, server)
    control.fault(PATCH, kind="reply", status=401, times=2)
    control.fault("postOauthToken", kind="delay", delayS=1, when="before")
    both = [
        js.begin(
            "ConversationsApi.patchConversationsCallParticipant",
            line.conversation_id,
            line.participant_id,
            {"muted": muted},
        )
        for muted in (True, False)
    ]
    assert [each().ok for each in both] == [False, False], seen(node)
    control.wait_for(PATCH, [401, 401, 202])
    assert is_muted(js, line), seen(node)


def test_a_resolved_mute_is_not_the_truth(
    ada: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """Whoever takes the 202 for the state keeps it when the supervisor's event is lost."""
    line = control.call("agent")
    listen(ada, line.topic)
    assert mute(ada, line, muted=True).ok
    ada.frame(line.topic)
    lost = control.fault("conversations.calls", kind="push-drop")
    device = server.devices()[0].id
    control.ask("POST", "/actors/force-mute", {"clientId": device, "muted": False})
    control.wait_until_used(lost)
    assert not is_muted(ada, line), seen(node)
