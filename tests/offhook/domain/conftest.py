"""A desk to try the domain at: an org, its present, and short words for its inputs."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from offhook.domain.events import Close, Emit, Event, MuteChanged, Outbound, StatusChanged
from offhook.domain.inputs import AttachSocket, Input, OpenDevice, SetMute
from offhook.domain.org import Org
from offhook.domain.version import Intent, Version
from offhook.domain.views import DeviceView, MuteView, Role
from offhook.policies import Policies
from offhook.settings import ClientSettings, OrgSettings, UserSettings

R = TypeVar("R")


class Desk:
    """An org with the users `ann` and `bob`, at 1000 s. `heard` keeps all that it said."""

    def __init__(self, **policies: object) -> None:
        settings = OrgSettings(
            users=(
                UserSettings(username="ann", password="ann-password", email="ann@example.com"),
                UserSettings(username="bob", password="bob-password", email="bob@example.com"),
            ),
            clients=(ClientSettings(id="server", secret="server-secret"),),
            policies=Policies().changed(policies),
        )
        self.org = Org(settings, seed=7, now=1000.0)
        self.now = 1000.0
        self.heard: list[Outbound] = []

    def receive(self, item: Input[R]) -> R:
        """Through the door, now."""
        try:
            return self.org.receive(item, now=self.now)
        finally:
            self.heard.extend(self.org.take_outbound())

    def advance(self, seconds: float) -> None:
        """Let time pass, deadline by deadline, as the pump does."""
        end = self.now + seconds
        while (due := self.org.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.org.handle_timer(now=self.now)
            self.heard.extend(self.org.take_outbound())
        self.now = end

    def user(self, name: str = "ann") -> str:
        """The id of a user."""
        user = self.org.find_user(name)
        assert user is not None
        return user.id

    def open(self, name: str = "default", *, user: str = "ann") -> DeviceView:
        """The user's device as `GET …/clients/me` gives it."""
        return self.receive(OpenDevice(user_id=self.user(user), name=name))

    def connected(self, name: str = "default", *, user: str = "ann") -> str:
        """The id of a device that has become connected; nothing is heard of it."""
        device = self.open(name, user=user)
        self.advance(self.org.policies.connect_delay_s)
        self.heard.clear()
        return device.id

    def attach(
        self,
        device_id: str,
        socket_id: str = "own",
        *,
        role: Role = Role.DEVICE,
        since: Version | None = None,
        token_id: str = "token",
    ) -> None:
        """A socket comes."""
        self.receive(
            AttachSocket(
                socket_id=socket_id, device_id=device_id, role=role, token_id=token_id, since=since
            )
        )

    def mute(
        self,
        device_id: str,
        muted: bool,  # noqa: FBT001 - the value itself, never a switch.
        *,
        intent: Intent | None = None,
        if_match: Version | None = None,
    ) -> MuteView:
        """The user's own wish."""
        return self.receive(
            SetMute(
                device_id=device_id,
                muted=muted,
                actor=self.device(device_id).user_id,
                intent=intent,
                if_match=if_match,
            )
        )

    def device(self, device_id: str) -> DeviceView:
        """The device at this moment; it must be there."""
        device = self.org.device(device_id)
        assert device is not None
        return device

    def events(self, socket_id: str | None = None) -> list[Event]:
        """What sockets, or one of them, have heard so far."""
        return [
            each.event
            for each in self.heard
            if isinstance(each, Emit) and socket_id in {None, *each.sockets}
        ]

    def mutes(self, socket_id: str | None = None) -> list[MuteChanged]:
        """The changes of mute that were heard."""
        return [each for each in self.events(socket_id) if isinstance(each, MuteChanged)]

    def statuses(self, socket_id: str | None = None) -> list[str]:
        """The changes of status that were heard."""
        return [
            each.status.value for each in self.events(socket_id) if isinstance(each, StatusChanged)
        ]

    def closes(self) -> list[tuple[str, int]]:
        """Which sockets were closed, with which codes."""
        return [(each.socket_id, each.code) for each in self.heard if isinstance(each, Close)]


@pytest.fixture
def desk() -> Desk:
    """A desk with the default policies."""
    return Desk()


@pytest.fixture
def desk_with() -> Callable[..., Desk]:
    """Make a desk with other policies: `desk_with(versions=False)`."""
    return Desk
