"""The line of a socket: what each fault does to it, by literal times."""

import pytest

from offhook.faults import line as module
from offhook.faults.line import CloseLine, Drop, Instruction, Line, Resume, Stall, Write, half
from offhook.faults.verdicts import (
    PushClose,
    PushDelay,
    PushDrop,
    PushDuplicate,
    PushGarble,
    PushHold,
    PushStall,
    PushVerdict,
)

R = "rule-1"


def push(line: Line, *frames: bytes, at: float, verdict: PushVerdict | None = None) -> None:
    for frame in frames:
        line.push(frame, verdict, now=at)


def plain(*frames: bytes) -> list[Instruction]:
    return [Write(frame=frame) for frame in frames]


def test_without_faults_a_frame_goes_at_once() -> None:
    line = Line()
    push(line, b"a", b"b", at=1.0)
    assert line.next_deadline() == 1.0
    assert line.take(now=1.0) == plain(b"a", b"b")
    assert line.next_deadline() is None
    assert line.waiting == 0


def test_a_delayed_frame_keeps_those_behind_it_waiting() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushDelay(rule_id=R, delay_s=2.0))
    push(line, b"b", at=2.0)
    assert line.take(now=2.9) == []
    assert line.next_deadline() == 3.0
    assert line.take(now=3.0) == [Write(frame=b"a", rule_id=R), Write(frame=b"b")]


def test_a_frame_for_later_keeps_the_order_too() -> None:
    line = Line()
    line.push(b"a", None, now=1.0, not_before=4.0)
    push(line, b"b", at=2.0)
    assert line.take(now=2.0) == []
    assert line.next_deadline() == 4.0
    assert line.take(now=4.0) == plain(b"a", b"b")


def test_a_delay_counts_from_when_the_frame_may_go() -> None:
    line = Line()
    line.push(b"a", PushDelay(rule_id=R, delay_s=2.0), now=1.0, not_before=4.0)
    assert line.next_deadline() == 6.0


def test_a_dropped_frame_is_told_at_its_turn_and_not_written() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushDelay(rule_id="d", delay_s=1.0))
    push(line, b"b", at=1.0, verdict=PushDrop(rule_id=R))
    assert line.take(now=1.0) == []
    assert line.take(now=2.0) == [Write(frame=b"a", rule_id="d"), Drop(rule_id=R)]


def test_a_duplicate_is_written_twice_in_a_row_and_bites_once() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushDuplicate(rule_id=R))
    push(line, b"b", at=1.0)
    assert line.take(now=1.0) == [
        Write(frame=b"a"),
        Write(frame=b"a", rule_id=R),
        Write(frame=b"b"),
    ]


def test_a_frame_held_by_count_goes_right_after_so_many_later_ones() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushHold(rule_id=R, frames=2, delay_s=None))
    assert line.take(now=1.0) == []
    assert line.next_deadline() is None
    push(line, b"b", b"c", b"d", at=5.0)
    assert line.take(now=5.0) == [
        Write(frame=b"b"),
        Write(frame=b"c"),
        Write(frame=b"a", rule_id=R),
        Write(frame=b"d"),
    ]


def test_a_frame_held_by_time_lets_all_pass_until_then() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushHold(rule_id=R, frames=None, delay_s=3.0))
    push(line, b"b", at=2.0)
    assert line.take(now=2.0) == plain(b"b")
    assert line.next_deadline() == 4.0
    assert line.take(now=4.0) == [Write(frame=b"a", rule_id=R)]


@pytest.mark.parametrize(("later", "gone_at"), [(b"b", 2.0), (None, 4.0)])
def test_a_frame_held_by_both_goes_at_whichever_comes_first(
    later: bytes | None, gone_at: float
) -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushHold(rule_id=R, frames=1, delay_s=3.0))
    if later is not None:
        push(line, later, at=2.0)
    assert line.take(now=gone_at)[-1] == Write(frame=b"a", rule_id=R)


