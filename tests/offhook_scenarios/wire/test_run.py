"""Plans over real sockets: every kind of trouble bites, the reference client holds, others fail."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest
from tests.offhook_scenarios.faults.steps import ONE_OF_EACH

from offhook_client.options import DEFAULT
from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.faults.catalogue import KINDS
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.plan import Cut, Force, HalfOpen, Plan, Press, Step, Wire
from offhook_scenarios.plan.wire import When
from offhook_scenarios.run import DESKS
from offhook_scenarios.wire import run as module
from offhook_scenarios.wire.run import run_plan_on_wire

SPEED = 50.0
"""A second of the wall is almost a minute."""
EVENT = When(way="down", link="events", contains="muteChanged")
ANSWER = When(way="down", link="http", contains="HTTP/1.1 204")
READ = When(way="down", link="http", contains='"muted"')
GROUPS: dict[str, tuple[str, ...]] = {
    "network": ("cut", "cut at one side", "end", "partition", "partition one way", "half-open"),
    "server": ("slow", "refuse", "token expires", "restart", "state lost", "silent"),
    "machine": ("process", "sleep", "wire delay", "wire drip", "wire drop", "wire hold"),
    "bytes": ("wire lose", "wire break", "wire end", "slow request", "slow answer"),
    "answers": ("429", "409", "5xx", "request lost", "answer lost", "other answer"),
    "reads": ("slow snapshot", "answer cut short", "401"),
    "events": ("event lost", "event late", "event twice", "event overtaken", "event garbled"),
    "sockets": ("socket stalled", "socket refused", "socket closed"),
}
APART_S = 20.0
BY_DAY = ("answers", "sockets")
"""The groups that are played by day: each waits in the wall's time."""


def steps_of(kind: str, at_s: float) -> tuple[Step, ...]:
    """The kind, and whatever makes it bite."""
    step = msgspec.structs.replace(ONE_OF_EACH[kind], at_s=at_s)
    if isinstance(step, Wire):
        step = msgspec.structs.replace(step, when=EVENT if kind == "wire drop" else ANSWER)
    press = (Press(at_s=at_s + 0.5, muted=True), Press(at_s=at_s + 9.5, muted=False))
    forced = (Force(at_s=at_s + 0.2, muted=True), Force(at_s=at_s + 0.3, muted=False))
    if kind in GROUPS["reads"] or kind in {"refuse", "silent", "slow"}:
        return step, Cut(at_s=at_s + 0.1)
    if kind in {*GROUPS["events"], *GROUPS["sockets"]}:
        return step, *forced
    if kind in {"partition", "partition one way"}:
        return step, *forced, *press
    return step, *press


def test_every_kind_is_in_a_group() -> None:
    in_groups = [kind for group in GROUPS.values() for kind in group]
    assert sorted(in_groups) == sorted(set(KINDS) - {"reload"})


@pytest.mark.parametrize(
    "group",
    [
        group if group in BY_DAY else pytest.param(group, marks=pytest.mark.nightly)
        for group in GROUPS
    ],
)
def test_every_kind_of_trouble_bites_and_the_reference_client_holds(group: str) -> None:
    kinds = GROUPS[group]
    steps = [
        step for number, kind in enumerate(kinds) for step in steps_of(kind, 2 + number * APART_S)
    ]
    plan = Plan(seed=1, steps=tuple(steps))
    judged = run_plan_on_wire(plan, DESKS["reference"], speed=SPEED)
    assert [kind for kind in kinds if not judged.bites[kind]] == []
    assert judged.findings == ()
    assert judged.digest == ""


def test_two_desks_have_a_door_each_and_what_happened_is_shown_first() -> None:
    shown: list[Played] = []
    steps = (Press(at_s=1, muted=True), Cut(at_s=2, desk=2), Press(at_s=3, desk=2, muted=True))
    plan = Plan(seed=1, desks=2, steps=steps)
    judged = run_plan_on_wire(plan, DESKS["reference"], speed=SPEED, watch=shown.append)
    assert judged.findings == ()
    first, second = shown[0].histories
    assert len(second.links) == len(first.links) + 1
    assert first.answers
    assert first.heard
    assert first.presses[0].ending == "ok"


def test_a_client_that_never_looks_again_is_found() -> None:
    steps = (HalfOpen(at_s=1), Force(at_s=1.1, muted=True))
    plan = Plan(seed=1, steps=steps)
    judged = run_plan_on_wire(plan, lambda _: NaiveDesk(), speed=100)
    assert {finding.invariant for finding in judged.findings} & {Invariant.I1, Invariant.I3}


class Leaky(NaiveDesk):
    """Leaves a task behind."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        self.left = asyncio.create_task(asyncio.sleep(3_600))


def test_a_task_that_outlives_its_client_is_told() -> None:
    judged = run_plan_on_wire(Plan(seed=1), lambda _: Leaky(), speed=100)
    hygiene = [f.words for f in judged.findings if f.invariant is Invariant.I10]
    assert any("a task was left over" in words for words in hygiene)


class Stuck(NaiveDesk):
    """Never comes to an end."""

    async def stop(self) -> None:
        await super().stop()
        await asyncio.get_running_loop().create_future()


def test_a_play_that_comes_to_no_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "longest_s", lambda _plan, _options: 20.0)
    shown: list[Played] = []
    make = lambda _: Stuck()  # noqa: E731 - a factory.
    judged = run_plan_on_wire(Plan(seed=1), make, speed=100, watch=shown.append)
    assert Invariant.I0 in {finding.invariant for finding in judged.findings}
    assert shown == []


def test_a_client_that_declares_long_waits_is_given_the_time_for_them() -> None:
    patient = msgspec.structs.replace(DEFAULT, reset_after_s=3_600.0, reconnect_cap_s=300.0)
    more_s = module.longest_s(Plan(), patient) - module.longest_s(Plan(), DEFAULT)
    waits_s = 3_600.0 - DEFAULT.reset_after_s + 2 * (300.0 - DEFAULT.reconnect_cap_s)
    assert more_s == pytest.approx(waits_s)


def test_it_is_looked_again_what_the_client_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    # Known only once it has been made: the reference's constants are too short for this one.
    monkeypatch.setattr(module, "STUCK_AFTER_S", 10.0)
    monkeypatch.setattr(module, "LOOK_S", 1.0)
    judged = run_plan_on_wire(Plan(seed=1), lambda _: Patient(), speed=100)
    assert Invariant.I0 not in {finding.invariant for finding in judged.findings}


class Patient(NaiveDesk):
    """Declares that it forgets its backoff after five minutes."""

    options = msgspec.structs.replace(DEFAULT, reset_after_s=300.0)


class Absent(NaiveDesk):
    """Does not start."""

    async def start(self, _config: Config, _tell: Callable[[Belief], None]) -> None:
        raise ValueError("no")


def test_a_client_that_does_not_start_is_a_failure_of_the_machinery() -> None:
    with pytest.raises(ValueError, match="no"):
        run_plan_on_wire(Plan(seed=1), lambda _: Absent(), speed=100)


def test_a_speed_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 100"):
        run_plan_on_wire(Plan(), DESKS["reference"], speed=1_000)
