"""The reference client under judgement: nothing here but translation."""

import asyncio
import random
from collections.abc import Callable

from offhook_client.aio import Account
from offhook_client.errors import ClientError, ForcedError, OvertakenError, SupersededError
from offhook_client.front import Front
from offhook_client.models import Belief as ClientBelief
from offhook_client.models import Gate as ClientGate
from offhook_client.tokens import PasswordGrant
from offhook_scenarios.adapters.adapter import (
    UNAWARE,
    Ability,
    Belief,
    Config,
    Ending,
    Gate,
    Restart,
    Shown,
)
from offhook_scenarios.sim.sleep import sleep_here

START_AGAIN_S = 1.0
"""After how long a person starts a program again that would not come up."""

ENDINGS: tuple[tuple[type[ClientError], Ending], ...] = (
    (SupersededError, Ending.SUPERSEDED),
    (OvertakenError, Ending.OVERTAKEN),
    (ForcedError, Ending.FORCED),
    (ClientError, Ending.FAILED),
)
"""What each error of the client tells whoever pressed; the first that fits counts."""


class ReferenceDesk:
    """Adapter of `offhook_client`. `seed` feeds the client's jitter."""

    name = "reference"
    can = frozenset({Ability.SET_MUTE, Ability.OBSERVE, Ability.PROCESS, Ability.SLEEP})

    def __init__(self, *, seed: int = 0) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - jitter guards no secret.
        self._account: Account | None = None
        self._desk: Front | None = None
        self._sent_before = 0
        self._switch = Gate.UNKNOWN
        """Where the track stands."""

    @property
    def attempts(self) -> int:
        """HTTP requests that the client sent since it started, those of all its processes."""
        now = 0 if self._account is None else self._account.caller.http.attempts
        return self._sent_before + now

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Log in and establish the session; the event socket follows on its own."""
        self._config, self._tell = config, tell
        await self._open()

    async def _open(self) -> None:
        config = self._config
        grant = PasswordGrant(
            username=config.username,
            password=config.password,
            client_id=config.client_id,
            client_secret=config.client_secret,
        )
        self._switch = Gate.CUT  # Until the desk opens it.
        self._account = Account(config.api, grant, rng=self._rng)
        await self._account.start()
        desk = self._make_desk(self._account, config)
        desk.on_change(lambda belief: self._tell(translated(belief, self._switch)))
        await desk.start()
        self._desk = desk
        self._tell(translated(desk.belief, self._switch))

    def _make_desk(self, account: Account, config: Config) -> Front:
        return account.desk(config.device, microphone=self._move)

    def _move(self, position: ClientGate) -> None:
        """What a program does with its track."""
        self._switch = Gate(position.value)

    async def set_mute(self, muted: bool) -> Ending:  # noqa: FBT001 - the Protocol's signature.
        """A person presses the button."""
        if self._desk is None:
            return Ending.FAILED
        try:
            await self._desk.set_mute(muted=muted)
        except ClientError as error:
            return next(ending for kind, ending in ENDINGS if isinstance(error, kind))
        return Ending.OK

    async def observe(self) -> Belief:
        """What the desk believes."""
        return UNAWARE if self._desk is None else translated(self._desk.belief, self._switch)

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:
        """A process keeps nothing: a new account, a new desk, started until it is up."""
        if kind is Restart.SLEEP:
            await sleep_here(lasts_s)
            return
        assert kind is Restart.PROCESS, f"the reference desk is not restarted by {kind}"
        assert self._account is not None, "a restart before the start"
        await self._close()
        self._switch = Gate.UNKNOWN
        self._tell(UNAWARE)
        await asyncio.sleep(lasts_s)
        while True:
            try:
                await self._open()
            except ClientError:
                await self._close()
                await asyncio.sleep(START_AGAIN_S)
            else:
                return

    async def stop(self) -> None:
        """Close everything; the session on the server stays."""
        await self._close()

    async def _close(self) -> None:
        desk, account, self._desk, self._account = self._desk, self._account, None, None
        if desk is not None:
            await desk.close()
        if account is not None:
            await account.close()
            self._sent_before += account.caller.http.attempts


def translated(belief: ClientBelief, switch: Gate = Gate.UNKNOWN) -> Belief:
    """The client's belief in the judge's words; `switch` is where its track stands."""
    version = belief.version
    return Belief(
        shown=Shown(belief.shown.value),
        gate=Gate(belief.gate.value),
        device_id=belief.client_id,
        version=None if version is None else (version.epoch, version.rev),
        switch=switch,
    )
