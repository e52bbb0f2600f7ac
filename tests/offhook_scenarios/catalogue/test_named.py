"""The catalogue: thirty and more sessions, one file each, fair, linked and told in words."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from offhook_scenarios.catalogue import named
from offhook_scenarios.catalogue.named import Named, NoSessionError, catalogue, find_session
from offhook_scenarios.plan.plan import Client, Fault, Step, written
from offhook_scenarios.sessions.catalogue import CATALOGUE

SESSIONS = catalogue()
NO_PLAN = {"second-tab-unmutes"}
"""Of the demo's twelve: a plan has one client for each user."""


def test_there_are_thirty_and_more_each_of_its_own() -> None:
    assert len(SESSIONS) >= 30
    assert list(SESSIONS) == sorted(SESSIONS)
    for field in ("title", "story", "must", "incident"):
        assert len({getattr(one, field) for one in SESSIONS.values()}) == len(SESSIONS)
    plans = {written(msgspec.structs.replace(one.plan, seed=0)) for one in SESSIONS.values()}
    assert len(plans) == len(SESSIONS)


@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_each_says_what_happens_what_must_be_and_where_it_was_met(session: Named) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", session.name)
    assert re.fullmatch(r"https://[a-z0-9.-]+/\S+", session.incident)
    assert session.story.endswith(".")
    assert session.must.endswith(".")
    assert not session.title.endswith(".")


def troubles() -> Iterator[tuple[str, Step]]:
    for session in SESSIONS.values():
        for step in session.plan.steps:
            yield session.name, step


def test_every_kind_of_step_that_needs_no_ability_is_in_some_session() -> None:
    kinds = {type(step) for _, step in troubles()}
    assert kinds >= {kind for kind in Step.__args__ if kind is not Client}


def test_none_is_aimed_at_what_only_one_client_has() -> None:
    for name, step in troubles():
        if isinstance(step, Fault):
            assert step.rule.match.token_id is None, name


def test_the_demos_sessions_are_told_again_each_once() -> None:
    told = [session.demo for session in SESSIONS.values() if session.demo is not None]
    assert sorted(told) == sorted({session.id for session in CATALOGUE} - NO_PLAN)


def test_one_is_found_by_its_name() -> None:
    assert find_session("silent-drop").name == "silent-drop"
    with pytest.raises(NoSessionError, match="did you mean silent-drop"):
        find_session("silent-drops")


def test_a_file_with_a_mistake_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `titel`"):
        named._read("x", b'{"titel": "x"}')
