"""A state machine for Hypothesis that steps through the live simulation, judged at every step.

    class MyDesk(DeskMachine):
        def make_client(self, seed: int) -> Adapter:
            return MyAdapter(seed)

    TestMyDesk = MyDesk.TestCase

Each rule acts, the invariants that hold at every moment are checked after each of them, and at the
end everything is healed, the last test passes and the whole is judged. A failure tells what
happened, and the plan, which `offhook replay` plays too. Needs `pip install 'offhook[hypothesis]'`.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.check.moments import moments
from offhook_scenarios.check.words import headline, told_of
from offhook_scenarios.drivers.live import LiveSession
from offhook_scenarios.drivers.strategies import NETWORKS, presses, troubles
from offhook_scenarios.plan.judgement import Finding
from offhook_scenarios.plan.kinds import KINDS, ONCE
from offhook_scenarios.plan.plan import Plan, Step, written

DESKS_MAX = 2
PAUSES_S = (1.0, 0.01, 0.1, 5.0, 20.0)
"""From what one notices to what one hopes to sit out."""
UP_S = 1.0
"""Until every device is connected, as plans have it."""
_DESK = st.integers(1, DESKS_MAX)


def _kinds_and_steps() -> st.SearchStrategy[tuple[str, Step]]:
    return st.sampled_from(list(KINDS)).flatmap(
        lambda kind: st.tuples(st.just(kind), troubles(kind, 0.0))
    )


class DeskMachine(RuleBasedStateMachine):
    """Subclass it and override `make_client`."""

    strict: ClassVar[bool] = False
    """Whether findings on what is only assumed count."""

    def make_client(self, seed: int) -> Adapter:  # noqa: ARG002 - for those that override it.
        """A client that has not been started. Must be overridden."""
        raise TypeError(f"{type(self).__name__} must say which client it is about: make_client.")

    @initialize(desks=_DESK, seed=st.integers(0, NETWORKS - 1))
    def begin(self, desks: int, seed: int) -> None:
        """The desks come up."""
        self._failed = False
        self._once: set[str] = set()
        self._session = LiveSession(self.make_client, Plan(seed=seed, desks=desks))
        self._session.advance(UP_S)

    @rule(desk=_DESK, step=presses(0.0))
    def press(self, desk: int, step: Step) -> None:
        """The agent presses a button."""
        self._do(desk, step)

    @rule(desk=_DESK, kind_and_step=_kinds_and_steps())
    def trouble(self, desk: int, kind_and_step: tuple[str, Step]) -> None:
        """Something goes wrong, or another hand acts."""
        kind, step = kind_and_step
        if kind in ONCE:
            if self._once:
                return
            self._once.add(kind)
        self._do(desk, step)

    @rule(seconds=st.sampled_from(PAUSES_S))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self._session.advance(seconds)

    @invariant()
    def nothing_is_broken(self) -> None:
        """The invariants that hold at every moment."""
        if session := self._begun:
            self._judge(session.findings())

    def teardown(self) -> None:
        """Everything is healed, and the whole is judged."""
        session = self._begun
        if session is None:
            return
        if self._failed:
            session.close()
        else:
            self._judge(session.end().findings)

    @property
    def _begun(self) -> LiveSession | None:
        session: LiveSession | None = getattr(self, "_session", None)
        return session

    def _do(self, desk: int, step: Step) -> None:
        """At this desk, or the one that there is."""
        changes: dict[str, Any] = {}
        if getattr(step, "desk", None) is not None:
            changes["desk"] = min(desk, self._session.plan.desks)
        self._session.do(msgspec.structs.replace(step, **changes))

    def _judge(self, findings: Sequence[Finding]) -> None:
        __tracebackhide__ = True
        broken = [each for each in findings if self.strict or not each.advisory]
        if not broken:
            return
        self._failed = True
        plan = self._session.plan
        lines = [
            headline(broken),
            "",
            *(moment.words for moment in moments(plan, self._session.played)),
            "",
            *told_of(broken, plan, broken),
            "",
            f"The plan: {written(plan).decode()}",
        ]
        raise AssertionError("\n".join(lines))
