"""The engine for instant sweeps: a herd as a fluid, whose size costs nothing.

Mass is kept for each attempt and each half round trip; a range of waits spreads it. Mean values
only: no chance, no single client, no order within a tick. Good where waits are spread over more
than a round trip; a policy that remembers and a server that makes promises are beyond it. Needs
the extra `offhook[herd]`.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from offhook_scenarios.backoff.herd import BINS_PER_S, FLOOD, Herd, Outcome
from offhook_scenarios.backoff.policy import TOO_MANY, UNAVAILABLE
from offhook_scenarios.backoff.servers import BacklogAware, FixedWindow, Outage, Server, TokenBucket
from offhook_scenarios.backoff.waits import Heed, Waits

Floats = NDArray[np.float64]
_REST = 0.5
"""Less than half a client is nobody."""


class NoFluidError(ValueError):
    """This server or policy is beyond the fluid model."""


class Supply(msgspec.Struct):
    """What a server has to give in one tick, and what it tells those who get nothing."""

    server: TokenBucket | FixedWindow
    down_until: float
    tick_s: float
    stock: float
    window: int = 0

    def open(self, now: float) -> float:
        """How much there is in the tick from `now` on."""
        if now < self.down_until:
            return 0.0
        server = self.server
        if isinstance(server, TokenBucket):
            most = server.slack_s / server.interval_s + 1.0
            self.stock = min(most, self.stock + self.tick_s * server.capacity_per_s)
        else:
            window = math.floor(now / server.window_s + 1e-9)
            if window != self.window:
                self.window, self.stock = window, float(server.quota)
        return self.stock

    def told(self, now: float) -> float | None:
        """The `Retry-After` of a refusal."""
        if now < self.down_until:
            return None
        server = self.server
        if isinstance(server, TokenBucket):
            return server.refusal.retry_after_s
        left = (self.window + 1) * server.window_s - now - self.tick_s / 2
        return math.ceil(left) if server.whole_seconds else max(0.0, left)


class Flow(msgspec.Struct):
    """Mass on its way: `points` arrive in one tick, `slopes` change what arrives in each."""

    rates: Floats
    points: Floats
    slopes: Floats

    def arrive(self, tick: int) -> Floats:
        """What arrives now, of each attempt; taken out."""
        here = tick % self.points.shape[1]
        self.rates += self.slopes[:, here]
        found = np.maximum(self.rates, 0.0) + self.points[:, here]
        self.slopes[:, here] = 0.0
        self.points[:, here] = 0.0
        return found

    def send(self, attempts: NDArray[np.int64], mass: Floats, low: Floats, high: Floats) -> None:
        """Let mass arrive evenly between the ticks `low` and `high`, which may be fractions."""
        narrow = high - low < 1.0
        wide = ~narrow
        if narrow.any():
            middle = (low + high)[narrow] / 2
            _split(self.points, attempts[narrow], middle, mass[narrow])
        if wide.any():
            rate = mass[wide] / (high - low)[wide]
            _split(self.slopes, attempts[wide], low[wide], rate)
            _split(self.slopes, attempts[wide], high[wide], -rate)


def _split(table: Floats, rows: NDArray[np.int64], place: Floats, mass: Floats) -> None:
    """Add mass at fractional places: to the tick before and to the one after."""
    whole = np.floor(place)
    part = place - whole
    column = whole.astype(np.int64)
    size = table.shape[1]
    np.add.at(table, (rows, column % size), mass * (1.0 - part))
    np.add.at(table, (rows, (column + 1) % size), mass * part)


def run(herd: Herd, policy: Waits, server: Server) -> Outcome:
    """Play a herd as a fluid. Of single clients the outcome knows nothing.

    Raises:
        NoFluidError: The server keeps a queue, or is not one of ours.
    """
    tick_s = herd.round_trip_s / 2
    supply = _supply(server, tick_s)
    classes = policy.attempts or len(policy.steps)
    ranges = np.array([policy.steps[min(k, len(policy.steps) - 1)] for k in range(classes)])
    following = np.minimum(np.arange(classes) + 1, classes - 1)
    size = math.ceil((_longest_s(policy, server) + herd.start_within_s + 1.0) / tick_s) + 4
    flow = Flow(np.zeros(classes), np.zeros((classes, size)), np.zeros((classes, size)))
    flow.send(
        np.array([0]),
        np.array([float(herd.clients)]),
        np.array([0.0]),
        np.array([herd.start_within_s / tick_s]),
    )
    tally = _Tally(herd.clients, tick_s)
    latest_s = herd.latest_s(server.capacity_per_s, server.idle_s)
    tick, ended = 0, None
    while tally.waiting > _REST and ended is None:
        now = tick * tick_s
        mass = flow.arrive(tick)
        arrived = float(mass.sum())
        served = min(arrived, supply.open(now))
        if now >= supply.down_until:
            supply.stock -= served
        told = supply.told(now)
        refused = mass * (1.0 - served / arrived) if arrived > served else np.zeros(classes)
        status = UNAVAILABLE if now < supply.down_until else TOO_MANY
        given_up = _given_up(policy, refused, status, told)
        going = refused - given_up
        low, high = _ranges(policy, ranges, told)
        lead = tick + herd.round_trip_s / tick_s
        flow.send(following, going, lead + low / tick_s, lead + high / tick_s)
        tally.enter(arrived, served, float(given_up.sum()))
        tally.heed(going, low, high, told)
        tick += 1
        if tally.calls > FLOOD * herd.clients:
            ended = f"a flood: more than {FLOOD} calls for each client"
        elif now > latest_s:
            ended = f"{tally.waiting:.0f} clients were not done after {now:.0f} s"
    return tally.outcome(ended)


class _Tally:
    """Counts over the run."""

    def __init__(self, clients: int, tick_s: float) -> None:
        self.clients, self.tick_s = clients, tick_s
        self.waiting = float(clients)
        self.calls = self.gave_up = self.told = self.early = 0.0
        self.arrivals: list[float] = []
        self.served: list[float] = []

    def enter(self, arrived: float, served: float, given_up: float) -> None:
        """One tick."""
        self.calls += arrived
        self.gave_up += given_up
        self.waiting -= served + given_up
        self.arrivals.append(arrived)
        self.served.append(served)

    def heed(self, mass: Floats, low: Floats, high: Floats, told: float | None) -> None:
        """How many of those who were told something come early."""
        if told is None:
            return
        self.told += float(mass.sum())
        width = np.maximum(high - low, 1e-9)
        self.early += float((mass * np.clip((told - low) / width, 0.0, 1.0)).sum())

    def outcome(self, ended: str | None) -> Outcome:
        """As the other engines', without clients."""
        return Outcome(
            clients=self.clients,
            arrivals=_binned(self.arrivals, self.tick_s),
            served=_binned(self.served, self.tick_s),
            total_calls=self.calls,
            gave_up=self.gave_up,
            told=self.told,
            early=self.early,
            ended=ended,
        )


