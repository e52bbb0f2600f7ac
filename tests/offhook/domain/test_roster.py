"""Devices found by id, and by user and name."""

import pytest

from offhook.domain.device import Device
from offhook.domain.errors import DomainError
from offhook.domain.roster import Roster
from offhook.domain.version import Version
from offhook.policies import Policies


def roster_with(device: Device, *, versions: bool = True) -> Roster:
    roster = Roster(policies=lambda: Policies(versions=versions))
    roster.add(device)
    return roster


@pytest.fixture
def device() -> Device:
    return Device(device_id="d", name="desk", user_id="ann", epoch=3)


def test_a_device_is_found_by_id_and_by_name(device: Device) -> None:
    roster = roster_with(device)
    assert roster.get("d") is roster.need("d") is roster.named("ann", "desk") is device
    assert roster.named("bob", "desk") is None
    assert list(roster) == [device]


def test_a_removed_device_is_forgotten(device: Device) -> None:
    roster = roster_with(device)
    roster.remove(device)
    assert roster.get("d") is None
    assert roster.named("ann", "desk") is None
    with pytest.raises(DomainError, match="There is no client 'd'"):
        roster.need("d")


def test_a_user_has_one_device_of_a_name(device: Device) -> None:
    roster = roster_with(device)
    with pytest.raises(AssertionError, match="one device a user and name"):
        roster.add(Device(device_id="e", name="desk", user_id="ann", epoch=4))


def test_views_are_of_all_or_of_a_user_oldest_first(device: Device) -> None:
    roster = roster_with(device)
    other = Device(device_id="e", name="desk", user_id="bob", epoch=4)
    later = Device(device_id="a", name="phone", user_id="ann", epoch=5)
    roster.add(other)
    roster.add(later)
    assert roster.views() == tuple(map(roster.view, (device, other, later)))
    assert [view.id for view in roster.views("ann")] == ["d", "a"]
    assert roster.views("nobody") == ()


def test_versions_are_told_only_when_they_are_on(device: Device) -> None:
    assert roster_with(device).version_of("d") == Version(3, 0)
    assert roster_with(device).version_of("unknown") is None
    silent = roster_with(device, versions=False)
    assert silent.version_of("d") is None
    assert silent.view(device).version is None
