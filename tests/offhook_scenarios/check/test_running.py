"""A check from end to end, and the ways in which it ends early."""

from collections.abc import Iterator
from typing import Any

import pytest

from offhook_scenarios.check import running
from offhook_scenarios.check.drive import LostError
from offhook_scenarios.check.running import Task, run
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.judgement import Invariant, Judged


def task(client: str = "naive", **more: Any) -> Task:
    fields = {"whats": range(30, 36), "count": 6, "jobs": 1, "budget_s": 2, **more}
    return Task(setup=Setup(client=client), sessions="6 seeds", **fields)


def test_what_holds_has_nothing_to_show() -> None:
    report = run(task("reference"))
    assert (report.tally.sessions, report.tally.failed, report.found) == (6, 0, ())
    assert report.ended_early is None


def test_what_breaks_is_found_whatever_the_number_of_workers() -> None:
    alone = run(task(whats=range(1, 22), count=21, only=Invariant.I1))
    together = run(task(whats=range(1, 22), count=21, only=Invariant.I1, jobs=2))
    assert together.tally.broken == alone.tally.broken
    assert together.found == alone.found
    assert alone.found[0].plan.steps == ()


def test_one_invariant_can_be_looked_for_alone() -> None:
    report = run(task(only=Invariant.I2))
    assert {each.invariant for each in report.found} == {Invariant.I2}
    assert set(report.tally.broken) == {"I2"}


def ending_with(error: BaseException) -> Any:
    def drive(setup: Setup, whats: Any, *_: Any, **__: Any) -> Iterator[Judged]:
        for seed in (30, 31):
            yield setup.play(setup.plan(seed))
        raise error

    return drive


def test_an_interruption_leaves_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "drive", ending_with(KeyboardInterrupt()))
    report = run(task())
    assert report.interrupted
    assert report.tally.sessions == 2
    assert report.found
    assert all(each.shrunk.runs == 0 for each in report.found)


def test_an_interruption_while_it_is_shortened_does_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "find_shortest", interrupt)
    report = run(task())
    assert report.interrupted
    assert report.tally.sessions == 6
    assert report.found


def test_lost_workers_leave_what_was_found_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "drive", ending_with(LostError("A worker has gone.")))
    report = run(task(only=Invariant.I1))
    assert report.ended_early == "A worker has gone."
    assert report.found[0].shrunk.runs > 0
    assert report.shortened_s > 0


def test_without_any_session_there_is_nothing_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: Any, **__: Any) -> Iterator[Judged]:
        raise LostError("A worker has gone.")

    monkeypatch.setattr(running, "drive", lost)
    with pytest.raises(LostError):
        run(task())


def test_time_ends_a_check_without_number() -> None:
    report = run(task("reference", whats=iter(range(10_000_000)), count=None, time_s=0.05))
    assert 0 < report.tally.sessions < 1_000
    assert report.ended_early is None


def test_clients_outside_are_waited_for_and_their_sessions_never_shortened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}

    def drive(_setup: Setup, whats: Any, _workers: Any, **options: Any) -> Iterator[Judged]:
        asked.update(options)
        naive = Setup(client="naive")
        yield from (naive.play(naive.plan(seed)) for seed in whats)

    monkeypatch.setattr(running, "drive", drive)
    report = run(task("stdio:python3 desk.py"))
    assert asked["patience_s"] > 600
    assert report.found
    assert all(each.shrunk.runs == 0 for each in report.found)
