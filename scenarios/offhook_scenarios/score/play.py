"""Plays probes: asyncio clients in virtual time, each probe in a world of its own.

Other clients are played over real sockets, in real time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator

from offhook_scenarios.score.bench import Bench, MakeClient
from offhook_scenarios.score.probes import Probe
from offhook_scenarios.score.seen import Seen
from offhook_scenarios.sim.errors import SimulationError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.world import World

LATENCY = Conditions(latency_s=0.005)
"""Without it a client that floods would never let time pass."""
AT_ONCE = 8
"""Probes on the wire at the same time: each is mostly waiting."""


def play_simulated(
    probes: Iterable[Probe], make: MakeClient, *, clients: int, seed: int
) -> Iterator[Seen]:
    """Each probe in virtual time. The same seed gives the same. Not on a running loop."""
    for probe in probes:
        yield _simulated(probe, make, clients=clients, seed=seed)


def _simulated(probe: Probe, make: MakeClient, *, clients: int, seed: int) -> Seen:
    try:
        with World(seed, conditions=LATENCY) as world:

            async def play() -> Seen:
                bench = Bench(
                    make,
                    clients=clients,
                    seed=seed,
                    policies=probe.policies,
                    on_wire=False,
                    on_host=world.network.on,
                )
                return await bench.run(probe.id, probe.play)

            return world.run(play())
    except SimulationError as error:
        return broken(probe, clients, f"{type(error).__name__}: {error}")


async def play_on_wire(
    probes: Iterable[Probe], make: MakeClient, *, clients: int, seed: int
) -> AsyncIterator[Seen]:
    """Each probe over real sockets and in real time, some at once, as they end."""
    some = asyncio.Semaphore(AT_ONCE)

    async def play(probe: Probe) -> Seen:
        async with some:
            bench = Bench(make, clients=clients, seed=seed, policies=probe.policies, on_wire=True)
            return await bench.run(probe.id, probe.play)

    tasks = [asyncio.create_task(play(probe)) for probe in probes]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def broken(probe: Probe, clients: int, why: str) -> Seen:
    """A probe that ended without a look: of a client that broke what it was played in."""
    return Seen(
        probe=probe.id,
        clients=clients,
        began=0.0,
        ended=0.0,
        arrivals=(),
        presses=(),
        broken=why,
    )
