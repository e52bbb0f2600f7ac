"""The line of a socket: laws that hold whatever comes, by Hypothesis."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

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


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """So long after the last one, this comes."""

    wait_s: float = 0.0
    verdict: PushVerdict | None = None
    lossy: bool = False
    later_s: float = 0.0


RULE = "r"
TURNS_MAX = 1_000
seconds = st.sampled_from([0.0, 0.5, 1.0, 2.0, 7.0])
some_frames = st.integers(1, 4)

delays = st.builds(PushDelay, rule_id=st.just(RULE), delay_s=seconds)
holds = st.one_of(
    st.builds(PushHold, rule_id=st.just(RULE), frames=st.none(), delay_s=seconds),
    st.builds(PushHold, rule_id=st.just(RULE), frames=some_frames, delay_s=seconds),
)
endless_holds = st.builds(PushHold, rule_id=st.just(RULE), frames=some_frames, delay_s=st.none())
stalls = st.builds(PushStall, rule_id=st.just(RULE), duration_s=seconds)
simple: st.SearchStrategy[PushVerdict] = st.sampled_from(
    [PushDrop(rule_id=RULE), PushDuplicate(rule_id=RULE), PushGarble(rule_id=RULE)]
)
closes = st.just(PushClose(rule_id=RULE, code=4401))


def steps(
    *verdicts: st.SearchStrategy[PushVerdict], lossy: bool = False
) -> st.SearchStrategy[list[Step]]:
    return st.lists(
        st.builds(
            Step,
            wait_s=seconds,
            verdict=st.one_of(st.none(), *verdicts),
            lossy=st.booleans() if lossy else st.just(False),
            later_s=seconds,
        ),
        max_size=25,
    )


def frame(number: int) -> bytes:
    return b'{"frame":%d}' % number


def played(plan: Sequence[Step], *, often: bool = False) -> tuple[Line, list[Instruction]]:
    """Push the plan, meeting every deadline on the way and all that are left."""
    line, now, given_out = Line(), 100.0, list[Instruction]()

    def until(end: float | None) -> None:
        for _ in range(TURNS_MAX):
            deadline = line.next_deadline()
            if deadline is None or (end is not None and deadline > end):
                return
            given_out.extend(line.take(now=deadline))
        raise AssertionError("the line never becomes quiet")

    for number, step in enumerate(plan):
        if often:
            until(now + step.wait_s / 2)
            given_out.extend(line.take(now=now + step.wait_s / 2))
        now += step.wait_s
        until(now)
        line.push(
            frame(number), step.verdict, now=now, lossy=step.lossy, not_before=now + step.later_s
        )
        given_out.extend(line.take(now=now))
    until(None)
    return line, given_out


def written(given_out: list[Instruction]) -> list[bytes]:
    return [item.frame for item in given_out if isinstance(item, Write)]


@given(plan=steps())
def test_without_faults_what_comes_out_is_what_went_in_in_order(plan: list[Step]) -> None:
    line, given_out = played(plan)
    assert given_out == [Write(frame=frame(number)) for number in range(len(plan))]
    assert line.waiting == 0


@given(plan=steps(delays, stalls))
def test_delays_and_stalls_lose_nothing_invent_nothing_and_keep_the_order(
    plan: list[Step],
) -> None:
    line, given_out = played(plan)
    assert written(given_out) == [frame(number) for number in range(len(plan))]
    assert (line.waiting, line.stalled) == (0, False)


@given(plan=steps(delays, holds, stalls))
def test_holds_lose_nothing_and_invent_nothing(plan: list[Step]) -> None:
    line, given_out = played(plan)
    assert Counter(written(given_out)) == Counter(frame(n) for n in range(len(plan)))
    assert line.waiting == 0


@given(plan=steps(delays, holds, endless_holds))
def test_frames_that_are_not_held_keep_their_order(plan: list[Step]) -> None:
    _, given_out = played(plan)
    free = [frame(n) for n, step in enumerate(plan) if not isinstance(step.verdict, PushHold)]
    assert [it for it in written(given_out) if it in free] == free


@given(plan=steps(endless_holds))
def test_a_hold_by_count_alone_keeps_only_frames_with_too_few_behind_them(
    plan: list[Step],
) -> None:
    line, given_out = played(plan)
    assert line.waiting == len(plan) - len(written(given_out))
    for number, step in enumerate(plan):
        if frame(number) not in written(given_out):
            assert isinstance(step.verdict, PushHold)
            assert step.verdict.frames is not None
            later = written(given_out)
            assert sum(1 for n in range(number + 1, len(plan)) if frame(n) in later) < (
                step.verdict.frames
            )


@given(plan=steps(delays, holds, stalls, simple))
def test_each_frame_is_written_as_often_as_its_fault_says(plan: list[Step]) -> None:
    _, given_out = played(plan)
    expected = Counter[bytes]()
    for number, step in enumerate(plan):
        match step.verdict:
            case PushDrop():
                pass
            case PushDuplicate():
                expected[frame(number)] += 2
            case PushGarble():
                expected[half(frame(number))] += 1
            case _:
                expected[frame(number)] += 1
    assert Counter(written(given_out)) == expected


@given(plan=steps(delays, holds, stalls, simple))
def test_every_fault_is_told_exactly_once(plan: list[Step]) -> None:
    _, given_out = played(plan)
    bites = [item for item in given_out if getattr(item, "rule_id", None) == RULE]
    assert len(bites) == sum(1 for step in plan if step.verdict is not None)


@given(plan=steps(delays, holds, stalls, simple))
def test_duplicates_stand_next_to_each_other(plan: list[Step]) -> None:
    _, given_out = played(plan)
    out = written(given_out)
    for number, step in enumerate(plan):
        if isinstance(step.verdict, PushDuplicate):
            first = out.index(frame(number))
            assert out[first : first + 2] == [frame(number)] * 2


@given(plan=steps(delays, stalls, holds))
def test_nothing_is_written_between_a_stall_and_its_end(plan: list[Step]) -> None:
    stalled = False
    for item in played(plan)[1]:
        if isinstance(item, Stall | Resume):
            assert stalled == isinstance(item, Resume)
            stalled = isinstance(item, Stall)
        else:
            assert not stalled, "written into a stalled line"
    assert not stalled


@given(plan=steps(delays, holds, stalls, simple, closes))
def test_a_close_is_the_last_thing_of_a_line(plan: list[Step]) -> None:
    line, given_out = played(plan)
    ends = [number for number, it in enumerate(given_out) if isinstance(it, CloseLine)]
    assert ends in ([], [len(given_out) - 1])
    assert line.closed == bool(ends)
    if ends:
        assert (line.waiting, line.next_deadline()) == (0, None)


@given(plan=steps(delays, lossy=True))
def test_of_lossy_frames_only_lossy_ones_are_lost_and_never_the_last(plan: list[Step]) -> None:
    _, given_out = played(plan)
    out = written(given_out)
    assert out == sorted(out, key=lambda it: int(it[9:-1]))
    lossy = [n for n, step in enumerate(plan) if step.lossy]
    for number in range(len(plan)):
        if frame(number) not in out:
            assert plan[number].lossy
            assert plan[number].verdict is None
            assert number != lossy[-1]


@given(plan=steps(delays, holds, simple, lossy=True))
def test_asking_more_often_changes_nothing(plan: list[Step]) -> None:
    assert played(plan)[1] == played(plan, often=True)[1]


@given(plan=steps(delays, holds, endless_holds, stalls, simple, closes, lossy=True))
def test_drops_are_never_written(plan: list[Step]) -> None:
    _, given_out = played(plan)
    dropped = {frame(n) for n, step in enumerate(plan) if isinstance(step.verdict, PushDrop)}
    assert not dropped & set(written(given_out))
    assert sum(isinstance(item, Drop) for item in given_out) <= len(dropped)
