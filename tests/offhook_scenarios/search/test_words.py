"""A way through a search, in words."""

from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.explorer import Explorer, Model
from offhook_scenarios.search.platform import Platform
from offhook_scenarios.search.rules import find_rule, without
from offhook_scenarios.search.tutorial import Tutorial
from offhook_scenarios.search.words import retold


def retold_without(rule: str, budget: Budget) -> dict[str, list[str]]:
    setup, options = without((find_rule(rule),))
    found = Explorer(Tutorial(budget, setup=setup, options=options)).run()
    plain = Tutorial(budget, setup=setup, options=options, renumber=False)
    return {name: retold(plain, path) for name, path in found.paths.items()}


def test_a_shortest_way_to_a_lost_wish() -> None:
    assert retold_without("5", Budget(1, 1, 0, 0))["the person's wish was lost"] == [
        "the agent presses unmute",
        "somebody else sets mute",
        "the desk hears muted at 1.1, by self",
        "the screen says muted, the server is muted",
    ]


def test_reads_answers_and_lost_mutes_are_told() -> None:
    told = retold_without("4", Budget(2, 0, 0, 1))["the last wish is not in effect"]
    assert "given up, and still on its way: number 1, mute" in told
    assert "the desk is answered: number 2 is 1.1" in told
    assert "the server takes, late, number 1, mute" in told
    told = retold_without("6", Budget(0, 1, 1, 0))["the last wish is not in effect"]
    assert "the link breaks, and the server resets the device" in told
    assert "the desk reads live at 1.2, by default-reset; mute was last asked for, at 1.1" in told


def walk(model: Tutorial | Platform, worlds: int) -> set[str]:
    """The words of every move out of so many worlds."""
    known, told = {model.start}, set[str]()
    queue: list[tuple[int, tuple[int, ...]]] = [(model.start, ())]
    while queue and len(known) < worlds:
        world, path = queue.pop(0)
        for choice, (_, _, after) in enumerate(moves(model, world)):
            told.update(retold(model, (*path, choice)))
            if after not in known:
                known.add(after)
                queue.append((after, (*path, choice)))
    return told


def moves(model: Model, world: int) -> list[tuple[str, int, int]]:
    return [*model.internal(world), *model.trouble(world)]


def test_every_move_has_words() -> None:
    told = walk(Tutorial(Budget(1, 1, 1, 1), renumber=False), 600)
    assert len(told) > 40
    told = walk(Platform(Budget(1, 1, 1, 1, 1)), 400)
    assert {"the desk hears 202", "202 is answered before the effect: mute"} <= told
