"""The log of inputs: what an org needs to become again what it was.

Deadlines are met at their own times and ids come from the seed, so the inputs with their times
are all of the state. Here they become bytes and come back; `offhook.adapters.state_file` keeps
them. The bytes hold secrets, because a form with a password is an input.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Protocol

import msgspec

from offhook.domain import channel_inputs, directory_inputs, inputs
from offhook.domain.errors import DomainError
from offhook.domain.inputs import Input
from offhook.domain.org import Org
from offhook.oauth import inputs as oauth_inputs

RESET = "Reset"
"""Stands in a log for a reset: the org began anew, its ids too."""
RESTART = "Restart"
"""Stands for a crash that lost all state; ids went on."""
SNAPSHOT = "Snapshot"
"""Stands for all that was before it: the org as it was then, frozen."""


class InputLog(Protocol):
    """What an org's shell keeps of it."""

    def took(self, item: Input[Any], now: float) -> None:
        """An input comes through the door; it is not yet decided whether it is refused."""

    def began_anew(self, kind: str, now: float) -> None:
        """`RESET` or `RESTART`: there is another org now."""

    def save(self) -> None:
        """Make durable what was noted. Called before anything is said that rests on it."""

    async def saved(self) -> None:
        """As `save`, together with whatever else this turn of the loop takes."""


INPUTS: dict[str, type[Input[Any]]] = {
    name: value
    for module in (inputs, channel_inputs, directory_inputs, oauth_inputs)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, Input)
}
"""Every input by the name under which it is logged."""

_encode = msgspec.json.Encoder().encode


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(INPUTS[name])


def pack(item: Input[Any]) -> tuple[str, bytes]:
    """An input as its name and its fields."""
    return type(item).__name__, _encode(item)


def unpack(name: str, body: bytes) -> Input[Any]:
    """The input again. Raises `KeyError` or `msgspec.MsgspecError` for what `pack` did not make."""
    item: Input[Any] = _decoder(name).decode(body)
    return item


def replay(
    entries: Iterable[tuple[float, str, bytes]], begin: Callable[[str, float, bytes], Org], org: Org
) -> Org:
    """Let an org live through its log once more, and return the one it ends with.

    `begin` makes the org that follows a `RESET`, a `RESTART` or a `SNAPSHOT`. What was refused
    is refused again, and what is said is said to nobody.
    """
    for at, name, body in entries:
        if name in {RESET, RESTART, SNAPSHOT}:
            org = begin(name, at, body)
            continue
        try:
            org.receive(unpack(name, body), now=at)
        except DomainError:
            pass
        finally:
            org.take_outbound()
    return org
