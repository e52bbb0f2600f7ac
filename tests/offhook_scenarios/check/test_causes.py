"""Likely causes: one for every invariant and every trouble."""

import time
from pathlib import Path

import msgspec
import pytest

from offhook_scenarios import oracles
from offhook_scenarios.adapters.adapter import Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check import causes
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
    tabled = {cause for causes in CAUSES.values() for cause in causes.values()}
    assert tabled | {Cause.NOT_BACK, Cause.PRESS_STUCK} == set(Cause)


@pytest.mark.parametrize(
    ("invariant", "words", "cause"),
    [
        (Invariant.I2, "later the caller could hear through the client's own switch", "SWITCH"),
        (Invariant.I2, "the client says that its switch is cut, and the caller", "SWITCH"),
        (Invariant.I2, "screen muted, caller could hear for 91.000 s", "STALE"),
        (Invariant.I6, "61 requests of one client in 5 s", "HAMMERS"),
        (Invariant.I6, "6 sockets in a row, each dialled again at once", "STORMS"),
        (Invariant.I6, "no jitter: it waits the same", "STORMS"),
        (Invariant.I9, "the mute ended as failed, and the server had answered", "UNTRUE_END"),
        (Invariant.I9, "the mute has not ended in 10.5 s", "NO_DEADLINE"),
        (Invariant.I9, "an unmute on a healthy network is not in effect", "PRESS_STUCK"),
    ],
)
def test_what_the_finding_says_counts_more_than_the_trouble(
    invariant: Invariant, words: str, cause: str
) -> None:
    finding = Finding(invariant=invariant, desk="desk 1", at_s=1, words=words)
    assert likely_cause(finding, Plan(steps=(Cut(at_s=1),))) is Cause[cause]


def test_each_word_of_an_oracle_that_tells_a_cause_is_said_by_one() -> None:
    folder = Path(oracles.__file__).parent
    said = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    ours = {key: words for key, words in causes._SAID.items() if key not in {"real", "broke"}}
    assert [key for key, words in ours.items() if words not in said] == []


def test_every_trouble_of_the_tables_is_one_that_plans_make() -> None:
    made = {trouble(step) for seed in range(3_000) for step in generate(seed).steps}
    words = {word for name in made for word in (name, name.split()[0])}
    others = {"", "nothing", "push-stall", "real", "down", "broke"}
    others |= {"switch", "requests", "dials", "sockets", "jitter", "untrue"}
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


BROKEN = {
    (Invariant.I1, "it says muted, the device is disconnected and live"): Cause.NOT_BACK,
    (Invariant.I1, "it says muted, the device is connected and live"): Cause.NO_SNAPSHOT,
    (Invariant.I13, "the screen says muted, though the event socket is known to be down"): (
        Cause.DEAF
    ),
    (Invariant.I13, "the screen says muted, though a frame could not be read"): Cause.STALE,
    (Invariant.I9, "the client broke in set_mute(): KeyError(1)"): Cause.BREAKS,
    (Invariant.I9, "the client broke in stop(): KeyError(1)"): Cause.NO_DEADLINE,
}


@pytest.mark.parametrize("said", BROKEN, ids=str)
@pytest.mark.parametrize("by_itself", [True, False])
def test_what_the_findings_say_tells_more_than_the_plan(
    said: tuple[Invariant, str],
    by_itself: bool,  # noqa: FBT001 - a parameter of the test.
) -> None:
    invariant, words = said
    finding = Finding(invariant=invariant, desk="desk 1", words=words if by_itself else "")
    others = [Finding(invariant=Invariant.I10, desk="desk 1", words=words)]
    assert likely_cause(finding, Plan(), others) is BROKEN[said]
    elsewhere = [msgspec.structs.replace(each, desk="desk 2") for each in others]
    silent = msgspec.structs.replace(finding, words="")
    assert likely_cause(silent, Plan(), elsewhere) is likely_cause(silent, Plan())


def test_a_trouble_that_keeps_a_client_away_is_a_better_guess() -> None:
    words = "it says muted, the device is disconnected and live"
    finding = Finding(invariant=Invariant.I1, desk="desk 1", words=words)
    assert likely_cause(finding, Plan(steps=(Expire(at_s=2),))) is Cause.REFRESH


class Sleeper(NaiveDesk):
    """Stops the whole world while it waits."""

    async def start(self, _config: Config, _tell: object) -> None:
        time.sleep(0.01)  # noqa: ASYNC251 - that is what it does wrong.


def test_who_reaches_for_something_real_is_not_told_to_wait_less() -> None:
    judged = play(Plan(steps=(Cut(at_s=1),)), lambda _: Sleeper())
    assert judged.findings[0].invariant is Invariant.I0
    assert likely_cause(judged.findings[0], judged.plan) is Cause.REAL
