"""Linearizability: small cases by hand, many against brute force, and real sessions."""

from itertools import permutations
from math import inf

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offhook_scenarios.oracles.linearizability import (
    Operation,
    linearizable,
    misread,
    operations_of,
    out_of_order,
)
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.run import DESKS


def write(called: float, returned: float, *, value: bool, rev: int | None = None) -> Operation:
    version = None if rev is None else (1, rev)
    return Operation(called_at=called, returned_at=returned, value=value, version=version)


def read(called: float, returned: float, *, value: bool, rev: int | None = None) -> Operation:
    version = None if rev is None else (1, rev)
    return Operation(
        called_at=called, returned_at=returned, value=value, version=version, is_read=True
    )


@pytest.mark.parametrize(
    ("operations", "possible"),
    [
        ([], True),
        ([write(0, 1, value=True), read(2, 3, value=True)], True),
        ([write(0, 1, value=True), read(2, 3, value=False)], False),
        # At the same time either may come first.
        ([write(0, 3, value=True), read(1, 2, value=False)], True),
        ([write(0, 3, value=True), read(1, 2, value=True)], True),
        # Once it was seen it stays.
        ([write(0, 9, value=True), read(1, 2, value=True), read(3, 4, value=False)], False),
        # Nobody knows what became of it: now, later, never.
        ([write(0, inf, value=True), read(1, 2, value=False), read(3, 4, value=True)], True),
        ([write(0, inf, value=True), read(1, 2, value=False)], True),
        ([write(5, inf, value=True), read(1, 2, value=True)], False),
        # A read that never returned tells nothing.
        ([read(1, inf, value=True)], True),
    ],
)
def test_an_order_that_explains_all(operations: list[Operation], *, possible: bool) -> None:
    assert linearizable(operations) is possible


OPERATIONS = st.lists(
    st.builds(
        lambda called, lasts, value, is_read: Operation(
            called_at=called,
            returned_at=inf if lasts is None else called + lasts,
            value=value,
            is_read=is_read,
        ),
        st.integers(0, 6),
        st.one_of(st.none(), st.integers(0, 6)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)


def by_brute_force(operations: list[Operation], *, initial: bool) -> bool:
    """Every order of every choice of those that need not have happened."""
    sure = [op for op in operations if op.returned_at < inf]
    unsure = [op for op in operations if op.returned_at == inf and not op.is_read]
    for chosen in range(1 << len(unsure)):
        those = [op for index, op in enumerate(unsure) if chosen >> index & 1]
        if any(explains(order, initial=initial) for order in permutations(sure + those)):
            return True
    return False


def explains(order: tuple[Operation, ...], *, initial: bool) -> bool:
    value = initial
    for index, op in enumerate(order):
        if any(later.returned_at < op.called_at for later in order[index + 1 :]):
            return False
        if op.is_read and op.value != value:
            return False
        value = op.value
    return True


@settings(deadline=None)
@given(OPERATIONS, st.booleans())
def test_the_search_agrees_with_brute_force(operations: list[Operation], initial: bool) -> None:  # noqa: FBT001 - Hypothesis passes by place.
    assert linearizable(operations, initial=initial) is by_brute_force(operations, initial=initial)


VERSIONED = st.lists(
    st.builds(
        lambda called, lasts, rev, is_read: Operation(
            called_at=called,
            returned_at=called + lasts,
            value=False,
            version=(1, rev),
            is_read=is_read,
        ),
        st.integers(0, 9),
        st.integers(0, 4),
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(VERSIONED)
def test_the_order_of_versions_agrees_with_comparing_every_pair(
    operations: list[Operation],
) -> None:
    def passed(earlier: Operation, later: Operation) -> bool:
        assert earlier.version is not None
        assert later.version is not None
        return earlier.returned_at < later.called_at and later.version < earlier.version

    every = {id(b) for b in operations if any(passed(a, b) for a in operations)}
    assert {id(later) for _, later in out_of_order(operations)} == every


def test_a_version_that_was_seen_and_is_gone_is_found() -> None:
    newer, older = read(0, 1, value=True, rev=2), read(2, 3, value=False, rev=1)
    assert out_of_order([older, newer]) == [(newer, older)]
    assert out_of_order([read(0, 2, value=True, rev=2), read(2, 3, value=False, rev=1)]) == []


def test_a_read_that_tells_another_value_than_was_written_is_found() -> None:
    right, wrong = read(2, 3, value=True, rev=1), read(4, 5, value=False, rev=1)
    assert misread([write(0, 1, value=True, rev=1), right, wrong]) == [wrong]


def test_a_client_that_tries_again_and_again_makes_no_endless_search() -> None:
    tries = [write(at, inf, value=True) for at in range(40)]
    seen = read(50, 51, value=True)
    assert linearizable([*tries, seen])
    assert not linearizable([*tries, seen, read(52, 53, value=False)])


@pytest.mark.parametrize("policies", [{}, {"versions": False}])
def test_the_mocks_own_register_is_linearizable(policies: dict[str, object]) -> None:
    checked = 0

    def check(played: Played) -> None:
        nonlocal checked
        for history in played.histories:
            for device_id in {truth.device_id for truth in history.truths}:
                operations = operations_of(history, device_id)
                checked += len(operations)
                assert linearizable(operations)
                assert out_of_order(operations) == []
                assert misread(operations) == []

    for seed in range(200, 210):
        plan = generate(seed)
        run_plan(
            msgspec.structs.replace(plan, policies=policies),
            DESKS["reference"],
            watch=check,
        )
    assert checked > 100
