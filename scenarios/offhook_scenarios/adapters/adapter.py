"""The adapter: the five verbs and one report through which every client is judged.

        start, set_mute, observe, restart, stop
  judge ───────────────────────────────────────▶ adapter ──▶ the client, unmodified
        ◀───────────────────────────────────────
                 Belief, on every change

A `Belief` is what the person in front of the client sees, and whether the client's own switch
lets the microphone through. Who receives it stamps it, so that there is one clock only.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec


class Shown(StrEnum):
    """What the screen says about the microphone. Only `MUTED` and `LIVE` can be lies."""

    MUTED = "muted"
    LIVE = "live"
    MUTING = "muting"
    UNMUTING = "unmuting"
    UNKNOWN = "unknown"


class Gate(StrEnum):
    """The client's own switch between microphone and line; `UNKNOWN` when it has none."""

    OPEN = "open"
    CUT = "cut"
    UNKNOWN = "unknown"


Version = tuple[int, int]
"""Epoch and rev, where the server's register stands; the greater is the newer."""


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """What a client holds to be true at one moment."""

    shown: Shown
    gate: Gate = Gate.UNKNOWN
    device_id: str | None = None
    """The device it is about, by the server's id; None before there is one."""
    version: Version | None = None
    """The version behind what is shown; None from a client that does not say.

    Who names one claims something of the server, and not of the own gate alone.
    """
    switch: Gate = Gate.UNKNOWN
    """Where the local track really stands, from an adapter that can look; `gate` is what the
    client says of it."""

    @property
    def microphone(self) -> Gate:
        """Whether sound passes: what was looked at, else what the client says."""
        return self.gate if self.switch is Gate.UNKNOWN else self.switch


UNAWARE = Belief(shown=Shown.UNKNOWN)
"""What a client that has not started believes."""


class Ending(StrEnum):
    """How a press has ended, as the client told whoever pressed."""

    OK = "ok"
    """The server holds what was asked for."""
    SUPERSEDED = "superseded"
    """The person pressed again before it was done."""
    OVERTAKEN = "overtaken"
    """Somebody else has set mute since."""
    FORCED = "forced"
    """An administrator holds the mute."""
    FAILED = "failed"
    """It was not done, or nobody knows whether it was."""


def checked_belief(belief: object) -> Belief:
    """The belief that a client tells, as it is. Raises `TypeError` for what is none.

    Judges know the words by identity: a plain `"muted"`, or a word of another library's, would
    claim nothing, and never be a lie.
    """
    if not isinstance(belief, Belief):
        raise TypeError(f"tell() was given {belief!r}, which is no Belief")
    words = (belief.shown, Shown), (belief.gate, Gate), (belief.switch, Gate)
    for value, kind in words:
        if not isinstance(value, kind):
            raise TypeError(
                f"tell() was given a Belief with {value!r}, which is no {kind.__name__} of "
                "offhook_scenarios.adapters.adapter"
            )
    version: object = belief.version
    if version is not None and not _is_version(version):
        raise TypeError(
            f"tell() was given a Belief with the version {version!r}, which is no (epoch, rev)"
        )
    return belief


def checked_ending(ending: object) -> Ending | None:
    """What `set_mute` has returned, as it is. Raises `TypeError` for what is no `Ending`."""
    if ending is None or isinstance(ending, Ending):
        return ending
    raise TypeError(
        f"set_mute() returned {ending!r}, which is neither None nor an Ending of "
        "offhook_scenarios.adapters.adapter"
    )


def _is_version(version: object) -> bool:
    return (
        isinstance(version, tuple)
        and len(version) == len(("epoch", "rev"))
        and all(isinstance(part, int) for part in version)
    )


class Restart(StrEnum):
    """The ways in which a client may be restarted."""

    RELOAD = "reload"
    """As a page is: memory gone, storage kept."""
    PROCESS = "process"
    """As a program is: everything gone."""
    SLEEP = "sleep"
    """As a laptop is: everything kept, the connections dead."""


class Ability(StrEnum):
    """What an adapter can do. What it cannot is not judged, and never counts as passed."""

    SET_MUTE = "set_mute"
    OBSERVE = "observe"
    RELOAD = "restart:reload"
    PROCESS = "restart:process"
    SLEEP = "restart:sleep"


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What a client is told when it starts."""

    api: str
    """Origin of the mock, `http://host:port`, without a slash at the end."""
    username: str = "agent"
    password: str = "agent-password"  # noqa: S105 - the default org's, and an example.
    client_id: str = "offhook-server"
    client_secret: str = "offhook-secret"  # noqa: S105 - as above.
    device: str = "default"
    """The `deviceId` under which the client opens its device."""


class Adapter(Protocol):
    """A client under judgement. Every verb may take as long as the client takes."""

    @property
    def name(self) -> str:
        """What reports call this client."""

    @property
    def can(self) -> frozenset[Ability]:
        """What this adapter supports; the judge asks for nothing else."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Bring the client up. It must call `tell` on every change of belief until `stop`.

        `tell` returns at once, and raises for nothing but what is no `Belief`. A client that
        starts badly may raise: that is a failure of the machinery, not a finding.
        """

    async def set_mute(self, muted: bool) -> Ending | None:  # noqa: FBT001 - the one thing it says.
        """A person presses the button. Returns when the client is done with it, and how.

        None from a client that does not say: what depends on it is not judged then. A request
        that fails is the client's own affair and must not raise.
        """

    async def observe(self) -> Belief:
        """What the client believes now."""

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:
        """Restart the client in a way that `can` names; it is gone, or asleep, for so long.

        Whoever starts a program anew tries again until it is up. `RELOAD` and `PROCESS` show
        nothing meanwhile: tell `UNAWARE`.
        """

    async def stop(self) -> None:
        """Take the client down and free what it holds. Called once, also after a failed start."""
