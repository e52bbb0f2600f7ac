"""Plays with steps, and what each desk saw of them."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.faults.simulated import SimulatedNetwork
from offhook_scenarios.plan.floor import Floor, Played
from offhook_scenarios.plan.plan import Plan, Step
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.world import World

LATENCY_S = 0.01
SETTLED_S = 3.0
"""By then every desk has its event socket."""
Play = Callable[..., Played]


@pytest.fixture
def play() -> Play:
    """Play these steps, with the reference client unless told otherwise."""

    def play(
        *steps: Step,
        desks: int = 1,
        make: Callable[[int], Adapter] = DESKS["reference"],
        **policies: Any,
    ) -> Played:
        plan = Plan(seed=1, desks=desks, steps=steps, policies=policies)
        with World(1, conditions=Conditions(latency_s=LATENCY_S)) as world:

            async def main() -> Played:
                return await Floor(plan, SimulatedNetwork(world.network), make).run()

            played = world.run(main())
            assert world.troubles == []
        return played

    return play


class ByHand:
    """A floor that is open, and steps that are taken when the test says so."""

    def __init__(self, *, desks: int = 1, make: Callable[[int], Adapter] | None = None) -> None:
        self.world = World(1, conditions=Conditions(latency_s=LATENCY_S))
        self.plan = Plan(seed=1, desks=desks)
        self.floor: Floor = self.world.run(self._open(make or DESKS["reference"]))
        self.ground = self.floor.ground
        self.network = self.ground.network

    async def _open(self, make: Callable[[int], Adapter]) -> Floor:
        floor = Floor(self.plan, SimulatedNetwork(self.world.network), make)
        await floor.open()
        await floor.start()
        await asyncio.sleep(SETTLED_S)
        return floor

    def do(self, step: Step, *, then_s: float = 0.0) -> Any:
        """Take a step, let time pass, return the newest fault."""

        async def main() -> None:
            self.floor.perform(step)
            await asyncio.sleep(then_s)

        self.world.run(main())
        return self.floor.faults[-1] if self.floor.faults else None

    def wait(self, seconds: float) -> None:
        self.world.run(asyncio.sleep(seconds))

    def close(self) -> None:
        self.world.run(self.floor.close())
        self.world.close()
        assert self.world.troubles == []


@pytest.fixture
def by_hand() -> Iterator[Callable[..., ByHand]]:
    made: list[ByHand] = []

    def make(**options: Any) -> ByHand:
        made.append(ByHand(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()
