"""Playing a plan: every step does what it says, and everything is healed by name."""

import asyncio
import contextvars
import re
from collections.abc import Callable

import aiohttp
import pytest

from offhook.faults.kinds import DelayFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.adapters.adapter import Adapter, Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.faults.simulated import SimulatedNetwork
from offhook_scenarios.history import History
from offhook_scenarios.plan.bounds import bounds
from offhook_scenarios.plan.floor import STAYS_RIGHT_S, Floor, Played
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.plan import (
    Cut,
    Fault,
    Force,
    Headset,
    Partition,
    Plan,
    Press,
    Refuse,
    Step,
)
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.errors import EscapeError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.world import World


def play(
    *steps: Step,
    desks: int = 1,
    make: Callable[[int], Adapter] | None = None,
    policies: dict[str, object] | None = None,
) -> Played:
    plan = Plan(seed=1, desks=desks, steps=steps, policies=policies or {})
    conditions = Conditions(latency_s=0.01)
    with World(1, conditions=conditions) as world:

        async def main() -> Played:
            return await Floor(
                plan, SimulatedNetwork(world.network), make or DESKS["reference"]
            ).run()

        played = world.run(main())
        assert world.troubles == []
    return played


@pytest.mark.parametrize(
    "policies", [{"rate_per_token": 1}, {"rate_per_token": 3, "rate_window_s": 20.0}]
)
@pytest.mark.parametrize("steps", [(), (Press(at_s=2, muted=True), Cut(at_s=3))])
def test_a_rate_that_a_plan_narrows_ends_with_its_troubles(
    policies: dict[str, object], steps: tuple[Step, ...]
) -> None:
    # The last test asks for more within three seconds than such a server would answer.
    judged = run_plan(Plan(policies=policies, steps=steps), DESKS["reference"])
    assert judged.findings == ()


def acts(history: History) -> list[tuple[float, str, str]]:
    """Before the epilogue."""
    return [(round(a.at - history.began, 3), a.who, a.what) for a in history.acts][:-5]


class FromTheStart(NaiveDesk):
    """A part of it is at work since it was made; what it dials is the desk's all the same."""

    def __init__(self) -> None:
        super().__init__()
        self._begin = asyncio.Event()
        self._asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        await self._begin.wait()
        async with aiohttp.ClientSession() as session, session.get(self._api):
            pass

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        self._api = config.api
        self._begin.set()
        await super().start(config, tell)
        await self._asking


def test_what_a_client_begins_when_it_is_made_lives_at_its_desk() -> None:
    (history,) = play(make=lambda _: FromTheStart()).histories
    assert "/" in {ask.path for ask in history.asks}


