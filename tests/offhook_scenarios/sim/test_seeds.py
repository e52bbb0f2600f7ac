"""Streams: by name, independent, the same in every process."""

from offhook_scenarios.sim.seeds import Seeds


def test_a_name_is_always_the_same_stream() -> None:
    assert Seeds(1).stream("a").random() == Seeds(1).stream("a").random()


def test_names_and_seeds_share_nothing() -> None:
    draws = {Seeds(seed).stream(name).random() for seed in (1, 2, 11) for name in ("a", "1/a", "b")}
    assert len(draws) == 9


def test_a_draw_from_one_stream_shifts_no_other() -> None:
    seeds = Seeds(1)
    one, other = seeds.stream("one"), seeds.stream("other")
    one.random()
    assert other.random() == Seeds(1).stream("other").random()


def test_a_stream_does_not_depend_on_the_hash_seed_of_the_process() -> None:
    assert Seeds(7).stream("net").getrandbits(32) == 1_067_209_173