def test_a_frame_for_later_that_is_held_goes_no_sooner() -> None:
    line = Line()
    line.push(b"a", PushHold(rule_id=R, frames=None, delay_s=1.0), now=1.0, not_before=4.0)
    assert line.next_deadline() == 4.0
    line = Line()
    line.push(b"a", PushHold(rule_id=R, frames=1, delay_s=None), now=1.0, not_before=4.0)
    push(line, b"b", at=1.0)
    assert line.take(now=3.9) == []
    assert line.take(now=4.0) == [Write(frame=b"b"), Write(frame=b"a", rule_id=R)]


def test_a_dropped_frame_does_not_count_as_one_that_went_past() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushHold(rule_id=R, frames=1, delay_s=None))
    push(line, b"b", at=1.0, verdict=PushDrop(rule_id="d"))
    assert line.take(now=1.0) == [Drop(rule_id="d")]
    assert line.waiting == 1


def test_a_held_frame_does_not_overtake_one_that_came_before_it() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushDelay(rule_id="d", delay_s=9.0))
    push(line, b"b", at=1.0, verdict=PushHold(rule_id=R, frames=None, delay_s=1.0))
    assert line.next_deadline() == 10.0
    assert line.take(now=10.0) == [
        Write(frame=b"a", rule_id="d"),
        Write(frame=b"b", rule_id=R),
    ]


def test_a_close_comes_at_its_turn_and_nothing_comes_after_it() -> None:
    line = Line()
    push(line, b"a", at=1.0)
    push(line, b"b", at=1.0, verdict=PushClose(rule_id=R, code=4401))
    push(line, b"c", at=1.0)
    assert line.take(now=1.0) == [Write(frame=b"a"), CloseLine(code=4401, rule_id=R)]
    push(line, b"d", at=2.0)
    assert line.take(now=2.0) == []
    assert (line.closed, line.waiting, line.next_deadline()) == (True, 0, None)


def test_during_a_stall_nothing_goes_and_afterwards_everything() -> None:
    line = Line()
    push(line, b"a", at=1.0)
    push(line, b"b", at=1.0, verdict=PushStall(rule_id=R, duration_s=5.0))
    assert line.take(now=1.0) == [Write(frame=b"a"), Stall(rule_id=R)]
    push(line, b"c", at=2.0)
    assert line.take(now=2.0) == []
    assert line.stalled
    assert line.next_deadline() == 6.0
    assert line.take(now=6.0) == [Resume(), Write(frame=b"b"), Write(frame=b"c")]
    assert not line.stalled


def test_a_stall_without_end_waits_for_nothing() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushStall(rule_id=R, duration_s=None))
    assert line.take(now=1.0) == [Stall(rule_id=R)]
    push(line, b"b", at=1e9)
    assert line.next_deadline() is None
    assert line.take(now=1e9) == []


def test_a_stall_of_no_length_is_over_at_once() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushStall(rule_id=R, duration_s=0.0))
    assert line.take(now=1.0) == [Stall(rule_id=R), Resume(), Write(frame=b"a")]


def test_one_stall_after_another_begins_when_the_first_has_ended() -> None:
    line = Line()
    push(line, b"a", b"b", at=1.0, verdict=PushStall(rule_id=R, duration_s=2.0))
    assert line.take(now=1.0) == [Stall(rule_id=R)]
    assert line.take(now=3.0) == [Resume(), Write(frame=b"a"), Stall(rule_id=R)]
    assert line.next_deadline() == 5.0


def test_a_garbled_frame_is_half_of_it() -> None:
    line = Line()
    push(line, b'{"muted":true}', at=1.0, verdict=PushGarble(rule_id=R))
    assert line.take(now=1.0) == [Write(frame=b'{"muted', rule_id=R)]


@pytest.mark.parametrize("text", ['{"a":1}', '{"é":"ü"}', "{}", '{"😀😀":"😀"}'])
def test_half_a_frame_is_text_and_no_json(text: str) -> None:
    cut = half(text.encode())
    assert text.startswith(cut.decode())
    assert 0 < len(cut) < len(text.encode())


