"""Plays one session after the other, on whoever does the work; what comes back is judged."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice

from offhook.domain.errors import OffhookError
from offhook_scenarios.check.setup import CHUNKS, Setup, What, play_chunk
from offhook_scenarios.drivers.executors import Workers
from offhook_scenarios.plan.judgement import Judged

PATIENCE_S = 300.0
"""Seconds on the wall in which some chunk must come back, unless all are lost."""

Sessions = Sequence[What]


class LostError(OffhookError):
    """Who did the work is gone, or does not come back; the message says which sessions it had."""


def drive(
    setup: Setup,
    whats: Iterable[What],
    workers: Workers,
    *,
    chunk: int | None = None,
    patience_s: float = PATIENCE_S,
    go_on: Callable[[], bool] = lambda: True,
) -> Iterator[Judged]:
    """Every session, played and judged, as they come; from one worker in their order.

    Only what is being played is held, however many there are. No more is begun once `go_on`
    says no; what has begun is waited for. Raises what `Setup.play` raises, and `LostError`.
    """
    left = iter(whats)
    size = CHUNKS[setup.played_on] if chunk is None else chunk
    pending: dict[Future[list[Judged]], Sessions] = {}
    while True:
        while len(pending) < workers.at_once and go_on():
            sessions: Sessions = tuple(islice(left, size))
            if not sessions:
                break
            pending[_handed_out(setup, sessions, workers)] = sessions
        if not pending:
            return
        done, _ = wait(pending, timeout=patience_s, return_when=FIRST_COMPLETED)
        if not done:
            raise LostError(f"Nothing has come back for {patience_s:g} s. {_at_work(pending)}")
        for future in done:
            sessions = pending.pop(future)
            yield from _result(future, {future: sessions, **pending})


def _handed_out(setup: Setup, sessions: Sessions, workers: Workers) -> Future[list[Judged]]:
    try:
        return workers.executor.submit(play_chunk, setup, sessions)
    except BrokenExecutor as error:
        raise LostError(f"A worker has gone, killed or crashed: {error}.") from error


def _result(
    future: Future[list[Judged]], pending: dict[Future[list[Judged]], Sessions]
) -> list[Judged]:
    try:
        return future.result()
    except OffhookError:
        raise
    except Exception as error:
        # Executors have errors of their own for a worker that is gone; a play has none but ours.
        raise LostError(
            f"A worker has gone, killed or crashed ({type(error).__name__}). {_at_work(pending)}"
        ) from error


def _at_work(pending: dict[Future[list[Judged]], Sessions]) -> str:
    seeds = sorted(
        what if isinstance(what, int) else what.seed
        for sessions in pending.values()
        for what in sessions
    )
    return f"At work were the seeds {seeds[0]} to {seeds[-1]}."


class Deadline:
    """Says whether there is time left. None: there always is."""

    def __init__(
        self, length_s: float | None, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._end = None if length_s is None else now() + length_s

    def __call__(self) -> bool:
        """Whether to go on."""
        return self._end is None or self._now() < self._end
