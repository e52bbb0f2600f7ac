"""The log is bounded, and can be followed."""

from offhook_client.decisions import Decision, DecisionLog


def decision(number: int, subject: str = "x") -> Decision:
    return Decision(at=float(number), subject=subject, action="retry", reason="503")


def test_the_newest_are_kept_oldest_first() -> None:
    log = DecisionLog(limit=3)
    for number in range(5):
        log.record(decision(number))
    assert [one.at for one in log.entries()] == [2.0, 3.0, 4.0]


def test_entries_of_one_subject_can_be_asked_for() -> None:
    log = DecisionLog()
    log.record(decision(1, "x"))
    log.record(decision(2, "y"))
    assert [one.at for one in log.entries("y")] == [2.0]
    assert log.entries("z") == ()


def test_an_observer_hears_each_as_it_is_made() -> None:
    heard: list[Decision] = []
    log = DecisionLog(limit=1, notify=heard.append)
    log.record(decision(1))
    log.record(decision(2))
    assert [one.at for one in heard] == [1.0, 2.0]