def _binned(ticks: list[float], tick_s: float) -> list[float]:
    """Sums for each tenth of a second; a tick that lies in two is divided."""
    ends = np.arange(len(ticks) + 1) * tick_s
    total = np.concatenate([[0.0], np.cumsum(ticks)])
    borders = np.arange(math.ceil(ends[-1] * BINS_PER_S - 1e-9) + 1) / BINS_PER_S
    found: list[float] = np.diff(np.interp(borders, ends, total)).tolist()
    return found


def _supply(server: Server, tick_s: float) -> Supply:
    inner = server.after if isinstance(server, Outage) else server
    if isinstance(inner, BacklogAware) or not isinstance(inner, TokenBucket | FixedWindow):
        raise NoFluidError(
            f"The fluid model has no {type(inner).__name__}: take another engine for it."
        )
    stock = inner.slack_s / inner.interval_s if isinstance(inner, TokenBucket) else inner.quota
    return Supply(inner, server.idle_s, tick_s, float(stock))


def _longest_s(policy: Waits, server: Server) -> float:
    inner = server.after if isinstance(server, Outage) else server
    told = inner.window_s + 1.0 if isinstance(inner, FixedWindow) else 0.0
    if isinstance(inner, TokenBucket):
        told = inner.refusal.retry_after_s or 0.0
    return max(high for _, high in policy.steps) + (1.0 + policy.share) * told


def _ranges(policy: Waits, ranges: Floats, told: float | None) -> tuple[Floats, Floats]:
    low, high = ranges.T
    if told is not None and policy.heed is Heed.INSTEAD:
        low, high = np.full_like(low, told), np.full_like(low, told + policy.share * told)
    elif told is not None and policy.heed is Heed.PLUS:
        low, high = told + low, told + np.maximum(high, policy.share * told)
    if policy.longest_s is not None:
        low, high = np.minimum(low, policy.longest_s), np.minimum(high, policy.longest_s)
    return low, high


def _given_up(policy: Waits, refused: Floats, status: int, told: float | None) -> Floats:
    if policy.statuses is not None and status not in policy.statuses:
        return refused
    if policy.needs_header and told is None:
        return refused
    given_up = np.zeros_like(refused)
    if policy.attempts is not None:
        given_up[-1] = refused[-1]
    return given_up
