"""Chance: one stream for each client, that nobody else can disturb."""

import statistics
from itertools import pairwise

from offhook_scenarios.backoff.streams import Stream, mix


def numbers(seed: int, client: int, attempt: int, count: int = 3) -> list[float]:
    stream = Stream(seed)
    stream.aim(client, attempt)
    return [stream.random() for _ in range(count)]


def test_a_stream_depends_on_its_place_only() -> None:
    stream = Stream(7)
    for client in (5, 3, 5):
        stream.aim(client, 2)
        stream.gauss(0.0, 1.0)
        stream.random()
    stream.aim(3, 2)
    assert [stream.random() for _ in range(3)] == numbers(7, 3, 2)


def test_seed_client_and_attempt_each_make_another_stream() -> None:
    streams = [numbers(1, 2, 3), numbers(2, 2, 3), numbers(1, 3, 3), numbers(1, 2, 4)]
    assert len({number for stream in streams for number in stream}) == 12


def test_the_first_numbers_of_splitmix64_are_those_of_its_authors() -> None:
    # Seed 0 of the reference implementation; its state grows by gamma before each number.
    gamma = 0x9E3779B97F4A7C15
    assert mix(gamma) == 0xE220A8397B1DCDAF
    assert mix(2 * gamma % 2**64) == 0x6E789E6AA1B965F4


def test_the_first_draws_of_neighbours_are_spread_evenly() -> None:
    draws = [numbers(1, client, 1, 1)[0] for client in range(20_000)]
    assert abs(statistics.fmean(draws) - 0.5) < 0.01
    assert abs(statistics.pvariance(draws) - 1 / 12) < 0.002
    pairs = list(pairwise(draws))
    assert abs(statistics.correlation(*zip(*pairs, strict=True))) < 0.03


def test_every_distribution_works_and_repeats_itself() -> None:
    stream = Stream(1)

    def draw() -> list[object]:
        stream.aim(1, 1)
        return [
            stream.uniform(2.0, 3.0),
            stream.gauss(0.0, 1.0),
            stream.expovariate(2.0),
            stream.randrange(10**30),
            stream.choice("abc"),
            stream.sample(range(100), 5),
        ]

    first = draw()
    assert first == draw()
    assert isinstance(first[0], float)
    assert 2.0 <= first[0] <= 3.0


def test_bits_are_as_many_as_asked_for() -> None:
    stream = Stream(1)
    for bits in (1, 7, 64, 65, 200):
        stream.aim(1, bits)
        found = [stream.getrandbits(bits) for _ in range(200)]
        assert max(found).bit_length() == bits


def test_a_state_can_be_returned_to() -> None:
    stream = Stream(1)
    stream.aim(4, 4)
    state = stream.getstate()
    first = stream.random()
    stream.seed(99)
    stream.setstate(state)
    assert stream.random() == first
