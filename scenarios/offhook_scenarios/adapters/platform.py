"""The reference client on the platform dialect under judgement: nothing here but translation."""

import contextlib
import random
from collections.abc import Callable

from offhook_client.aio import Account
from offhook_client.errors import ClientError
from offhook_client.platform.desk import PlatformDesk
from offhook_client.tokens import PasswordGrant
from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart
from offhook_scenarios.adapters.reference import translated


class PlatformReferenceDesk:
    """Adapter of `offhook_client.platform`. `seed` feeds the client's jitter."""

    name = "reference (platform)"
    can = frozenset({Ability.SET_MUTE, Ability.OBSERVE})

    def __init__(self, *, seed: int = 0) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - jitter guards no secret.
        self._account: Account | None = None
        self._desk: PlatformDesk | None = None

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Log in and find out who the user is; channel and calls follow on their own."""
        grant = PasswordGrant(
            username=config.username,
            password=config.password,
            client_id=config.client_id,
            client_secret=config.client_secret,
        )
        self._account = Account(config.api, grant, rng=self._rng)
        await self._account.start()
        self._desk = PlatformDesk(self._account.caller)
        self._desk.on_change(lambda belief: tell(translated(belief)))
        await self._desk.start()

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        """A person presses the button. A wish that fails is told by the belief."""
        assert self._desk is not None, "a press before the start"
        with contextlib.suppress(ClientError):
            await self._desk.set_mute(muted=muted)

    async def observe(self) -> Belief:
        """What the desk believes, of all calls together: it knows of no device."""
        return UNAWARE if self._desk is None else translated(self._desk.belief)

    async def restart(self, kind: Restart) -> None:
        """Not supported, as `can` says."""
        raise AssertionError(f"this desk is not restarted by {kind}")

    async def stop(self) -> None:
        """Close everything; calls go on."""
        if self._desk is not None:
            await self._desk.close()
        if self._account is not None:
            await self._account.close()
