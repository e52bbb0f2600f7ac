"""Paths: held and released, for whoever waits."""

from offhook_scenarios.sim.path import Conditions, Path


def test_a_release_wakes_whoever_waited_once_and_in_order() -> None:
    path, woken = Path("a", "b", Conditions()), list[str]()

    def first() -> None:
        woken.append("first")

    def second() -> None:
        woken.append("second")

    path.hold()
    for resume in (first, second, first):
        path.when_open(resume)
    path.release()
    path.release()
    assert woken == ["first", "second"]
    assert not path.held


def test_who_no_longer_waits_is_not_woken() -> None:
    path, woken = Path("a", "b", Conditions()), list[str]()

    def resume() -> None:
        woken.append("resumed")

    path.when_open(resume)
    path.forget(resume)
    path.forget(resume)
    path.release()
    assert woken == []
