"""Who does the work: here, in processes, or on a cluster of two workers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from distributed import LocalCluster

from offhook_scenarios.check.drive import drive
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.drivers import executors
from offhook_scenarios.drivers.executors import ExecutorError, workers

NAIVE = Setup(client="naive")


def test_one_job_is_done_here_and_now() -> None:
    with workers(1) as here:
        assert here.executor.submit(os.getpid).result() == os.getpid()
        assert here.at_once == 1


def test_an_error_is_raised_by_whoever_asks() -> None:
    with workers(1) as here:
        future = here.executor.submit(int, "none")
        with pytest.raises(ValueError, match="none"):
            future.result()


def test_an_interruption_here_passes_through() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with workers(1) as here, pytest.raises(KeyboardInterrupt):
        here.executor.submit(interrupt)


def test_more_jobs_are_done_in_processes() -> None:
    with workers(2) as two:
        assert two.executor.submit(os.getpid).result() != os.getpid()
        assert two.at_once == 4


def test_processes_that_hang_are_left_at_once() -> None:
    hanging: list[Future[None]] = []

    def interrupted() -> None:
        with workers(2) as two:
            hanging.append(two.executor.submit(time.sleep, 10_000))
            two.executor.submit(os.getpid).result()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert hanging[0].exception() is not None


def refuses(scheduler: str, told: str) -> None:
    with pytest.raises(ExecutorError, match=told), workers(1, scheduler):
        pass


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two local workers."""
    with LocalCluster(  # type: ignore[no-untyped-call]  # - Dask is not typed.
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as running:
        yield running.scheduler_address


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_cluster_plays_the_same_sessions(cluster: str) -> None:
    with workers(1, cluster) as two, workers(1) as here:
        assert two.at_once == 4
        far = sorted(drive(NAIVE, range(1, 13), two, chunk=3), key=lambda each: each.plan.seed)
        assert far == list(drive(NAIVE, range(1, 13), here))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_workers_with_other_versions_are_refused_by_name(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {**surroundings(), "aiohttp": "1.0"}
    there = surroundings
    monkeypatch.setattr(executors, "_told_by", lambda client: client.run(there))
    monkeypatch.setattr(executors, "surroundings", lambda: here)
    refuses(cluster, r"not as this machine.*aiohttp 3.* instead of 1.0")


def test_where_no_scheduler_is_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "CONNECT_WITHIN_S", 0.2)
    refuses("tcp://127.0.0.1:9", r"No Dask scheduler answers at tcp://127\.0\.0\.1:9")


def test_without_dask_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    refuses("tcp://127.0.0.1:9", r"pip install 'offhook\[cluster\]'")


@pytest.mark.parametrize("address", ["foo", "tcp://foo", "http://foo:1", "tcp://foo:x", "", "//"])
def test_what_is_no_address_is_told_with_what_is_one(address: str) -> None:
    refuses(address, r"is no address of a Dask scheduler: write tcp://host:8786\.$")


BUSY = """
import os, time
from offhook_scenarios.drivers.executors import workers

if __name__ == "__main__":
    with workers(2) as two:
        for future in [two.executor.submit(os.getpid) for _ in range(8)]:
            future.result()
        print("at work", flush=True)
        time.sleep(600)
"""


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "busy.py"
    script.write_text(BUSY)
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:  # noqa: S603 - our own words.
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == b"at work"
        parent.kill()
        # The workers have it open too: it ends when the last of them has.
        parent.communicate(timeout=60)
