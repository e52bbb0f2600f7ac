"""Likely causes: one for every invariant and every trouble."""

import time

import pytest

from offhook_scenarios.adapters.adapter import Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check.causes import CAUSES, RULES, Cause, likely_cause
from offhook_scenarios.check.setup import play
from offhook_scenarios.check.step_words import trouble
from offhook_scenarios.plan.judgement import Finding, Invariant
from offhook_scenarios.plan.kinds import KINDS
from offhook_scenarios.plan.plan import Cut, Expire, Plan, Press, Restart
from offhook_scenarios.plan.swarm import generate


def test_every_invariant_has_its_rule_and_its_causes() -> None:
    names = {f"I{number}" for number in range(15)}
    assert set(RULES) == set(CAUSES) == names
    assert {each.value for each in Invariant} <= names
    assert all("" in causes for causes in CAUSES.values())


def test_every_cause_is_somebodys() -> None:
    assert {cause for causes in CAUSES.values() for cause in causes.values()} == set(Cause)


def test_every_trouble_of_the_tables_is_one_that_plans_make() -> None:
    made = {trouble(step) for seed in range(3_000) for step in generate(seed).steps}
    words = {word for name in made for word in (name, name.split()[0])}
    others = {"", "nothing", "push-stall", "real"}
    others |= {"halfOpen", "slow", "restart", "expire", "client", "wire"}
    named = {name for causes in CAUSES.values() for name in causes}
    assert named - words <= others
    assert len(KINDS) > 20


@pytest.mark.parametrize(
    ("invariant", "steps", "cause"),
    [
        (Invariant.I1, (), Cause.NO_SNAPSHOT),
        (Invariant.I1, (Press(at_s=1, muted=True), Expire(at_s=2)), Cause.REFRESH),
        (Invariant.I1, (Restart(at_s=1, lasts_s=1), Press(at_s=2, muted=True)), Cause.EPOCH),
        (Invariant.I2, (Cut(at_s=1),), Cause.STALE),
        (Invariant.I10, (Cut(at_s=1),), Cause.LEFT_BEHIND),
    ],
)
def test_a_cause_is_found_by_the_last_trouble_that_is_known(
    invariant: Invariant, steps: tuple[Cut, ...], cause: Cause
) -> None:
    finding = Finding(invariant=invariant, desk="desk 1", at_s=1, words="it broke")
    assert likely_cause(finding, Plan(steps=steps)) is cause


class Sleeper(NaiveDesk):
    """Stops the whole world while it waits."""

    async def start(self, _config: Config, _tell: object) -> None:
        time.sleep(0.01)  # noqa: ASYNC251 - that is what it does wrong.


def test_who_reaches_for_something_real_is_not_told_to_wait_less() -> None:
    judged = play(Plan(steps=(Cut(at_s=1),)), lambda _: Sleeper())
    assert judged.findings[0].invariant is Invariant.I0
    assert likely_cause(judged.findings[0], judged.plan) is Cause.REAL
