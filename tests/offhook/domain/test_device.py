"""The table of a device, walked whole, and the device's own deadlines."""

import pytest

from offhook.domain.device import TABLE, Device, DeviceInput, next_status
from offhook.domain.errors import DomainError
from offhook.domain.register import Want
from offhook.domain.version import Version
from offhook.domain.views import Cause, DeviceView, Status
from offhook.policies import Policies

POLICIES = Policies()

ALLOWED = {
    Status.INITIALIZING: "open attach connect lose delete end force",
    Status.CONNECTED: "open attach lose delete end mute force audio call",
    Status.DISCONNECTED: "open attach delete end expire force",
    Status.TERMINATING: "open attach terminate end",
    Status.TERMINATED: "",
}
LEADS_TO = {
    "open": {Status.DISCONNECTED: Status.INITIALIZING},
    "attach": {Status.DISCONNECTED: Status.INITIALIZING},
    "connect": {Status.INITIALIZING: Status.CONNECTED},
    "lose": dict.fromkeys(Status, Status.DISCONNECTED),
    "delete": dict.fromkeys(Status, Status.TERMINATING),
    "end": dict.fromkeys(Status, Status.TERMINATED),
    "expire": dict.fromkeys(Status, Status.TERMINATED),
    "terminate": dict.fromkeys(Status, Status.TERMINATED),
}
PAIRS = [(status, item) for status in Status for item in DeviceInput]


def device_in(status: Status) -> Device:
    device = Device(device_id="d", name="default", user_id="ann", epoch=1)
    device.enter(status, now=0.0, policies=POLICIES)
    return device


@pytest.mark.parametrize(("status", "item"), PAIRS)
def test_every_pair_is_either_allowed_or_refused_by_its_own_words(
    status: Status, item: DeviceInput
) -> None:
    device = device_in(status)
    if item.value in ALLOWED[status].split():
        expected = LEADS_TO.get(item.value, {}).get(status, status)
        changed = device.receive(item, now=1.0, policies=POLICIES)
        assert device.status is expected
        assert changed is (expected is not status)
    else:
        with pytest.raises(DomainError) as caught:
            device.receive(item, now=1.0, policies=POLICIES)
        assert caught.value.code == "general.conflict"
        assert caught.value.facts == {"status": status.value, "input": item.value}
        assert caught.value.message.startswith(f"The client is {status.value}; it must be ")
        assert device.status is status


def test_the_table_has_no_pair_that_the_test_does_not_know() -> None:
    known = {(status, DeviceInput(item)) for status in Status for item in ALLOWED[status].split()}
    assert set(TABLE) == known


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            Status.INITIALIZING,
            (
                "The client is initializing; it must be connected to be muted. "
                "Wait for connectionStatus connected."
            ),
        ),
        (
            Status.DISCONNECTED,
            (
                "The client is disconnected; it must be connected to be muted. "
                "Ask for the user's client again to reconnect it."
            ),
        ),
        (
            Status.TERMINATING,
            (
                "The client is terminating; it must be connected to be muted. "
                "Once it is terminated, ask for the user's client to get a new one."
            ),
        ),
    ],
)
def test_a_refused_mute_says_what_to_do(status: Status, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        next_status(status, DeviceInput.MUTE)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("status", "deadline", "item"),
    [
        (Status.DISCONNECTED, 3600.0, DeviceInput.EXPIRE),
        (Status.TERMINATING, 0.5, DeviceInput.TERMINATE),
    ],
)
def test_a_status_has_its_deadline(status: Status, deadline: float, item: DeviceInput) -> None:
    device = device_in(status)
    assert device.next_deadline() == deadline
    assert device.due(now=deadline - 0.001) is None
    assert device.due(now=deadline) is item
    assert device.next_deadline() is None


@pytest.mark.parametrize("status", [Status.CONNECTED, Status.TERMINATED])
def test_a_status_without_a_deadline_waits_for_nobody(status: Status) -> None:
    assert device_in(status).next_deadline() is None


