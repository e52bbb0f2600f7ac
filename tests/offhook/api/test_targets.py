"""What a fault rule may name: every operation and event that comes, and nothing else."""

import pytest

from offhook.api import targets
from offhook.api.notifications import EVENT_TYPES
from offhook.api.table import OperationTable
from offhook.domain.errors import DomainError
from offhook.faults.kinds import Fault, PushDropFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import DIALECTS, OPERATIONS

TABLE = OperationTable(OPERATIONS, DIALECTS)
HTTP, PUSH = ReplyFault(status=503), PushDropFault()


def check(fault: Fault, operation: str | None, *, overridden: bool = False) -> None:
    spec = RuleSpec(match=Match(operation=operation), fault=fault)
    targets.check_target(spec, TABLE, overridden=overridden)


@pytest.mark.parametrize("fault", [HTTP, PUSH], ids=["http", "push"])
def test_a_rule_that_names_nothing_is_meant_for_all(fault: Fault) -> None:
    check(fault, None)


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_every_event_type_can_be_named(event_type: str) -> None:
    check(PUSH, event_type)


@pytest.mark.parametrize(
    "operation", ["postWebrtcClientMute", "postOauthToken", "GET /api/v2/teams"]
)
def test_what_is_served_can_be_named_and_what_is_not_modelled(operation: str) -> None:
    check(HTTP, operation)


@pytest.mark.parametrize(
    ("fault", "operation", "hint"),
    [
        (HTTP, "postWebrtcClientsMute", "postWebrtcClientMute"),
        (HTTP, "muteChanged", "getUsersMe"),
        (PUSH, "muteChange", "muteChanged"),
        (PUSH, "postWebrtcClientMute", "heartbeat"),
        (HTTP, "getClock", "getUsersMe"),
    ],
)
def test_what_never_comes_is_refused_with_what_does(
    fault: Fault, operation: str, hint: str
) -> None:
    with pytest.raises(DomainError, match=f"there is no .* '{operation}'.*{hint}") as caught:
        check(fault, operation)
    assert caught.value.code == "not.found"


@pytest.mark.parametrize(
    ("request_", "right"),
    [
        ("GET /api/v2/users/me", "name it 'getUsersMe'"),
        ("POST /api/v2/webrtc/clients/c-1/mute", "name it 'postWebrtcClientMute'"),
        ("GET /_offhook/v1/clock", "no fault may hit it"),
    ],
)
def test_a_path_the_mock_models_is_named_by_its_operation(request_: str, right: str) -> None:
    with pytest.raises(DomainError) as caught:
        check(HTTP, request_)
    assert caught.value.message == f"match.operation: {request_!r} is modelled: {right}."


def test_where_stubs_override_a_modelled_path_can_be_named() -> None:
    check(HTTP, "GET /api/v2/users/me", overridden=True)
