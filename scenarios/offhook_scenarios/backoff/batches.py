"""The servers' answers to many arrivals at once, equal to their answers one by one."""

from functools import singledispatch

import msgspec
import numpy as np
from numpy.typing import NDArray

from offhook_scenarios.backoff.policy import TOO_MANY
from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Server,
    TokenBucket,
)


class Answers(msgspec.Struct, frozen=True):
    """Answers to arrivals in order of time. `status` and `told` are of those refused only."""

    served: NDArray[np.bool_]
    status: NDArray[np.int64]
    told: NDArray[np.float64]
    """Seconds of `Retry-After`; NaN without."""


@singledispatch
def answer_all(server: Server, _at: NDArray[np.float64]) -> Answers:
    """What a server says to arrivals that are sorted by time. Changes it as they would."""
    raise TypeError(f"{type(server).__name__} has no answer to many arrivals at once.")


@answer_all.register
def _bucket(server: TokenBucket, at: NDArray[np.float64]) -> Answers:
    served = take(server, at)
    refused = len(at) - int(served.sum())
    told = server.refusal.retry_after_s
    return Answers(
        served, np.full(refused, TOO_MANY), np.full(refused, np.nan if told is None else told)
    )


@answer_all.register
def _backlog(server: BacklogAware, at: NDArray[np.float64]) -> Answers:
    served = take(server, at)
    refused = at[~served]
    promises = np.empty(len(refused))
    if len(refused) and server.promised_until >= refused[-1]:
        promises = _counted(server.promised_until, server.interval_s, len(refused))[1:]
        server.promised_until = float(promises[-1])
    else:
        for index, now in enumerate(refused.tolist()):
            server.promised_until = max(server.promised_until, now) + server.interval_s
            promises[index] = server.promised_until
    told = promises - refused
    if server.whole_seconds:
        told = np.ceil(told)
    return Answers(served, np.full(len(refused), TOO_MANY), told)


@answer_all.register
def _window(server: FixedWindow, at: NDArray[np.float64]) -> Answers:
    windows = np.floor(at / server.window_s)
    served = np.zeros(len(at), np.bool_)
    for window in np.unique(windows).tolist():
        if int(window) != server.window:
            server.window, server.used = int(window), 0
        first, last = np.searchsorted(windows, [window, window + 1])
        taken = min(server.quota - server.used, int(last - first))
        served[first : first + taken] = True
        server.used += taken
    left = ((windows + 1) * server.window_s - at)[~served]
    told = np.ceil(left) if server.whole_seconds else left
    return Answers(served, np.full(len(told), TOO_MANY), told)


@answer_all.register
def _outage(server: Outage, at: NDArray[np.float64]) -> Answers:
    down = int(np.searchsorted(at, server.idle_s))
    if down == len(at):
        after = Answers(np.empty(0, np.bool_), np.empty(0, np.int64), np.empty(0))
    else:
        after = answer_all(server.after, at[down:])
    return Answers(
        np.concatenate([np.zeros(down, np.bool_), after.served]),
        np.concatenate([np.full(down, server.refusal.status), after.status]),
        np.concatenate([np.full(down, np.nan), after.told]),
    )


def take(server: TokenBucket, at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Who gets a token.

    While the bucket cannot run over before the last arrival, the times at which tokens come are
    known beforehand; each goes to the first arrival from then on that has none.
    """
    served = np.zeros(len(at), np.bool_)
    if server.full_at < at[-1]:
        for index, now in enumerate(at.tolist()):
            served[index] = server.take(now)
        return served
    until_last = at[-1] - (server.full_at - server.slack_s)
    most = min(len(at), max(0, int(until_last / server.interval_s)) + 2)
    full_at = _counted(server.full_at, server.interval_s, most)
    number = np.arange(most)
    first = np.searchsorted(at, full_at[:-1] - server.slack_s)
    places = np.maximum.accumulate(first - number) + number
    places = places[places < len(at)]
    served[places] = True
    server.full_at = float(full_at[len(places)])
    return served


def _counted(start: float, step: float, number: int) -> NDArray[np.float64]:
    """start, start + step, …, rounded as adding one by one rounds."""
    found: NDArray[np.float64] = np.add.accumulate(np.concatenate([[start], np.full(number, step)]))
    return found
