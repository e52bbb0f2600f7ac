"""A session: a script of timed steps that is the same for every desk.

A script presses the desk's button, lays out faults and moves other hands. It knows nothing of
the client but the adapter, and nothing of the server but its faults and its door.
"""

from collections.abc import Callable

import msgspec

from offhook.domain.evidence import Evidence
from offhook.domain.inputs import (
    DropDevice,
    DropSockets,
    EndSession,
    ForceMute,
    Input,
    LocalMute,
    OpenDevice,
)
from offhook.domain.views import Cause, DeviceView
from offhook.faults.rule import RuleSpec


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happens `at_s` seconds after the desk was up; at 0, before it starts."""

    at_s: float


class Press(Step, frozen=True, kw_only=True):
    """The agent presses the button of the desk."""

    muted: bool


class LayFault(Step, frozen=True, kw_only=True):
    """From now on the rule may bite, for `lasts_s` seconds (None: to the end)."""

    name: str
    rule: RuleSpec
    lasts_s: float | None = None


class Hand(Step, frozen=True, kw_only=True):
    """Somebody else acts on the agent's device, through the server's door."""

    who: str
    what: str
    act: Callable[[DeviceView], Input[object]]
    """From the agent's device to what goes through the door."""


class SecondTab(Step, frozen=True, kw_only=True):
    """The agent opens the desk in a second tab and sets mute there.

    The tab opens a device socket of its own, over the wire, which replaces the first tab's.
    """

    muted: bool


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One troubled session."""

    id: str
    """Words joined by hyphens; the name of its file, where they are joined by underscores."""
    title: str
    evidence: Evidence
    source: str
    """Where the trouble is known from."""
    story: str
    """What happens, in one or two sentences."""
    policies: dict[str, object] = {}
    """Changes to the org's policies."""
    script: tuple[Step, ...]
    """In order of time."""
    length_s: float
    """Seconds on the org's clock, from the desk being up to the end of judgement."""


def supervisor(at_s: float, *, muted: bool) -> Hand:
    """A supervisor sets the agent's mute."""
    what = "mutes the agent" if muted else "unmutes the agent"
    return Hand(
        at_s=at_s,
        who="supervisor",
        what=what,
        act=lambda device: ForceMute(device_id=device.id, muted=muted),
    )


def headset(at_s: float, *, muted: bool) -> Hand:
    """The agent presses the button on the headset."""
    return Hand(
        at_s=at_s,
        who="headset",
        what="mutes" if muted else "unmutes",
        act=lambda device: LocalMute(
            device_id=device.id, muted=muted, cause=Cause.HEADSET, gesture=True
        ),
    )


def server_drops_device(at_s: float) -> Hand:
    """The server holds the device's link for lost, whatever its sockets."""
    return Hand(
        at_s=at_s,
        who="server",
        what="holds the link for lost",
        act=lambda device: DropDevice(device_id=device.id),
    )


def server_restarts_device(at_s: float) -> Hand:
    """The server brings the device back, for the call that still goes on."""
    return Hand(
        at_s=at_s,
        who="server",
        what="restarts the device",
        act=lambda device: OpenDevice(user_id=device.user_id, name=device.name),
    )


def server_ends_session(at_s: float) -> Hand:
    """The session ends on the server."""
    return Hand(
        at_s=at_s,
        who="server",
        what="ends the session",
        act=lambda device: EndSession(device_id=device.id),
    )


def network_cuts_sockets(at_s: float) -> Hand:
    """The event sockets of the device are cut, without a goodbye."""
    return Hand(
        at_s=at_s,
        who="network",
        what="cuts the socket",
        act=lambda device: DropSockets(device_id=device.id, code=1006),
    )
