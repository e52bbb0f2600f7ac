"""Reduction is sound: every world and its reduced twin lead to the same reduced worlds."""

import pytest

from offhook_scenarios.search.behind import Options
from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.explorer import Explorer
from offhook_scenarios.search.rules import RULES, without
from offhook_scenarios.search.tutorial import Tutorial

BUDGETS = [Budget(1, 1, 1, 0), Budget(1, 1, 0, 1), Budget(2, 0, 1, 1), Budget(1, 1, 1, 1)]
DEEPER = [Budget(2, 1, 1, 0), Budget(1, 2, 1, 0), Budget(1, 1, 2, 0), Budget(2, 1, 0, 1)]
SETTINGS = [Options(), Options(replay=True), Options(admin=True, replay=True)]


def following(model: Tutorial, world: int) -> set[int]:
    return {after for _, _, after in (*model.internal(world), *model.trouble(world))}


def check(budget: Budget, options: Options) -> None:
    plain = Tutorial(budget, options=options, forget=False, renumber=False)
    small = Tutorial(budget, options=options)
    known, waiting = {plain.start}, [plain.start]
    while waiting:
        world = waiting.pop()
        twin = small.worlds.of(*plain.worlds.parts(world))
        after = following(plain, world)
        reduced = {small.worlds.of(*plain.worlds.parts(one)) for one in after}
        # A late mute that is nothing any more may arrive: then the twin stays where it is.
        assert reduced | {twin} == following(small, twin) | {twin}
        if not small.internal(twin):
            assert all(
                small.worlds.of(*plain.worlds.parts(w)) == twin for _, _, w in plain.internal(world)
            )
            assert list(plain.wrong(world)) == list(small.wrong(twin))
        assert plain.broken(world) == small.broken(twin)
        waiting += after - known
        known |= after
    assert len(known) > 200


@pytest.mark.parametrize("options", SETTINGS, ids=["tab", "replay", "admin"])
@pytest.mark.parametrize("budget", BUDGETS, ids=str)
def test_a_world_and_its_twin_lead_to_the_same_worlds(budget: Budget, options: Options) -> None:
    check(budget, options)


@pytest.mark.nightly
@pytest.mark.parametrize("options", SETTINGS, ids=["tab", "replay", "admin"])
@pytest.mark.parametrize("budget", DEEPER, ids=str)
def test_so_do_they_further_on(budget: Budget, options: Options) -> None:
    check(budget, options)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_a_rule_the_same_is_found_with_and_without_reduction(rule: object) -> None:
    one = next(each for each in RULES if each is rule)
    setup, options = without((one,))
    budget = Budget(1, 1, 1, 1)
    found = [
        Explorer(
            Tutorial(budget, setup=setup, options=options, forget=reduce, renumber=reduce)
        ).run()
        for reduce in (False, True)
    ]
    assert set(found[0].violations) == set(found[1].violations)
    assert found[1].worlds < found[0].worlds
