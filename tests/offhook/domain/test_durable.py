"""Which rows have changed, counted only for somebody who asks."""

from offhook.domain.durable import Changes


def named(changes: Changes[tuple[str, int]]) -> dict[str, bytes | None]:
    return changes.take(lambda key: f"{key[0]}{key[1]}", lambda key: None if key[1] else b"row")


def test_nothing_is_counted_before_it_is_asked_for() -> None:
    changes = Changes[tuple[str, int]]()
    changes.mark(("a", 0))
    assert not changes.any
    assert named(changes) == {}


def test_each_key_is_told_once_in_the_order_of_its_first_change_and_then_forgotten() -> None:
    changes = Changes[tuple[str, int]]()
    changes.begin([("a", 0)])
    changes.mark(("b", 1), ("a", 0))
    assert list(named(changes).items()) == [("a0", b"row"), ("b1", None)]
    assert not changes.any
    changes.mark(("c", 0))
    assert named(changes) == {"c0": b"row"}


def test_whether_there_is_any_is_known_without_asking_for_it() -> None:
    changes = Changes[str]()
    changes.begin(["a"])
    assert changes.any