def test_a_new_device_connects_after_the_delay() -> None:
    device = Device(device_id="d", name="default", user_id="ann", epoch=1)
    device.block(False, now=5.0, policies=POLICIES)
    assert device.next_deadline() == 5.2
    assert device.due(now=5.2) is DeviceInput.CONNECT


def test_a_blocked_device_does_not_connect_and_then_waits_the_whole_delay() -> None:
    device = device_in(Status.DISCONNECTED)
    device.receive(DeviceInput.OPEN, now=1.0, policies=POLICIES, blocked=True)
    assert device.next_deadline() is None
    device.block(False, now=9.0, policies=POLICIES)
    assert device.next_deadline() == 9.2
    device.block(True, now=9.1, policies=POLICIES)
    assert device.next_deadline() is None


def test_unblocking_twice_does_not_begin_the_delay_anew() -> None:
    device = Device(device_id="d", name="default", user_id="ann", epoch=1)
    device.block(False, now=5.0, policies=POLICIES)
    device.block(False, now=5.1, policies=POLICIES)
    assert device.next_deadline() == 5.2


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.INITIALIZING])
def test_a_call_blocks_only_initialization(status: Status) -> None:
    device = device_in(status)
    before = device.next_deadline()
    device.block(True, now=0.1, policies=POLICIES)
    device.block(False, now=0.1, policies=POLICIES)
    assert device.next_deadline() == before


@pytest.mark.parametrize("status", Status)
def test_losing_the_socket_begins_the_grace_where_there_is_a_connection(status: Status) -> None:
    device = device_in(status)
    before = device.next_deadline()
    device.socket_lost(now=0.0, policies=POLICIES)
    assert device.away
    if status in {Status.INITIALIZING, Status.CONNECTED}:
        assert device.due(now=10.0) is DeviceInput.LOSE
    else:
        assert device.next_deadline() == before


def test_the_grace_outlives_becoming_connected() -> None:
    device = Device(device_id="d", name="default", user_id="ann", epoch=1)
    device.block(False, now=0.0, policies=POLICIES)
    device.socket_lost(now=0.1, policies=POLICIES)
    assert device.due(now=0.2) is DeviceInput.CONNECT
    device.receive(DeviceInput.CONNECT, now=0.2, policies=POLICIES)
    assert device.next_deadline() == 10.1


def test_a_new_socket_ends_the_grace() -> None:
    device = device_in(Status.CONNECTED)
    device.socket_lost(now=0.0, policies=POLICIES)
    device.socket_attached()
    assert device.next_deadline() is None
    assert device.away, "it is away until the policy was applied"


def test_a_disconnected_device_is_away() -> None:
    assert device_in(Status.DISCONNECTED).away
    assert not device_in(Status.CONNECTED).away


def test_becoming_connected_takes_the_checkpoint() -> None:
    device = Device(device_id="d", name="default", user_id="ann", epoch=1)
    device.set(Want(muted=True, actor="ann"), now=0.0)
    assert not device.register.checkpoint
    device.receive(DeviceInput.CONNECT, now=0.2, policies=POLICIES)
    assert device.register.checkpoint


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.CONNECTED])
def test_the_level_falls_silent_with_the_connection(status: Status) -> None:
    device = device_in(Status.CONNECTED)
    device.audio_level = 0.5
    device.enter(status, now=1.0, policies=POLICIES)
    assert device.audio_level == 0.0


def test_the_view_shows_versions_only_when_they_are_on() -> None:
    device = device_in(Status.CONNECTED)
    device.set(Want(muted=True, actor="ann"), now=0.0)
    shown = device.view(versions=True)
    assert shown == DeviceView(
        id="d",
        name="default",
        user_id="ann",
        status=Status.CONNECTED,
        audio_level=0.0,
        muted=True,
        version=Version(1, 1),
        last_intent=device.register.last_intent,
        cause=Cause.SELF,
        forced=False,
    )
    hidden = device.view(versions=False)
    assert (hidden.version, hidden.last_intent) == (None, None)
    assert hidden.muted
