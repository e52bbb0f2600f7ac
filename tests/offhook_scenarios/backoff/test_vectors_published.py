"""AWS's contention model, played again with our policies, against what its own program gives.

Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, and its program
`aws-arch-backoff-simulator`: clients read a row, and write it; a write fails if another has come
between. No limit of capacity. Times in milliseconds, as there. Written anew from the model: one
event for each write, all trials at once.

Each cell is compared with a mean of 100 trials that was cut to a whole number. The error of the
comparison is that of both means, from the spread of our own trials. Seeds were fixed beforehand.
"""

import math

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from offhook_scenarios.backoff.vectors import waits_after
from offhook_scenarios.backoff.waits import (
    Decorrelated,
    Waits,
    equal_jitter,
    exponential,
    full_jitter,
)

POLICIES: dict[str, Waits | Decorrelated] = {
    "none": Waits(steps=((0.0, 0.0),)),
    "exponential": exponential(10, 2000),
    "equal": equal_jitter(10, 2000),
    "full": full_jitter(10, 2000),
    "decorrelated": Decorrelated(base_s=5, cap_s=2000),
}
"""The first ceiling is 5 · 2¹: that program counts attempts from 1 before it doubles."""
SIZES = range(10, 200, 10)

Floats = NDArray[np.float64]


class Cell(msgspec.Struct, frozen=True):
    """Of each trial: how many writes were made, and when the last client knew of its success."""

    calls: NDArray[np.int64]
    times: Floats


def play(policy: Waits | Decorrelated, *, clients: int, trials: int, seed: int) -> Cell:
    """Play all trials of a cell."""
    rng = np.random.default_rng(seed)

    def trip() -> Floats:
        return np.abs(rng.normal(10.0, 2.0, trials))

    def trips() -> Floats:
        return np.abs(rng.normal(10.0, 2.0, (trials, clients)))

    reads = trips()
    writes = reads + trips() + trips()
    attempts = np.zeros((trials, clients), np.int64)
    last = np.full((trials, clients), float(getattr(policy, "base_s", 0.0)))
    changed = np.full(trials, -1.0)
    calls = np.zeros(trials, np.int64)
    times = np.zeros(trials)
    left = np.full(trials, clients)
    every = np.arange(trials)
    while left.any():
        who = np.argmin(writes, axis=1)
        at = writes[every, who]
        going = left > 0
        fresh = reads[every, who] > changed
        calls += going
        served = going & fresh
        changed = np.where(served, at, changed)
        left -= served
        answered = at + trip()
        times = np.where(served, np.maximum(times, answered), times)
        attempts[every, who] += 1
        wait = _wait(policy, attempts[every, who], last[every, who], rng.random(trials))
        last[every, who] = wait
        again = answered + trip() + wait
        reads[every, who] = again
        writes[every, who] = np.where(served | ~going, np.inf, again + trip() + trip())
    return Cell(calls, times)


def _wait(
    policy: Waits | Decorrelated, attempts: NDArray[np.int64], last: Floats, chance: Floats
) -> Floats:
    if isinstance(policy, Waits):
        return waits_after(policy, attempts, attempts, np.full(len(attempts), np.nan), chance)
    wait: Floats = np.minimum(policy.cap_s, policy.base_s + (3.0 * last - policy.base_s) * chance)
    return wait


PUBLISHED: dict[int, tuple[tuple[int, int], ...]] = {
    10: ((50, 381), (51, 3548), (42, 710), (39, 463), (37, 428)),
    20: ((150, 595), (151, 14469), (107, 1666), (100, 1022), (100, 816)),
    30: ((289, 787), (278, 22587), (182, 2606), (171, 1726), (180, 1304)),
    40: ((468, 959), (436, 29891), (263, 3560), (249, 2308), (272, 1709)),
    50: ((686, 1135), (624, 36971), (346, 4346), (333, 2971), (374, 2180)),
    60: ((955, 1320), (828, 42603), (435, 4772), (419, 3402), (485, 2691)),
    70: ((1259, 1501), (1054, 47908), (523, 5254), (509, 3732), (604, 3245)),
    80: ((1607, 1672), (1304, 53721), (620, 5940), (602, 4226), (732, 3768)),
    90: ((1993, 1852), (1564, 58556), (714, 6273), (697, 4664), (867, 4082)),
    100: ((2421, 2031), (1861, 63882), (812, 6568), (795, 4951), (1001, 4604)),
    110: ((2888, 2201), (2170, 68489), (912, 6976), (896, 5222), (1140, 5063)),
    120: ((3394, 2370), (2486, 72976), (1012, 7335), (998, 5611), (1291, 5506)),
    130: ((3934, 2544), (2820, 76981), (1114, 7718), (1102, 5812), (1439, 5983)),
    140: ((4523, 2709), (3184, 81385), (1218, 7881), (1210, 6087), (1606, 6145)),
    150: ((5142, 2877), (3546, 85790), (1324, 8242), (1318, 6413), (1756, 6484)),
    160: ((5799, 3044), (3941, 89810), (1429, 8695), (1429, 6692), (1923, 6841)),
    170: ((6496, 3205), (4341, 94585), (1539, 8922), (1541, 6989), (2090, 7192)),
    180: ((7225, 3371), (4739, 97478), (1649, 9167), (1653, 7256), (2261, 7566)),
    190: ((8001, 3536), (5155, 100949), (1759, 9360), (1770, 7404), (2436, 7918)),
}
"""Clients → (mean calls, mean time in ms) for each policy, of 100 trials, cut to whole numbers.

Measured with the last version of the program, with base 5 ms, cap 2,000 ms and a network of
N(10, 2) ms each way.
"""

THEIR_TRIALS = 100
Cells = list[tuple[float, str]]


def compare(sizes: range, trials: int) -> Cells:
    """How many standard errors each cell is off."""
    found = []
    for clients in sizes:
        for column, (name, policy) in enumerate(POLICIES.items()):
            cell = play(policy, clients=clients, trials=trials, seed=1000 * clients + column)
            for what, ours, theirs in zip(
                ("calls", "time"),
                (cell.calls, cell.times),
                PUBLISHED[clients][column],
                strict=True,
            ):
                mean = float(ours.mean())
                off = max(0.0, theirs - mean, mean - (theirs + 1))
                error = float(ours.std(ddof=1)) * math.sqrt(1 / THEIR_TRIALS + 1 / trials)
                found.append((off / error, f"{what} of {clients} {name}: {mean:.1f}, {theirs}"))
    return sorted(found, reverse=True)


def test_the_table_is_whole() -> None:
    assert list(PUBLISHED) == list(SIZES)
    assert all(len(row) == len(POLICIES) for row in PUBLISHED.values())


def test_small_crowds_agree_with_the_published_table() -> None:
    cells = compare(range(10, 50, 10), trials=400)
    assert len(cells) == 40
    assert [words for off, words in cells if off > 3] == []
    assert len([words for off, words in cells if off > 2]) <= 4, cells[:5]


@pytest.mark.nightly
def test_all_190_cells_agree_with_the_published_table() -> None:
    cells = compare(SIZES, trials=2000)
    assert len(cells) == 190
    assert len([words for off, words in cells if off > 3]) <= 2, cells[:3]
    assert len([words for off, words in cells if off > 2]) <= 15, cells[:16]
