"""A session: a script of timed steps that is the same for every desk.

A script presses the desk's button, lays out faults and moves other hands. It knows nothing of
the client but the adapter, and nothing of the server but its faults and its door.
"""

from collections.abc import Callable

import msgspec

from offhook.domain.evidence import Evidence
from offhook.domain.inputs import DropSockets, EndSession, ForceMute, Input, LocalMute
from offhook.domain.views import Cause
from offhook.faults.rule import RuleSpec


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happens `at_s` seconds after the desk was started."""

    at_s: float


class Press(Step, frozen=True, kw_only=True):
    """The agent presses the button of the desk."""

    muted: bool


class LayFault(Step, frozen=True, kw_only=True):
    """From now on the rule may bite, until `lift_at_s` (None: to the end)."""

    name: str
    rule: RuleSpec
    lift_at_s: float | None = None


class Hand(Step, frozen=True, kw_only=True):
    """Somebody else acts on the agent's device, through the server's door."""

    who: str
    what: str
    act: Callable[[str], Input[object]]
    """From the device's id to what goes through the door."""


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
    """Seconds on the org's clock, from the desk's start to the end of judgement."""


def supervisor(at_s: float, *, muted: bool) -> Hand:
    """A supervisor sets the agent's mute."""
    what = "mutes the agent" if muted else "unmutes the agent"
    return Hand(
        at_s=at_s,
        who="supervisor",
        what=what,
        act=lambda device_id: ForceMute(device_id=device_id, muted=muted),
    )


def headset(at_s: float, *, muted: bool) -> Hand:
    """The agent presses the button on the headset."""
    return Hand(
        at_s=at_s,
        who="headset",
        what="mutes" if muted else "unmutes",
        act=lambda device_id: LocalMute(
            device_id=device_id, muted=muted, cause=Cause.HEADSET, gesture=True
        ),
    )


def server_reverts(at_s: float) -> Hand:
    """The server holds the link for lost, and falls back to its default: unmuted."""
    return Hand(
        at_s=at_s,
        who="server",
        what="reverts to unmuted",
        act=lambda device_id: LocalMute(
            device_id=device_id, muted=False, cause=Cause.DEFAULT_RESET
        ),
    )


def server_ends_session(at_s: float) -> Hand:
    """The session ends on the server."""
    return Hand(
        at_s=at_s,
        who="server",
        what="ends the session",
        act=lambda device_id: EndSession(device_id=device_id),
    )


def network_cuts_sockets(at_s: float) -> Hand:
    """The event sockets of the device are cut, without a goodbye."""
    return Hand(
        at_s=at_s,
        who="network",
        what="cuts the event socket",
        act=lambda device_id: DropSockets(device_id=device_id, code=1006),
    )