def test_of_lossy_frames_that_wait_the_latest_wins_and_overtakes_nothing() -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=PushDelay(rule_id=R, delay_s=2.0))
    for level in (b"0.1", b"0.2"):
        line.push(level, None, now=1.0, lossy=True)
    push(line, b"b", at=1.0)
    line.push(b"0.3", None, now=1.0, lossy=True)
    assert line.take(now=3.0) == [
        Write(frame=b"a", rule_id=R),
        Write(frame=b"b"),
        Write(frame=b"0.3"),
    ]


def test_a_lossy_frame_with_a_fault_of_its_own_is_kept_for_it() -> None:
    line = Line()
    line.push(b"0.1", PushDelay(rule_id=R, delay_s=2.0), now=1.0, lossy=True)
    line.push(b"0.2", None, now=1.0, lossy=True)
    assert line.take(now=3.0) == [Write(frame=b"0.1", rule_id=R), Write(frame=b"0.2")]


def test_a_lossy_frame_that_has_gone_replaces_nothing_any_more() -> None:
    line = Line()
    for number in range(3):
        line.push(b"%d" % number, None, now=1.0, lossy=True)
        assert line.take(now=1.0) == plain(b"%d" % number)


def overfull(monkeypatch: pytest.MonkeyPatch, *, frames: int, size: int) -> None:
    monkeypatch.setattr(module, "MAX_WAITING_FRAMES", frames)
    monkeypatch.setattr(module, "MAX_WAITING_BYTES", size)


@pytest.mark.parametrize(("frames", "size"), [(2, 1000), (1000, 2)])
def test_when_more_would_wait_than_may_the_reader_counts_as_too_slow(
    monkeypatch: pytest.MonkeyPatch, frames: int, size: int
) -> None:
    overfull(monkeypatch, frames=frames, size=size)
    line = Line()
    push(line, b"a", b"b", at=1.0, verdict=PushDelay(rule_id=R, delay_s=9.0))
    assert line.take(now=1.0) == []
    push(line, b"c", at=2.0)
    assert line.next_deadline() == 2.0
    assert line.take(now=2.0) == [CloseLine(code=4413)]
    assert line.closed


def test_an_overfull_stalled_line_is_cut_for_no_close_frame_would_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overfull(monkeypatch, frames=1, size=1000)
    line = Line()
    push(line, b"a", at=1.0, verdict=PushStall(rule_id=R, duration_s=None))
    line.take(now=1.0)
    push(line, b"b", at=2.0)
    assert line.take(now=2.0) == [CloseLine(code=1006)]


def test_what_has_gone_no_longer_counts_against_the_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overfull(monkeypatch, frames=1, size=3)
    line = Line()
    for number in range(10):
        push(line, b"abc", at=float(number))
        assert line.take(now=float(number)) == plain(b"abc")


@pytest.mark.parametrize(
    "verdict",
    [
        PushDelay(rule_id=R, delay_s=60.0),
        PushHold(rule_id=R, frames=9, delay_s=None),
        PushHold(rule_id=R, frames=None, delay_s=60.0),
    ],
)
def test_lifted_a_line_lets_out_at_once_and_in_order_what_waits(verdict: PushVerdict) -> None:
    line = Line()
    push(line, b"a", at=1.0, verdict=verdict)
    line.lift(now=2.0)
    push(line, b"b", at=2.0)
    assert line.take(now=2.0) == plain(b"a", b"b")
    assert line.next_deadline() is None


def test_lifted_a_stall_ends_and_none_that_waits_begins() -> None:
    line = Line()
    push(line, b"a", b"b", at=1.0, verdict=PushStall(rule_id=R, duration_s=None))
    assert line.take(now=1.0) == [Stall(rule_id=R)]
    line.lift(now=2.0)
    assert line.take(now=2.0) == [Resume(), *plain(b"a", b"b")]
