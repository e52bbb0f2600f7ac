"""The rules of an org: asked in order, the first with an opinion wins, everything counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.faults.book import FaultBook
from offhook.faults.kinds import (
    AbortFault,
    DelayFault,
    Fault,
    PushDropFault,
    PushDuplicateFault,
    ReplyFault,
)
from offhook.faults.rule import Match, Rule, RuleSpec
from offhook.faults.verdicts import Abort, Delay, HttpVerdict, PushDrop, PushVerdict, Reply


def spec(fault: Fault, *, skip: int = 0, times: int | None = 1, **match: str) -> RuleSpec:
    return RuleSpec(match=Match(**match), fault=fault, skip=skip, times=times)


def decide(book: FaultBook, operation: str = "mute", *, at: float = 1.0) -> HttpVerdict | None:
    return book.decide(operation, device_id="d1", token_id="t1", now=at)


def on_push(book: FaultBook, event_type: str = "muteChanged") -> PushVerdict | None:
    return book.on_push(event_type, device_id="d1", token_id="t1", now=1.0)


def rule(book: FaultBook, rule_id: str) -> Rule:
    found = book.rule(rule_id)
    assert found is not None
    return found


def test_an_empty_book_has_no_opinion() -> None:
    assert decide(FaultBook()) is None
    assert on_push(FaultBook()) is None


def test_the_first_rule_with_an_opinion_wins_and_hides_the_rest() -> None:
    book = FaultBook()
    book.add(spec(ReplyFault(status=500), operation="read"), id="elsewhere")
    book.add(spec(ReplyFault(status=503), skip=1), id="later")
    book.add(spec(AbortFault()), id="now")
    book.add(spec(ReplyFault(status=404)), id="hidden")
    assert isinstance(decide(book), Abort)
    assert [rule(book, name).matched for name in ("elsewhere", "later", "now", "hidden")] == [
        0,
        1,
        1,
        0,
    ]
    assert decide(book) == Reply(
        rule_id="later", status=503, code=None, retry_after_s=None, body=None
    )


@pytest.mark.parametrize("order", [("push", "http"), ("http", "push")])
def test_a_seam_does_not_use_up_the_rules_of_the_other(order: tuple[str, str]) -> None:
    book = FaultBook()
    kinds: dict[str, Fault] = {"push": PushDropFault(), "http": AbortFault()}
    for name in order:
        book.add(spec(kinds[name]), id=name)
    assert isinstance(decide(book), Abort)
    assert rule(book, "push").matched == 0
    assert isinstance(on_push(book), PushDrop)
    assert rule(book, "http").matched == 1


def test_a_decision_is_used_up_by_asking_and_a_bite_is_counted_by_telling() -> None:
    book = FaultBook()
    book.add(spec(AbortFault(), times=2), id="r")
    decide(book, at=7.0)
    assert (rule(book, "r").remaining, rule(book, "r").bites) == (1, 0)
    assert rule(book, "r").decided_at == 7.0
    book.bit("r")
    assert (rule(book, "r").remaining, rule(book, "r").bites) == (1, 1)


def test_rules_that_never_bit_can_be_listed() -> None:
    book = FaultBook()
    book.add(spec(AbortFault()), id="bit")
    book.add(spec(AbortFault(), operation="never"), id="idle")
    decide(book)
    assert [found.id for found in book.never_bit()] == ["bit", "idle"]
    book.bit("bit")
    assert [found.id for found in book.never_bit()] == ["idle"]


def test_a_rule_handed_out_does_not_change() -> None:
    book = FaultBook()
    before = book.add(spec(AbortFault()), id="r")
    decide(book)
    assert before.remaining == 1
    assert rule(book, "r").remaining == 0


def test_rules_are_listed_in_the_order_in_which_they_are_asked() -> None:
    book = FaultBook()
    for name in ("b", "a", "c"):
        book.add(spec(AbortFault(), times=None), id=name)
    decide(book)
    book.bit("b")
    assert [found.id for found in book.rules()] == ["b", "a", "c"]


def test_a_removed_rule_has_no_opinion_and_a_late_bite_of_it_is_passed_over() -> None:
    book = FaultBook()
    book.add(spec(AbortFault(), times=None), id="r")
    assert decide(book) is not None
    assert book.remove("r")
    assert not book.remove("r")
    assert decide(book) is None
    book.bit("r")
    assert book.rules() == ()
    assert book.rule("r") is None


def test_clearing_forgets_all_rules() -> None:
    book = FaultBook()
    book.add(spec(AbortFault()), id="a")
    book.add(spec(PushDropFault()), id="b")
    book.clear()
    assert book.rules() == ()


def test_an_id_is_given_once() -> None:
    book = FaultBook()
    book.add(spec(AbortFault()), id="r")
    with pytest.raises(AssertionError, match="exists"):
        book.add(spec(AbortFault()), id="r")


faults = st.sampled_from(
    [AbortFault(), DelayFault(delay_s=1), ReplyFault(status=503), PushDropFault()]
)
specs = st.builds(
    RuleSpec,
    match=st.builds(Match, operation=st.sampled_from([None, "a", "b"])),
    fault=faults,
    skip=st.integers(0, 3),
    times=st.one_of(st.none(), st.integers(1, 3)),
)
asked = st.lists(st.sampled_from(["a", "b", "c"]), max_size=30)


def verdicts(rules: list[RuleSpec], operations: list[str]) -> tuple[list[object], FaultBook]:
    book = FaultBook()
    for number, one in enumerate(rules):
        book.add(one, id=str(number))
    return [decide(book, operation) for operation in operations], book


@given(rules=st.lists(specs, max_size=6), operations=asked)
def test_the_same_requests_meet_the_same_faults(
    rules: list[RuleSpec], operations: list[str]
) -> None:
    assert verdicts(rules, operations)[0] == verdicts(rules, operations)[0]


@given(rules=st.lists(specs, max_size=6), operations=asked)
def test_whether_a_verdict_is_due_can_be_asked_without_using_it_up(
    rules: list[RuleSpec], operations: list[str]
) -> None:
    book = verdicts(rules, [])[1]
    for operation in operations:
        before = book.rules()
        due = book.awaits(operation, device_id="d1", token_id="t1")
        assert book.rules() == before
        assert due is (decide(book, operation) is not None)


def test_a_verdict_is_due_only_on_the_device_and_the_token_that_are_named() -> None:
    book = FaultBook()
    book.add(spec(AbortFault(), client_id="d1", token_id="t1"), id="r")
    assert book.awaits("mute", device_id="d1", token_id="t1")
    assert not book.awaits("mute", device_id="d2", token_id="t1")
    assert not book.awaits("mute", device_id="d1", token_id=None)


@given(rules=st.lists(specs, max_size=6), operations=asked)
def test_the_accounts_add_up(rules: list[RuleSpec], operations: list[str]) -> None:
    found, book = verdicts(rules, operations)
    for one in book.rules():
        decided = sum(1 for it in found if it is not None and getattr(it, "rule_id") == one.id)  # noqa: B009 - any verdict has one.
        assert one.skipped <= one.skip
        assert one.skipped + decided <= one.matched <= len(operations)
        if one.times is not None:
            assert one.remaining == one.times - decided
        if decided:
            assert one.skipped == one.skip
        assert one.bites == 0


def test_a_push_rule_has_its_own_verdicts() -> None:
    book = FaultBook()
    book.add(spec(PushDuplicateFault(), operation="heartbeat"), id="r")
    assert on_push(book, "muteChanged") is None
    assert on_push(book, "heartbeat") is not None


def test_a_delay_is_an_opinion_too() -> None:
    book = FaultBook()
    book.add(spec(DelayFault(delay_s=2)), id="r")
    assert isinstance(decide(book), Delay)


def test_what_has_changed_is_taken_once_and_what_is_gone_is_none() -> None:
    book = FaultBook()
    book.add(spec(AbortFault()), id="stays")
    book.track()
    assert set(book.take_changes()) == {"stays"}
    book.add(spec(AbortFault()), id="goes")
    assert set(book.take_changes()) == {"goes"}
    book.remove("goes")
    assert book.take_changes() == {"goes": None}
    decide(book)
    (row,) = book.take_changes().items()
    again = FaultBook()
    again.restore([(row[0], row[1] or b"")])
    assert again.rules() == book.rules()
    assert book.take_changes() == {}
