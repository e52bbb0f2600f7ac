"""The sessions with the desk on the JavaScript SDK: findings of that desk, on a slow clock."""

import asyncio

import pytest

from offhook_scenarios.adapters.node import Node
from offhook_scenarios.node_plays import NodePlays
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.verdict import Lie

EXPECTED = {
    "half-open-link-while-muting": {Lie.LIVE},
    "answer-lost-though-applied": {Lie.LIVE},
    "rate-limit-with-retry-after": set[Lie](),
    "token-expires-with-socket-open": {Lie.LIVE},
    "unauthorized-then-success": set[Lie](),
    "supervisor-mutes-during-gap": {Lie.UNHEARD},
    "headset-or-native-mute": set[Lie](),
    "not-found-after-session-ended": set[Lie](),
    "second-tab-unmutes": set[Lie](),
    "old-event-after-new-one": {Lie.LIVE},
}
"""Kinds of lies only, never durations. The other sessions the platform does not have."""


@pytest.mark.nightly
def test_the_findings_of_the_desk(node: Node) -> None:
    heard: list[Outcome] = []
    with NodePlays(CATALOGUE, node, seed=1, speed=4, done=heard.append) as plays:
        outcomes = plays.outcomes()
    assert [outcome.session for outcome in outcomes] == list(CATALOGUE)
    assert [outcome.error for outcome in outcomes] == [None] * len(CATALOGUE)
    assert len(heard) == len(CATALOGUE)
    found = {
        outcome.session.id: {lie for lie in Lie if outcome.verdict.longest_s(lie) > 0}
        for outcome in outcomes
        if outcome.verdict is not None
    }
    assert found == EXPECTED
    played = {outcome.session.id for outcome in outcomes if outcome.verdict is not None}
    assert all(
        outcome.result is Result.NOT_PLAYED
        for outcome in outcomes
        if outcome.session.id not in played
    )
    assert not any(outcome.verdict.unexercised for outcome in outcomes if outcome.verdict)


def test_the_remark_names_the_package_its_version_and_whose_desk_it_is(node: Node) -> None:
    with NodePlays((), node, seed=1, speed=1) as plays:
        assert plays.outcomes() == ()
    assert "a small desk of ours on purecloud-platform-client-v2 262.0.0" in plays.remark


def test_an_error_in_the_block_ends_the_plays_at_once(node: Node) -> None:
    longest = max(CATALOGUE, key=lambda session: session.length_s)
    plays = NodePlays([longest] * 2, node, seed=1, speed=1)
    with pytest.raises(KeyboardInterrupt), plays:
        raise KeyboardInterrupt
    with pytest.raises(asyncio.CancelledError):
        plays.outcomes()
