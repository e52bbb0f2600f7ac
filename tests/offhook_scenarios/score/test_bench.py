"""The bench: what clients do to it, and what it does to them."""

import asyncio
from collections.abc import Callable

from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.score.bench import Bench, Counting, _told
from offhook_scenarios.score.play import LATENCY
from offhook_scenarios.score.policy_desk import PolicyDesk
from offhook_scenarios.score.seen import WRITES, Seen
from offhook_scenarios.sim.world import World


class Broken(PolicyDesk):
    """Breaks where it is told to."""

    def __init__(self, where: str) -> None:
        super().__init__(CATALOGUE["none"].policy, name="broken", seed=1)
        self.where = where

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        if self.where == "start":
            raise ValueError("no start")
        await super().start(config, tell)

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        if self.where == "press":
            raise KeyError("muted")
        await super().set_mute(muted)

    async def stop(self) -> None:
        await super().stop()
        if self.where == "stop":
            await asyncio.sleep(1e6)


def play(where: str) -> Seen:
    with World(1, conditions=LATENCY) as world:

        async def run() -> Seen:
            bench = Bench(
                lambda _seed: Broken(where),
                clients=2,
                seed=1,
                policies={},
                on_wire=False,
                on_host=world.network.on,
            )

            async def press(bench: Bench) -> None:
                bench.press(muted=True)
                await bench.watch(2.0)

            return await bench.run("seconds", press)

        return world.run(run())


def test_two_clients_press_and_are_told_apart() -> None:
    seen = play("nowhere")
    assert seen.broken is None
    assert sorted(arrival.client or 0 for arrival in seen.of(WRITES)) == [0, 1]
    assert all(press.ended_at is not None for press in seen.presses)
    assert seen.believed is None
    assert not isinstance(Broken(""), Counting)


def test_a_client_that_does_not_start_is_told() -> None:
    seen = play("start")
    assert seen.broken == "did not start: ValueError: no start"
    assert seen.arrivals == ()


def test_a_client_that_breaks_in_a_press_or_does_not_stop_is_told() -> None:
    assert play("press").broken == "broke: KeyError: 'muted'"
    assert play("stop").broken == "broke: TimeoutError"


def test_what_a_client_said_is_told_in_a_line() -> None:
    assert _told(ValueError("a\n b.")) == "ValueError: a b"
    assert _told(TimeoutError()) == "TimeoutError"
    assert len(_told(ValueError("x" * 1000))) < 200
