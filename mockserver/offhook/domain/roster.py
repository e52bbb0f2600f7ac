"""Which devices there are: found by id, or by user and name."""

from collections.abc import Callable, Iterator

from offhook.domain.device import Device
from offhook.domain.errors import DomainError
from offhook.domain.version import Version
from offhook.domain.views import DeviceView
from offhook.policies import Policies


class Roster:
    """The devices that are not terminated, oldest first."""

    def __init__(self, *, policies: Callable[[], Policies]) -> None:
        self._policies = policies
        self._by_id: dict[str, Device] = {}
        self._by_name: dict[tuple[str, str], Device] = {}

    def __iter__(self) -> Iterator[Device]:
        return iter(self._by_id.values())

    def add(self, device: Device) -> None:
        """A device is new."""
        assert (device.user_id, device.name) not in self._by_name, "one device a user and name"
        self._by_id[device.id] = device
        self._by_name[device.user_id, device.name] = device

    def remove(self, device: Device) -> None:
        """A device is terminated, and forgotten."""
        del self._by_id[device.id]
        del self._by_name[device.user_id, device.name]

    def get(self, device_id: str) -> Device | None:
        """The device of that id; None when unknown or terminated."""
        return self._by_id.get(device_id)

    def named(self, user_id: str, name: str) -> Device | None:
        """The user's device of that name, or None."""
        return self._by_name.get((user_id, name))

    def need(self, device_id: str) -> Device:
        """The device of that id. Raises `DomainError` (404) when unknown or terminated."""
        device = self._by_id.get(device_id)
        if device is None:
            raise DomainError(
                "not.found",
                f"There is no client {device_id!r}: it never was, or it is terminated.",
                facts={"clientId": device_id},
            )
        return device

    def view(self, device: Device) -> DeviceView:
        """The device at this moment, as the policies show it."""
        return device.view(versions=self._policies().versions)

    def views(self, user_id: str | None = None) -> tuple[DeviceView, ...]:
        """All devices at this moment, or a user's, oldest first."""
        versions = self._policies().versions
        return tuple(
            [
                each.view(versions=versions)
                for each in self._by_id.values()
                if user_id is None or each.user_id == user_id
            ]
        )

    def version_of(self, device_id: str) -> Version | None:
        """Where the device's register stands; None when unknown, or without versions."""
        device = self._by_id.get(device_id)
        if device is None or not self._policies().versions:
            return None
        return device.register.version
