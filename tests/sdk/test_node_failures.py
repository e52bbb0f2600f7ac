"""What the JavaScript SDK does with what goes wrong: observed, not wished (wire contract §11.2)."""

import socket
from itertools import product

import pytest
from tests.sdk.control import Control
from tests.sdk.node_bench import Driver, seen
from tests.sdk.test_node_calls import is_muted, listen, mute

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node

PATCH = "patchConversationsCallParticipant"


@pytest.fixture
def ada(server: ThreadedServer, js: Driver) -> Driver:
    """The SDK with Ada's token and no way to refresh it."""
    js.get("client.setAccessToken", server.token("agent"))
    return js


def test_an_error_is_rejected_at_once_with_its_body_whatever_retry_after_says(
    ada: Driver, node: Node, control: Control
) -> None:
    """The promise rejects with the parsed body, a plain object and no `Error`; one request."""
    line = control.call("agent")
    sent = []
    for status, retry_after in product([401, 404, 409, 429, 500, 503], [None, 1]):
        body = {"status": status, "code": "some.code", "message": "Some message."}
        control.fault(PATCH, kind="reply", status=status, retryAfterS=retry_after, body=body)
        refused = mute(ada, line, muted=True)
        assert (refused.ok, refused.type, refused.value) == (False, "object", body), seen(node)
        sent.append(status)
    assert control.statuses(PATCH) == sent, seen(node)
    assert not is_muted(ada, line)


def test_an_error_without_a_body_is_rejected_with_nothing(
    ada: Driver, node: Node, control: Control
) -> None:
    """The promise rejects with `undefined`."""
    line = control.call("agent")
    control.fault(PATCH, kind="reply", status=503, body="")
    refused = mute(ada, line, muted=True)
    assert (refused.ok, refused.type) == (False, "undefined"), seen(node)


def test_a_limit_of_the_mock_itself_is_told_once_and_forgotten(
    ada: Driver, node: Node, control: Control
) -> None:
    """A mute refused with 429 is not sent again by anybody."""
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
    """The connection is reset after the effect and before the answer.

    The promise rejects with an `AxiosError`, though the mute is done.
    """
    line = control.call("agent")
    control.fault(PATCH, kind="abort", when="after")
    refused = mute(ada, line, muted=True)
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert control.statuses(PATCH) == [202], seen(node)
    assert is_muted(ada, line)


def test_a_refused_connection_is_rejected_with_the_error_of_axios(ada: Driver, node: Node) -> None:
    """Its `code` is `ECONNREFUSED`."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gateway = {"host": "127.0.0.1", "protocol": "http", "port": taken.getsockname()[1]}
        ada.get("client.setGateway", gateway)
        refused = ada.call("UsersApi.getUsersMe")
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert refused.value["code"] == "ECONNREFUSED"


def test_a_resolved_mute_is_not_the_truth(
    ada: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """The promise resolves with `undefined`.

    Whoever takes that for the state keeps it when the event of the supervisor's unmute is lost.
    """
    line = control.call("agent")
    listen(ada, line.topic)
    resolved = mute(ada, line, muted=True)
    assert (resolved.ok, resolved.type) == (True, "undefined"), seen(node)
    ada.frame(line.topic)
    lost = control.fault("conversations.calls", kind="push-drop")
    device = server.devices()[0].id
    control.ask("POST", "/actors/force-mute", {"clientId": device, "muted": False})
    control.wait_until_used(lost)
    assert not is_muted(ada, line), seen(node)


@pytest.mark.nightly
def test_a_mute_that_takes_longer_than_16_seconds_is_rejected_though_it_is_done(
    ada: Driver, node: Node, control: Control
) -> None:
    """The default timeout of the SDK, after which the promise rejects with an `AxiosError`."""
    line = control.call("agent")
    control.fault(PATCH, kind="delay", delayS=18, when="after")
    refused = mute(ada, line, muted=True)
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    assert refused.value["code"] == "ECONNABORTED", seen(node)
    assert is_muted(ada, line)
