"""What is under way between a desk and its server, and what moves it. Pure."""

import msgspec
from msgspec.structs import replace

from offhook_client import signals
from offhook_client.signals import Order, SendMute, Signal, Snapshot

UP, CUT, NONE, DIALLING = "up", "cut", "none", "dialling"


class Air(msgspec.Struct, frozen=True, kw_only=True):
    """The socket, and each message that has not arrived."""

    socket: str
    """up; cut: broken, unnoticed; none; dialling."""
    frames: tuple[Signal, ...] = ()
    """On the socket, in their order."""
    post: SendMute | None = None
    """A mute that the server does not have yet."""
    answer: Signal | None = None
    late: tuple[SendMute, ...] = ()
    """Mutes given up by the desk that may yet have their effect."""
    reading: bool = False
    """A snapshot was asked for."""
    read: Snapshot | None = None
    """It was taken, and is on its way back."""


class Outcome(msgspec.Struct, frozen=True):
    """What the server says because of one thing."""

    frames: tuple[Signal, ...] = ()
    answer: Signal | None = None


def ordered(air: Air, orders: tuple[Order, ...]) -> Air:
    """The desk has given these orders."""
    for order in orders:
        match order:
            case SendMute():
                # The one before is known to be processed; its request is abandoned.
                abandoned = () if air.post is None else (air.post,)
                air = replace(air, post=order, answer=None, late=(*air.late, *abandoned))
            case signals.AskSnapshot():
                air = replace(air, reading=True, read=None)
    return air


def told(air: Air, outcome: Outcome) -> Air:
    """The server has said this: on a socket that is up, and to whom it answers."""
    frames = air.frames + outcome.frames if air.socket == UP else ()
    return replace(air, frames=frames, answer=outcome.answer or air.answer)


def without_late(air: Air, index: int) -> Air:
    """One of the late mutes has arrived."""
    return replace(air, late=air.late[:index] + air.late[index + 1 :])
