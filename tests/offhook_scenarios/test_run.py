"""One play: what breaks is an error, what never bit is told, and every desk is stopped."""

import asyncio
import gc
from collections.abc import Callable

import pytest

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import PushDropFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import SurroundingsError
from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.loop import loop_factory
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.run import DESKS, play
from offhook_scenarios.sessions.session import (
    LayFault,
    Press,
    SecondTab,
    Session,
    Step,
    server_ends_session,
    supervisor,
)


def session(*script: Step, length_s: float = 3) -> Session:
    return Session(
        id="short",
        title="short",
        evidence=Evidence.ASSUMED,
        source="this test",
        story="Short.",
        script=script,
        length_s=length_s,
    )


def played(desk: str, *script: Step, budget_s: float = 2.0) -> Outcome:
    with asyncio.Runner(loop_factory=loop_factory(10)) as runner:
        return runner.run(play(session(*script), desk, seed=1, budget_s=budget_s))


class Sad(NaiveDesk):
    """Breaks in the verb it is told to, and remembers whether it was stopped."""

    stopped = 0

    def __init__(self, breaks: str) -> None:
        super().__init__()
        self._breaks = breaks

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        if self._breaks == "start":
            raise KeyError("id")
        await super().start(config, tell)

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        if self._breaks.startswith("set_mute"):
            raise KeyError("id")
        await super().set_mute(muted)

    async def stop(self) -> None:
        await super().stop()
        type(self).stopped += 1
        if self._breaks == "set_mute and stop":
            raise KeyError("gone")


@pytest.fixture
def sad(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def name_it(breaks: str) -> None:
        monkeypatch.setattr(Sad, "stopped", 0)
        monkeypatch.setitem(DESKS, "sad", lambda _seed: Sad(breaks))

    return name_it


def test_there_are_two_desks() -> None:
    assert list(DESKS) == ["naive", "reference"]


def test_a_quiet_session_is_ok() -> None:
    outcome = played("naive", Press(at_s=1, muted=True))
    assert outcome.result is Result.OK
    assert outcome.history is not None
    assert [act.what for act in outcome.history.acts] == ["presses mute"]
    assert outcome.history.ended - outcome.history.began >= 3


@pytest.mark.parametrize("breaks", ["start", "set_mute"])
def test_a_desk_that_breaks_is_an_error_and_is_stopped(
    sad: Callable[[str], None], breaks: str
) -> None:
    sad(breaks)
    outcome = played("sad", Press(at_s=1, muted=True))
    assert outcome.result is Result.ERROR
    assert outcome.error == "KeyError: 'id'"
    assert Sad.stopped == 1


def test_a_press_that_broke_is_no_traceback_when_the_desk_cannot_be_stopped_either(
    sad: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    sad("set_mute and stop")
    assert played("sad", Press(at_s=1, muted=True)).error == "KeyError: 'gone'"
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_a_client_that_could_not_be_started_is_told_in_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_seed: int) -> NaiveDesk:
        raise SurroundingsError("The page does not load: nobody listens.")

    monkeypatch.setitem(DESKS, "refused", refused)
    assert played("refused").error == "The page does not load: nobody listens."


def test_a_script_that_cannot_be_carried_out_is_an_error() -> None:
    outcome = played("naive", server_ends_session(1), supervisor(1.1, muted=True))
    assert outcome.result is Result.ERROR
    assert outcome.error is not None
    assert "no device" in outcome.error


def test_a_fault_that_never_bit_is_not_a_pass() -> None:
    rule = RuleSpec(match=Match(operation="muteChanged"), fault=PushDropFault())
    outcome = played("naive", LayFault(at_s=0, name="event lost", rule=rule))
    assert outcome.result is Result.NOT_EXERCISED


def test_a_fault_may_be_lifted_before_it_bites() -> None:
    rule = RuleSpec(match=Match(operation="muteChanged"), fault=PushDropFault())
    outcome = played(
        "naive",
        LayFault(at_s=0, name="event lost", rule=rule, lasts_s=0.2),
        Press(at_s=1, muted=True),
    )
    assert outcome.verdict is not None
    assert outcome.verdict.unexercised == ("event lost",)


def test_a_second_tab_takes_the_first_ones_place() -> None:
    outcome = played("naive", SecondTab(at_s=1, muted=True), budget_s=0.5)
    assert outcome.history is not None
    first, back = outcome.history.links
    assert first.until < back.at, "the first tab's socket is closed, and it comes back"
    assert outcome.result is Result.LIED


def test_the_budget_decides_what_is_a_lie() -> None:
    script = (SecondTab(at_s=1, muted=True),)
    assert played("naive", *script, budget_s=0.5).result is Result.LIED
    assert played("naive", *script, budget_s=60).result is Result.OK
