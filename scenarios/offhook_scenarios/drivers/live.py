"""A session whose steps are decided as it goes, on the live simulation; judged at every step.

    with LiveSession(make) as session:
        session.do(Press(at_s=0, muted=True))
        session.advance(2.5)
        assert not session.findings()
        judged = session.end()

What was done is a plan again (`session.plan`): with tasks in FIFO order, the same bytes.
"""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from offhook_scenarios.check.setup import quiet
from offhook_scenarios.faults.simulated import SimulatedNetwork
from offhook_scenarios.oracles.excuses import excuse
from offhook_scenarios.oracles.table import ORACLES
from offhook_scenarios.plan.floor import Floor, MakeClient, Played
from offhook_scenarios.plan.judgement import (
    Finding,
    Invariant,
    Judged,
    case_of,
    judged,
    kept,
    left_over,
)
from offhook_scenarios.plan.plan import Plan, Step, check_plan
from offhook_scenarios.sim.errors import SimulationError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.world import World

T = TypeVar("T")

AT_THE_END = frozenset({Invariant.I1, Invariant.I9, Invariant.I12, Invariant.I14})
"""What something must come to: nobody can tell before the end."""


class LiveSession:
    """One play. A context manager; not to be used on a running loop.

    `make` makes a client from a seed. `plan` says all but the steps: seed, desks, weather,
    policies. Raises what a client raises that will not start.
    """

    def __init__(self, make: MakeClient, plan: Plan = Plan()) -> None:  # noqa: B008 - a frozen value.
        assert not plan.steps, "its steps are decided as it goes"
        self._plan = plan
        self._steps: list[Step] = []
        self._due: list[Step] = []
        """Of them, what has not been done yet."""
        self._at_s = 0.0
        self._stuck: str | None = None
        self._closed = False
        weather = plan.weather
        conditions = Conditions(latency_s=weather.latency_s, jitter_s=weather.jitter_s)
        self._world = World(plan.seed, order=plan.order, conditions=conditions)

        async def made() -> Floor:
            return Floor(plan, SimulatedNetwork(self._world.network), make)

        try:
            self._floor = self._run(made())
            self._run(self._floor.open())
        except BaseException:
            self._world.close()
            raise
        try:
            self._run(self._floor.start())
        except BaseException:
            self.close()
            raise
        self._began = self._world.loop.time()

    @property
    def plan(self) -> Plan:
        """What was done up to now."""
        return msgspec.structs.replace(self._plan, steps=tuple(self._steps))

    @property
    def played(self) -> Played:
        """What happened up to now."""
        return self._floor.so_far()

    def do(self, step: Step) -> None:
        """Do this now, whatever its `at_s`; it shows once time passes.

        Raises `PlanError` for a desk that there is not.
        """
        step = msgspec.structs.replace(step, at_s=self._at_s)
        check_plan(msgspec.structs.replace(self._plan, steps=(step,)))
        self._steps.append(step)
        self._due.append(step)

    def advance(self, seconds: float) -> None:
        """Let so much time pass, 0 or more. What is to be done is done at its beginning."""
        if seconds > 0:
            self._at_s = round(self._at_s + seconds, 6)
            self._simulate(self._go_on())

    def findings(self) -> tuple[Finding, ...]:
        """What is broken already. What only the end can tell is not judged."""
        played = None if self._stuck else self.played
        case = case_of(self.plan, played, troubles=tuple(self._world.troubles), stuck=self._stuck)
        return tuple(
            finding
            for oracle in ORACLES
            if oracle.id not in AT_THE_END
            for finding in oracle.judge(case)
            if excuse(case, finding) is None
        )

    def end(self) -> Judged:
        """Heal everything, let the last test pass, take all down, and judge the whole."""
        plan = self.plan
        self._at_s = max(self._at_s, plan.ends_s)
        self._simulate(self._finish())
        played = None if self._stuck else self.played
        self.close()
        if self._stuck:
            played = None
        if played is not None:
            broken = self.played
            played = msgspec.structs.replace(played, broken=broken.broken, kept=broken.kept)
            self._world.troubles += kept(played)
        case = case_of(plan, played, troubles=tuple(self._world.troubles), stuck=self._stuck)
        return judged(case, digest=self._world.trace.digest, elapsed_s=self._world.elapsed_s)

    def close(self) -> None:
        """Take all down; twice is once."""
        if self._closed:
            return
        self._closed = True
        try:
            # What is stuck can still be ended, most often.
            self._world.loop.begin_anew()
            self._run(self._floor.close())
            # Before the world ends them.
            self._world.troubles += left_over(self._world)
        except SimulationError as error:
            self._stuck = self._stuck or str(error)
        finally:
            with quiet():
                self._world.close()

    async def _go_on(self) -> None:
        """As a floor plays a plan."""
        due, self._due = self._due, []
        for number, step in enumerate(due):
            if number:
                await asyncio.sleep(0)
            self._floor.perform(step)
        await asyncio.sleep(max(0.0, self._began + self._at_s - self._world.loop.time()))

    async def _finish(self) -> None:
        await self._go_on()
        await self._floor.calm()
        await self._floor.epilogue()

    def _simulate(self, work: Coroutine[Any, Any, None]) -> None:
        """Once the simulation is stuck, nothing more is done in it."""
        if self._stuck is not None:
            work.close()
            return
        try:
            self._run(work)
        except SimulationError as error:
            self._stuck = str(error)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with quiet():
            return self._world.run(work)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
