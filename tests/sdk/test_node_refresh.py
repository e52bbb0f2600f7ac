"""What the JavaScript SDK does with a token that is no longer good: observed, not wished."""

from tests.sdk.control import Control
from tests.sdk.node_bench import Driver, seen
from tests.sdk.test_node_calls import is_muted, mute
from tests.sdk.test_node_oauth import log_in

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node

PATCH = "patchConversationsCallParticipant"


def test_a_401_without_a_refresh_token_is_rejected_with_the_body(
    server: ThreadedServer, js: Driver, node: Node
) -> None:
    """A plain object with `status` 401."""
    js.get("client.setAccessToken", "unknown")
    refused = js.call("UsersApi.getUsersMe")
    assert (refused.ok, refused.type) == (False, "object"), seen(node)
    assert refused.value["status"] == 401
    assert refused.value["code"] == "bad.credentials"


def test_an_expired_token_is_rejected_although_the_call_is_repeated_behind_the_scene(
    server: ThreadedServer, js: Driver, node: Node, control: Control
) -> None:
    """The promise rejects with the `AxiosError` of the 401.

    The SDK refreshes the token and sends the call again, whose answer nobody gets.
    """
    log_in(js, server)
    control.expire_tokens()
    refused = js.call("UsersApi.getUsersMe")
    assert (refused.ok, refused.type) == (False, "AxiosError"), seen(node)
    control.wait_for("getUsersMe", [401, 200])
    assert js.get("UsersApi.getUsersMe")["username"].startswith("agent")


def test_a_refresh_that_does_not_help_is_repeated_without_limit(
    server: ThreadedServer, js: Driver, node: Node, control: Control
) -> None:
    """The test ends it by taking the fault away after forty rounds."""
    refusals = 40
    log_in(js, server)
    control.fault("getUsersMe", kind="reply", status=401, times=refusals)
    assert not js.call("UsersApi.getUsersMe").ok, seen(node)
    control.wait_for("getUsersMe", [401] * refusals + [200])


def test_a_mute_with_an_expired_token_is_rejected_and_done_all_the_same(
    js: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """The promise rejects at the 401, before the refresh; the SDK then sends the PATCH again."""
    line = control.call("agent")
    log_in(js, server)
    control.expire_tokens()
    refused = mute(js, line, muted=True)
    assert (refused.ok, refused.type, refused.value["status"]) == (False, "AxiosError", 401), seen(
        node
    )
    control.wait_for(PATCH, [401, 202])
    assert is_muted(js, line)


def test_calls_that_meet_a_refresh_under_way_wait_milliseconds_and_fail_unseen(
    js: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """`refresh_token_wait_max` is 10, and slept in milliseconds.

    Of two mutes that meet a 401 together, only the one that refreshes is sent again. Both
    promises reject.
    """
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


def test_a_refused_refresh_is_rejected_with_the_401_of_the_call(
    js: Driver, node: Node, server: ThreadedServer, control: Control
) -> None:
    """The error of the refresh itself is not told."""
    log_in(js, server)
    control.fault("getUsersMe", kind="reply", status=401)
    control.fault("postOauthToken", kind="reply", status=400, body={"error": "invalid_grant"})
    refused = js.call("UsersApi.getUsersMe")
    assert (refused.type, refused.value["status"]) == ("AxiosError", 401), seen(node)
