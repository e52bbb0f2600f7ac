"""Plays the probes in a process of its own, so that no client can take the command with it."""

import asyncio
import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection

from offhook_scenarios.adapters.browser import Page
from offhook_scenarios.score.bench import MakeClient
from offhook_scenarios.score.clients import find
from offhook_scenarios.score.play import broken, play_on_wire, play_simulated
from offhook_scenarios.score.probes import PROBES, Probe
from offhook_scenarios.score.seen import Seen

PATIENCE_S = 120.0
"""How long there may be no news, in real time. The slowest probe takes a sixth of it."""


def run(
    name: str,
    probes: Sequence[Probe],
    *,
    clients: int,
    seed: int,
    on_wire: bool = False,
    page: Page | None = None,
    patience_s: float = PATIENCE_S,
) -> Iterator[Seen]:
    """What was seen in each probe, as they end, of a client by its name.

    `on_wire`: over real sockets, whatever the client is. A client that ends the process, or hangs
    it, breaks the probes that are left.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    names = [probe.id for probe in probes]
    process = context.Process(
        target=_work, args=(theirs, name, names, clients, seed, on_wire, page), daemon=True
    )
    process.start()
    theirs.close()
    left = {probe.id: probe for probe in probes}
    why = ""
    try:
        while left:
            if not ours.poll(patience_s):
                why = f"nothing came of it for {patience_s:g} s: it hangs, and the loop with it"
                break
            seen: Seen = ours.recv()
            del left[seen.probe]
            yield seen
    except EOFError:
        process.join(patience_s)
        why = f"it ended its process, with exit code {process.exitcode}"
    finally:
        process.kill()
        process.join()
        ours.close()
    for probe in left.values():
        yield broken(probe, clients, why)


def _work(  # noqa: PLR0917 - what crosses to another process, in its order.
    connection: Connection,
    name: str,
    names: Sequence[str],
    clients: int,
    seed: int,
    on_wire: bool,  # noqa: FBT001 - as above.
    page: Page | None,
) -> None:
    logging.disable(logging.CRITICAL)
    make = find(name, page).make
    probes = [PROBES[each] for each in names]
    if on_wire:
        asyncio.run(_on_wire(connection, probes, make, clients=clients, seed=seed))
        return
    for seen in play_simulated(probes, make, clients=clients, seed=seed):
        connection.send(seen)


async def _on_wire(
    connection: Connection, probes: Sequence[Probe], make: MakeClient, *, clients: int, seed: int
) -> None:
    async for seen in play_on_wire(probes, make, clients=clients, seed=seed):
        connection.send(seen)
