"""The probes: each does what its words say, to a client that keeps to the rules."""

from collections import Counter
from collections.abc import Callable

import pytest

from offhook_scenarios.score.probes import PROBES, REFUSALS
from offhook_scenarios.score.seen import NO_ANSWER, SOCKETS, TOKENS, WRITES, Seen

See = Callable[[str, str], Seen]


def statuses(seen: Seen, operations: frozenset[str]) -> set[int]:
    return set(Counter(arrival.status for arrival in seen.of(operations)))


@pytest.mark.parametrize(
    ("probe", "operations", "met"),
    [
        ("seconds", WRITES, {429}),
        ("date", WRITES, {429}),
        ("zero", WRITES, {429}),
        ("huge", WRITES, {429}),
        ("absent", WRITES, {429}),
        ("malformed", WRITES, {429}),
        ("outage", WRITES | SOCKETS, {503}),
        ("refused", WRITES, set(REFUSALS)),
        ("lost", WRITES, {NO_ANSWER}),
        ("broken", WRITES | SOCKETS, {NO_ANSWER}),
        ("expiry", TOKENS, {200}),
        ("unauthorized", WRITES | SOCKETS, {401}),
        ("handshake", SOCKETS, {503}),
        ("handshake-told", SOCKETS, {429}),
        ("flap", SOCKETS, {101}),
        ("gate", WRITES, {429}),
        ("limit-constant", WRITES, {429, 204}),
        ("limit-window-reset", WRITES, {429, 204}),
        ("limit-backlog-aware", WRITES, {429, 204}),
    ],
)
def test_the_client_meets_the_trouble(
    probe: str, operations: frozenset[str], met: set[int], see: See
) -> None:
    seen = see("reference", probe)
    assert seen.broken is None
    assert met <= statuses(seen, operations)


@pytest.mark.parametrize(
    ("probe", "told"), [("zero", "0"), ("huge", "3600"), ("absent", None), ("malformed", "soon")]
)
def test_each_form_of_retry_after_is_said(probe: str, told: str | None, see: See) -> None:
    seen = see("reference", probe)
    assert {arrival.retry_after for arrival in seen.of(WRITES) if arrival.status == 429} == {told}


def test_the_date_is_a_date(see: See) -> None:
    told = see("reference", "date").of(WRITES)[0].retry_after
    assert told is not None
    assert told.endswith(" GMT")


def test_the_table_is_in_words() -> None:
    for probe in PROBES.values():
        assert probe.words
