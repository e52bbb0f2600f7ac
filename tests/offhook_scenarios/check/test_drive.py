"""Driving: the same whatever the number of workers, little held, and nothing that hangs."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from offhook_scenarios.check.drive import Deadline, LostError, drive
from offhook_scenarios.check.setup import CHUNKS, Network, Setup
from offhook_scenarios.drivers.executors import InlineExecutor, Workers, workers
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import Plan

REFERENCE = Setup(client="reference")
INLINE = Workers(executor=InlineExecutor(), at_once=1, abandon=lambda: None)


def test_workers_change_nothing_but_the_order() -> None:
    seeds = range(1, CHUNKS[Network.SIM] + 4)
    alone = list(drive(REFERENCE, seeds, INLINE))
    assert [each.plan.seed for each in alone] == list(seeds)
    with workers(2) as two:
        together = sorted(drive(REFERENCE, seeds, two), key=lambda each: each.plan.seed)
    assert together == alone


class Idle(Executor):
    """Hands out futures, and never works."""

    def submit(self, _: Any, /, *_args: Any, **_more: Any) -> Future[Any]:
        return Future()


def judged(seed: int) -> Judged:
    return Judged(plan=Plan(seed=seed), findings=(), digest="", elapsed_s=1.0)


class Numbers(Executor):
    """Plays nothing."""

    def submit(self, _: Any, /, *args: Any, **_more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result([judged(seed) for seed in args[1]])
        return future


def test_a_million_sessions_are_begun_as_there_are_hands_for_them() -> None:
    asked: list[int] = []

    def seeds() -> Iterator[int]:
        for seed in range(1_000_000):
            asked.append(seed)
            yield seed

    few = Workers(executor=Numbers(), at_once=3, abandon=lambda: None)
    came = drive(REFERENCE, seeds(), few, chunk=5)
    assert {next(came).plan.seed for _ in range(2)} <= set(range(15))
    assert len(asked) == 15


def test_no_more_is_begun_once_the_time_is_over() -> None:
    left = iter([True, True, False])
    few = Workers(executor=Numbers(), at_once=1, abandon=lambda: None)
    came = drive(REFERENCE, range(1_000), few, chunk=5, go_on=lambda: next(left))
    assert [each.plan.seed for each in came] == list(range(10))


def test_a_deadline_is_over_when_its_time_is() -> None:
    now = 5.0
    deadline = Deadline(10, now=lambda: now)
    assert deadline()
    now = 15.0
    assert not deadline()
    assert Deadline(None)()


def test_workers_that_never_come_back_are_given_up_by_name() -> None:
    lost = Workers(executor=Idle(), at_once=2, abandon=lambda: None)
    with pytest.raises(LostError, match=r"come back for 0.01 s. At work were the seeds 3 to 8"):
        list(drive(REFERENCE, range(3, 9), lost, chunk=3, patience_s=0.01))


class Broken(Executor):
    """Cannot be handed anything."""

    def submit(self, _: Any, /, *_args: Any, **_more: Any) -> Future[Any]:
        raise BrokenProcessPool("A child process terminated abruptly")


def test_nobody_left_to_work_is_told() -> None:
    broken = Workers(executor=Broken(), at_once=1, abandon=lambda: None)
    with pytest.raises(LostError, match="A worker has gone, killed or crashed"):
        list(drive(REFERENCE, [1], broken))


class Deadly(Executor):
    """Whoever works here dies of it."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    def submit(self, _: Any, /, *_args: Any, **_more: Any) -> Future[Any]:
        return self._pool.submit(os._exit, 9)


def test_a_worker_that_is_killed_is_told_with_what_it_had() -> None:
    told = r"killed or crashed .* the seeds 1 to 4"
    with workers(2) as two:
        deadly = Workers(executor=Deadly(two.executor), at_once=2, abandon=two.abandon)
        with pytest.raises(LostError, match=told):
            list(drive(REFERENCE, range(1, 5), deadly, chunk=2))
