"""What a mutant is: one bug, where it is known from, the plan that shows it, who must notice."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from offhook_client.aio import Account
from offhook_client.desk import Desk
from offhook_client.http import Reply
from offhook_client.platform.desk import PlatformDesk
from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Config
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.mutants.works import Works
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.plan import Plan

PREFIX = "mutant:"
"""What a mutant's name begins with on a command line."""

Patch = Callable[[Works], None]


class MutantDesk(ReferenceDesk):
    """Adapter of the reference client with a bug in it. A bug of the page is a subclass."""

    def __init__(self, mutant: "Mutant", *, seed: int) -> None:
        super().__init__(seed=seed)
        self.name = PREFIX + mutant.name
        self._mutant = mutant
        self._screen: Belief = UNAWARE
        self._own: list[asyncio.Task[None]] = []

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """As the reference desk; what the person sees goes through `paint`."""
        self._hand_on = tell
        await super().start(config, lambda belief: self.say(self.paint(belief)))

    def say(self, belief: Belief) -> None:
        """The screen says this now."""
        self._screen = belief
        self._hand_on(belief)

    async def observe(self) -> Belief:
        """What is on the screen."""
        return self._screen

    def paint(self, belief: Belief) -> Belief:
        """What the page makes of what the client believes."""
        return belief

    def lay_open(self, works: Works) -> None:
        """The client is built and has not started."""
        self.works = works
        if self._mutant.patch is not None:
            self._mutant.patch(works)

    async def post(self, muted: bool) -> Reply:
        """A mute of the page's own, past the client: no number, no key, no condition."""
        path = f"/api/v2/webrtc/clients/{self.works.state.client_id}/mute"
        headers = {"Content-Type": "application/json"}
        body = msgspec.json.encode({"muted": muted})
        return await self.works.caller.attempt("page", "POST", path, headers=headers, body=body)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task of the page's own until it is closed."""
        self._own.append(asyncio.create_task(work))

    async def stop(self) -> None:
        """As the reference desk; the page's own tasks end first."""
        for task in self._own:
            task.cancel()
        await asyncio.gather(*self._own, return_exceptions=True)
        await super().stop()

    def _make_desk(self, account: Account, config: Config) -> Desk | PlatformDesk:
        desk = super()._make_desk(account, config)
        assert isinstance(desk, Desk), "mutants speak the tutorial's dialect"
        self.lay_open(Works(account, desk))
        return desk


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """One bug."""

    name: str
    bug: str
    """What it does wrong: one sentence."""
    ports: str
    """Where the bug is known from."""
    link: str | None = None
    """Where one can read of it."""
    patch: Patch | None = None
    page: type[MutantDesk] = MutantDesk
    """The page round the client, where the bug is in there."""
    caught_by: tuple[Invariant, ...]
    """Who must notice: at least one of these, in the directed plan."""
    plan: Plan
    """The shortest plan that shows it. Its seed is the first of the network seeds."""

    def make(self, seed: int) -> MutantDesk:
        """A client with this bug, not started."""
        return self.page(self, seed=seed)
