"""The register walked by hand, by tables and by chance."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.errors import DomainError
from offhook.domain.register import (
    MAX_INSTANCES,
    ComeBack,
    Force,
    Overwrite,
    Register,
    RegisterInput,
    Report,
    TakeCheckpoint,
    Want,
    WasSet,
    step,
)
from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, LastIntent
from offhook.policies import MuteAfterReconnect

NEW = Register(epoch=1)
LOCKED = Register(epoch=1, rev=4, muted=True, cause=Cause.ADMIN, forced=True)


def after(register: Register, *items: RegisterInput) -> Register:
    for item in items:
        register, _ = step(register, item, 10.0)
    return register


def want(*, muted: bool, seq: int | None = None, instance: str = "a") -> Want:
    intent = None if seq is None else Intent(instance, seq)
    return Want(muted=muted, actor="ann", intent=intent)


def test_a_wish_raises_rev_and_yields_one_set() -> None:
    item = Want(muted=True, actor="ann", intent=Intent("a", 3))
    register, happened = step(NEW, item, 10.0)
    assert happened == (
        WasSet(
            version=Version(1, 1),
            at=10.0,
            muted=True,
            flipped=True,
            cause=Cause.SELF,
            actor="ann",
            intent=Intent("a", 3),
        ),
    )
    assert (register.muted, register.rev, register.cause) == (True, 1, Cause.SELF)
    assert register.last_intent == LastIntent(muted=True, rev=1, actor="ann")


def test_a_set_that_changes_nothing_is_a_set() -> None:
    register, happened = step(NEW, want(muted=False), 10.0)
    assert register.rev == 1
    assert [(each.flipped, each.version) for each in happened] == [(False, Version(1, 1))]
    assert register.last_intent == LastIntent(muted=False, rev=1, actor="ann")


@pytest.mark.parametrize(
    ("item", "cause"),
    [
        (Report(muted=True, cause=Cause.NATIVE, gesture=True), Cause.NATIVE),
        (Report(muted=True, cause=Cause.HEADSET), Cause.HEADSET),
        (Force(muted=True, actor="boss"), Cause.ADMIN),
        (Overwrite(muted=True), Cause.SYSTEM),
    ],
)
def test_other_hands_set_and_leave_the_last_intent_alone(item: RegisterInput, cause: Cause) -> None:
    before = after(NEW, want(muted=False, seq=1))
    register, happened = step(before, item, 10.0)
    assert (register.muted, register.rev, register.cause) == (True, 2, cause)
    assert [each.cause for each in happened] == [cause]
    assert register.last_intent == before.last_intent
    assert register.accepted == before.accepted


@pytest.mark.parametrize(
    "item", [want(muted=False), Report(muted=False, cause=Cause.NATIVE, gesture=True)]
)
def test_a_lock_refuses_unmuting(item: RegisterInput) -> None:
    with pytest.raises(DomainError, match="403 forced"):
        step(LOCKED, item, 10.0)


@pytest.mark.parametrize("item", [want(muted=True), Report(muted=True, cause=Cause.HEADSET)])
def test_a_lock_admits_muting_and_stays(item: RegisterInput) -> None:
    register = after(LOCKED, item)
    assert (register.rev, register.muted, register.forced) == (5, True, True)


@pytest.mark.parametrize(
    ("item", "forced"),
    [
        (Force(muted=True, lock=True), True),
        (Force(muted=True, lock=False), False),
        (Force(muted=False, lock=True), False),
        (Force(muted=False, lock=False), False),
    ],
)
@pytest.mark.parametrize("before", [NEW, LOCKED])
def test_only_a_locking_mute_locks(before: Register, item: Force, *, forced: bool) -> None:
    assert after(before, item).forced is forced


def test_overwriting_a_locked_mute_unlocks() -> None:
    register = after(LOCKED, Overwrite(muted=False))
    assert (register.muted, register.forced) == (False, False)


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_an_intent_not_newer_than_the_last_one_is_stale(seq: int) -> None:
    register = after(NEW, want(muted=True, seq=3))
    with pytest.raises(DomainError, match=f"409 stale.intent: Intent a:{seq} is not newer"):
        step(register, want(muted=False, seq=seq), 11.0)


def test_each_instance_counts_for_itself() -> None:
    register = after(NEW, want(muted=True, seq=3), want(muted=False, seq=1, instance="b"))
    register = after(register, want(muted=True, seq=4), want(muted=True, seq=2, instance="b"))
    assert [(row.instance, row.seq) for row in register.accepted] == [("a", 4), ("b", 2)]


def test_the_instance_accepted_longest_ago_is_forgotten_first() -> None:
    names = [f"z{number:03}" for number in range(MAX_INSTANCES)]
    seqs = range(100 + MAX_INSTANCES, 100, -1)
    wishes = (
        want(muted=True, seq=seq, instance=name) for name, seq in zip(names, seqs, strict=True)
    )
    register = after(NEW, *wishes, want(muted=True, seq=200, instance=names[0]))
    register = after(register, want(muted=True, seq=1, instance="new"))
    remembered = {row.instance for row in register.accepted}
    assert len(register.accepted) == MAX_INSTANCES
    assert remembered == {"new", *names} - {names[1]}


@pytest.mark.parametrize("version", [Version(1, 0), Version(1, 2), Version(2, 1)])
def test_if_match_with_another_version_fails(version: Version) -> None:
    register = after(NEW, want(muted=True))
    with pytest.raises(DomainError, match="412 precondition") as caught:
        step(register, Want(muted=False, actor="ann", if_match=version), 10.0)
    assert '"1.1"' in caught.value.message


def test_if_match_with_the_present_version_sets() -> None:
    register = after(NEW, want(muted=True))
    assert after(register, Want(muted=False, actor="ann", if_match=Version(1, 1))).rev == 2


@pytest.mark.parametrize(
    ("muted", "seq", "code"),
    [(False, 3, "forced"), (True, 3, "stale.intent"), (True, 4, "precondition.failed")],
)
def test_a_wish_wrong_in_three_ways_is_refused_in_order(
    *, muted: bool, seq: int, code: str
) -> None:
    register = after(NEW, want(muted=True, seq=3), Force(muted=True, lock=True))
    item = Want(muted=muted, actor="ann", intent=Intent("a", seq), if_match=Version(1, 1))
    with pytest.raises(DomainError) as caught:
        step(register, item, 10.0)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("rule", "muted", "checkpoint", "expected"),
    [
        (MuteAfterReconnect.KEEP, True, False, None),
        (MuteAfterReconnect.KEEP, False, True, None),
        (MuteAfterReconnect.RESET, True, True, False),
        (MuteAfterReconnect.RESET, False, True, None),
        (MuteAfterReconnect.LAST_KNOWN_GOOD, True, False, False),
        (MuteAfterReconnect.LAST_KNOWN_GOOD, False, True, True),
        (MuteAfterReconnect.LAST_KNOWN_GOOD, True, True, None),
    ],
)
def test_coming_back_sets_what_the_policy_says(
    *,
    rule: MuteAfterReconnect,
    muted: bool,
    checkpoint: bool,
    expected: bool | None,
) -> None:
    before = Register(epoch=1, rev=5, muted=muted, checkpoint=checkpoint)
    register, happened = step(before, ComeBack(rule=rule), 10.0)
    if expected is None:
        assert (register, happened) == (before, ())
    else:
        assert (register.muted, register.rev) == (expected, 6)
        assert [each.cause for each in happened] == [Cause.DEFAULT_RESET]


@pytest.mark.parametrize("rule", MuteAfterReconnect)
def test_a_lock_survives_coming_back(rule: MuteAfterReconnect) -> None:
    assert step(LOCKED, ComeBack(rule=rule), 10.0) == (LOCKED, ())


def test_a_checkpoint_is_no_set() -> None:
    before = after(NEW, want(muted=True))
    register, happened = step(before, TakeCheckpoint(), 10.0)
    assert (register.checkpoint, register.rev, happened) == (True, before.rev, ())


def test_an_unknown_input_is_a_broken_promise_of_ours() -> None:
    with pytest.raises(AssertionError, match="takes no RegisterInput"):
        step(NEW, RegisterInput(), 10.0)


ITEMS = st.one_of(
    st.builds(
        Want,
        muted=st.booleans(),
        actor=st.just("ann"),
        intent=st.none() | st.builds(Intent, st.sampled_from("ab"), st.integers(1, 4)),
        if_match=st.none() | st.builds(Version, st.just(1), st.integers(0, 8)),
    ),
    st.builds(Report, muted=st.booleans(), cause=st.sampled_from([Cause.NATIVE, Cause.HEADSET])),
    st.builds(Force, muted=st.booleans(), lock=st.booleans()),
    st.builds(Overwrite, muted=st.booleans()),
    st.builds(ComeBack, rule=st.sampled_from(MuteAfterReconnect)),
    st.builds(TakeCheckpoint),
)


@given(st.lists(ITEMS, max_size=12))
def test_rev_is_free_of_gaps_and_a_lock_always_means_muted(items: list[RegisterInput]) -> None:
    register = NEW
    for item in items:
        before = register
        kept = msgspec.structs.replace(before)
        try:
            register, happened = step(before, item, 10.0)
        except DomainError:
            assert before == kept
            continue
        assert register.rev == before.rev + len(happened)
        assert len(happened) <= 1
        for each in happened:
            assert each.version == register.version
            assert each.muted is register.muted
            assert each.flipped is (before.muted != register.muted)
        if not happened:
            assert register.muted is before.muted
        assert register.muted or not register.forced
        assert list(register.accepted) == sorted(register.accepted)


@given(st.lists(ITEMS, max_size=12))
def test_a_register_is_a_value_that_can_be_hashed_and_walked_again(
    items: list[RegisterInput],
) -> None:
    def walk() -> Register:
        register = NEW
        for item in items:
            try:
                register, _ = step(register, item, 10.0)
            except DomainError:
                continue
        return register

    assert walk() == walk()
    assert hash(walk()) == hash(walk())
