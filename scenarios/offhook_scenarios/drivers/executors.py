"""Where work is done: in this process, in processes of this machine, or on a Dask cluster.

All three are executors as `concurrent.futures` knows them, so that whoever hands out work need
not know which.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import msgspec

from offhook.domain.errors import OffhookError
from offhook_scenarios.check.key import difference, surroundings

P = ParamSpec("P")
T = TypeVar("T")

CONNECT_WITHIN_S = 10
_SCHEMES = ("tcp", "tls", "ws", "wss")
"""Of a scheduler's address."""
AHEAD = 2
"""Pieces of work handed out for each worker: one that it does, and one that waits for it."""


class ExecutorError(OffhookError):
    """There is nobody to do the work; the message says why."""


class Workers(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to do the work."""

    executor: Executor
    at_once: int
    """How many pieces to hand out at a time: enough that nobody waits, few enough to hold."""
    abandon: Callable[[], None]
    """Leave at once, whatever is still being done."""


class InlineExecutor(Executor):
    """Does it here and now."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future is done already. Ctrl-C passes through."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is raised again by whoever asks the future.
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[Workers]:
    """So many processes; one is this one. With the address of a scheduler: its cluster.

    Raises `ExecutorError`.
    """
    if scheduler is not None:
        with _cluster(scheduler) as found:
            yield found
    elif jobs == 1:
        yield Workers(executor=InlineExecutor(), at_once=1, abandon=lambda: None)
    else:
        with _processes(jobs) as found:
            yield found


@contextmanager
def _processes(jobs: int) -> Iterator[Workers]:
    # Fresh processes: a fork would copy the threads' locks of whoever draws a progress bar.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_the_parent)

    def abandon() -> None:
        processes = list((pool._processes or {}).values())  # noqa: SLF001 - public from Python 3.14 on, as `kill_workers`.
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()

    try:
        yield Workers(executor=pool, at_once=AHEAD * jobs, abandon=abandon)
    except BaseException:
        abandon()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _follow_the_parent() -> None:
    """The terminal sends Ctrl-C to all, and the parent ends its workers; its own end ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"

    def follow() -> None:
        parent.join()
        # A parent that was killed has told nobody, and its workers would wait for work for ever.
        os._exit(1)

    threading.Thread(target=follow, name="follow the parent", daemon=True).start()


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    """Whoever may speak to a scheduler may run code on its workers: only trust your own."""
    try:
        # An extra, slow to import, and not typed.
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise ExecutorError(
            "A cluster needs Dask, which is not installed: pip install 'offhook[cluster]'."
        ) from error
    _check_address(address)
    try:
        client = distributed.Client(address, timeout=CONNECT_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ExecutorError(f"No Dask scheduler answers at {address}: {error}.") from error
    try:
        threads = client.nthreads()
        if not threads:
            raise ExecutorError(f"The Dask scheduler at {address} has no workers.")
        _check_alike(client, address)
        pool = client.get_executor(pure=False)
        yield Workers(
            executor=pool,
            at_once=AHEAD * sum(threads.values()),
            abandon=lambda: pool.shutdown(wait=False),
        )
    finally:
        client.close(timeout=CONNECT_WITHIN_S)


def _check_address(address: str) -> None:
    """Dask leaves half a client behind where it cannot read one, and that complains at its end."""
    try:
        parts = urlsplit(address if "://" in address else f"{_SCHEMES[0]}://{address}")
        good = parts.scheme in _SCHEMES and parts.hostname and parts.port
    except ValueError:
        good = False
    if not good:
        raise ExecutorError(
            f"{address} is no address of a Dask scheduler: write {_SCHEMES[0]}://host:8786."
        )


def _told_by(client: Any) -> dict[str, dict[str, str]]:
    """The surroundings of each worker, by its address."""
    told: dict[str, dict[str, str]] = client.run(surroundings)
    return told


def _check_alike(client: Any, address: str) -> None:
    """Elsewhere the same seed must be the same bytes."""
    try:
        found = _told_by(client)
    except ImportError as error:
        raise ExecutorError(
            f"The workers of {address} cannot import offhook ({error}): install it there."
        ) from error
    here = surroundings()
    for worker, there in found.items():
        if other := difference(here, there):
            raise ExecutorError(
                f"The worker {worker} is not as this machine, so its bytes would differ: {other}."
            )