class Elsewhere(NaiveDesk):
    """Dials in a context of its own."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        port = int(config.api.rpartition(":")[2])
        loop = asyncio.get_running_loop()
        dial = loop.create_connection(asyncio.Protocol, "server", port)
        await loop.create_task(dial, context=contextvars.Context())


def test_a_connection_of_no_desk_is_refused_by_name() -> None:
    with pytest.raises(EscapeError, match="dialled at no desk is not simulated"):
        play(make=lambda _: Elsewhere())


def test_hands_act_at_their_times_and_desks() -> None:
    played = play(
        Press(at_s=1, muted=True),
        Headset(at_s=2, desk=2, muted=True),
        Force(at_s=3, desk=2, muted=False),
        desks=2,
    )
    first, second = played.histories
    assert acts(first) == [(1.0, "agent", "presses mute")]
    assert acts(second) == [(2.0, "headset", "mutes"), (3.0, "supervisor", "unmutes")]


def test_the_epilogue_cuts_and_changes_every_desk_behind_its_back() -> None:
    played = play(desks=2)
    for history in played.histories:
        assert [act.what for act in history.acts][:2] == ["cuts every connection", "mutes"]
        assert len(history.links) == 3
    assert len(played.checkpoints) == len(played.judged) == 2


def test_the_epilogue_ends_with_a_clean_drop_after_health_and_a_press_each_way() -> None:
    played = play(desks=2)
    drop, mute, unmute = played.probes
    assert [probe.wish for probe in played.probes] == [None, True, False]
    for history in played.histories:
        healthy_since = history.links[-2].at
        assert drop.at - healthy_since >= played.options.reset_after_s
        assert history.links[-1].at > drop.at
        assert [press.at for press in history.presses] == [mute.at, unmute.at]
    limit_s = bounds(Plan(seed=1)).prompt_s
    for probe in played.probes:
        assert probe.until - probe.at == pytest.approx(limit_s)
    assert played.kept == ()


def test_before_the_last_presses_an_administrator_lets_go_of_a_lock() -> None:
    played = play(desks=2, policies={"admin_force": "locked"})
    for history in played.histories:
        assert [press.ending for press in history.presses] == ["ok", "ok"]
        assert [act.what for act in history.acts if act.who == "supervisor"] == ["mutes", "unmutes"]


def test_a_cut_ends_the_links_of_one_desk() -> None:
    first, second = play(Cut(at_s=5, desk=2), desks=2).histories
    assert (len(first.links), len(second.links)) == (3, 4)
    assert second.links[0].until - second.began == pytest.approx(5)


@pytest.mark.parametrize("way", ["both", "up", "down"])
def test_a_partition_is_noticed_and_ends(way: str) -> None:
    step = Partition(at_s=5, way=way, lasts_s=20)  # type: ignore[arg-type]  # - each of the three.
    (history,) = play(step).histories
    unsure = [s for s in history.sightings if s.belief.shown == "unknown" and s.at > history.began]
    assert unsure, "a desk that hears nothing says so"
    assert 5 < unsure[0].at - history.began < 5 + 9


def test_partitions_that_overlap_last_as_long_as_the_longer() -> None:
    steps = (Partition(at_s=5, lasts_s=30), Partition(at_s=6, lasts_s=2))
    (history,) = play(*steps).histories
    assert all(not 8 < link.at - history.began < 35 for link in history.links)


@pytest.mark.parametrize("silent", [False, True])
def test_nobody_gets_in_while_dialling_is_refused(*, silent: bool) -> None:
    steps = (Refuse(at_s=4, silent=silent, lasts_s=11), Cut(at_s=5))
    (history,) = play(*steps).histories
    assert all(not 5 < link.at - history.began < 15 for link in history.links)
    assert any(link.at - history.began > 15 for link in history.links)


def test_a_fault_of_one_desk_bites_that_one_only_and_is_lifted() -> None:
    rule = RuleSpec(
        match=Match(operation="postWebrtcClientMute"), fault=ReplyFault(status=503), times=None
    )
    presses = (Press(at_s=2, muted=True), Press(at_s=2, desk=2, muted=True))
    first, second = play(Fault(at_s=1, desk=2, rule=rule, lasts_s=4), *presses, desks=2).histories
    (trouble,) = second.troubles
    assert trouble.name == "reply postWebrtcClientMute"
    assert trouble.bites
    assert trouble.until - trouble.at == pytest.approx(4)
    assert first.troubles == ()


def test_a_hand_on_a_device_that_is_not_there_yet_comes_to_nothing() -> None:
    plan = Plan(seed=1, policies={"connect_delay_s": 8}, steps=(Headset(at_s=1, muted=True),))
    with World(1) as world:

        async def main() -> Played:
            return await Floor(plan, SimulatedNetwork(world.network), DESKS["reference"]).run()

        (history,) = world.run(main()).histories
    assert acts(history) == []


class Sad(NaiveDesk):
    """Breaks where it must not."""

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        raise KeyError(muted)


def test_a_client_that_breaks_is_told() -> None:
    played = play(Press(at_s=1, muted=True), make=lambda _: Sad())
    # Its own press, and the two of the epilogue.
    for (desk, told), muted in zip(played.broken, (True, True, False), strict=True):
        assert desk == "desk 1"
        assert re.fullmatch(
            rf"set_mute\(\): KeyError\({muted}\) \(.*test_floor\.py:\d+, in set_mute\)", told
        )


class Idle(NaiveDesk):
    """Opens nothing that would have to be closed."""

    async def start(self, _config: Config, _tell: Callable[[Belief], None]) -> None:
        pass


class Staying(Idle):
    """Takes its time to stop, in one of two ways."""

    def __init__(self, *, deaf: bool) -> None:
        super().__init__()
        self._deaf = deaf

    async def stop(self) -> None:
        while True:
            try:
                await asyncio.sleep(7)
            except asyncio.CancelledError:
                if not self._deaf:
                    raise


@pytest.mark.parametrize("deaf", [False, True])
def test_a_client_that_does_not_stop_is_told_where_it_waits(deaf: bool) -> None:  # noqa: FBT001 - a parameter of the test.
    with World(1, length_max_s=1_000) as world:

        async def main() -> Played:
            make = lambda _seed: Staying(deaf=deaf)  # noqa: E731 - as short as it is.
            return await Floor(Plan(), SimulatedNetwork(world.network), make).run()

        ((desk, told),) = world.run(main()).broken
        # Else it would not end with this world either.
        for task in world.loop.unfinished() if deaf else ():
            task.get_coro().close()
    assert desk == "desk 1"
    assert re.fullmatch(
        r"stop\(\) had not ended 30 s after the stop, in Staying\.stop, test_floor\.py:.*", told
    )


def test_a_start_that_is_no_coroutine_is_told_by_its_name() -> None:
    plain = type("Plain", (Idle,), {"start": lambda *_: None})
    told = r"^start\(\) of desk 1 returned None, which cannot be awaited: write async def start$"
    with pytest.raises(TypeError, match=told):
        play(make=lambda _: plain())


def test_a_stop_that_is_no_coroutine_breaks_the_client() -> None:
    plain = type("Plain", (Idle,), {"stop": lambda *_: None})
    ((_, told),) = play(make=lambda _: plain()).broken
    assert "stop() of desk 1 returned None, which cannot be awaited: write async def stop" in told


class Absent(NaiveDesk):
    """Does not start."""

    async def start(self, _config: Config, _tell: Callable[[Belief], None]) -> None:
        raise ValueError("no")


def test_a_client_that_does_not_start_is_a_failure_of_the_machinery() -> None:
    with pytest.raises(ValueError, match="no"):
        play(make=lambda _: Absent())


def test_a_slow_token_is_a_fault_of_everybody() -> None:
    rule = RuleSpec(match=Match(operation="postOauthToken"), fault=DelayFault(delay_s=1))
    (history,) = play(Fault(at_s=1, rule=rule, lasts_s=4)).histories
    assert [trouble.bites for trouble in history.troubles] == [()]


def test_a_quiet_ends_early_once_every_screen_has_stayed_right() -> None:
    played = play(desks=2)
    first, _ = (
        judged - quiet for quiet, judged in zip(played.checkpoints, played.judged, strict=True)
    )
    assert first == pytest.approx(STAYS_RIGHT_S)


def test_a_quiet_without_a_right_screen_lasts_as_long_as_the_bound() -> None:
    played = play(Force(at_s=1, muted=True), Partition(at_s=0.5, lasts_s=3), make=lambda _: Deaf())
    waited = [j - q for q, j in zip(played.checkpoints, played.judged, strict=True)]
    assert waited[0] == pytest.approx(bounds(Plan()).convergence_s, abs=1)


class Deaf(NaiveDesk):
    """Hears nothing after its start."""

    def _take(self, _message: object) -> None:
        return


def test_by_hand_it_is_the_same_play() -> None:
    def by_hand() -> tuple[Played, str]:
        with World(1, conditions=Conditions(latency_s=0.01)) as world:

            async def made() -> Floor:
                return Floor(Plan(seed=1), SimulatedNetwork(world.network), DESKS["reference"])

            floor = world.run(made())
            world.run(floor.open())
            world.run(floor.start())
            world.run(asyncio.sleep(2))
            floor_at = floor.so_far().histories[0].ended
            world.run(pressed(floor))
            world.run(asyncio.sleep(0))
            assert floor.so_far().histories[0].ended == floor_at
            for work in (floor.calm, floor.epilogue):
                world.run(work())
            played = floor.so_far()
            world.run(floor.close())
        return played, world.trace.digest

    async def pressed(floor: Floor) -> None:
        floor.perform(Press(at_s=0, muted=True))

    played, digest = by_hand()
    assert (played, digest) == by_hand()
    assert played == play(Press(at_s=2, muted=True))
