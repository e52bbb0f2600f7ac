"""The catalogue: exactly the twelve, one file each, fair and told in words."""

from pathlib import Path

import pytest

from offhook.domain.evidence import Evidence
from offhook.settings import DEFAULT
from offhook_scenarios import sessions
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sessions.session import LayFault, Session

TITLES = [
    "half-open link while muting",
    "answer lost though applied",
    "429 with Retry-After",
    "token expires with the socket open",
    "401 then success",
    "supervisor mutes during a gap",
    "headset or browser-native mute",
    "reconnect resets to unmuted",
    "409 while initializing",
    "404 after the session ended",
    "second tab unmutes",
    "an old event after a new one",
]
NO_SESSIONS = {"__init__.py", "catalogue.py", "session.py"}


def of_all(session: Session) -> str:
    return session.id


def test_the_twelve_in_their_order() -> None:
    assert [session.title for session in CATALOGUE] == TITLES


def test_each_session_is_one_file_by_its_name() -> None:
    (folder,) = sessions.__path__
    files = {path.name for path in Path(folder).glob("*.py")} - NO_SESSIONS
    assert files == {f"{session.id.replace('-', '_')}.py" for session in CATALOGUE}


@pytest.mark.parametrize("session", CATALOGUE, ids=of_all)
def test_every_session_says_what_happens_and_how_we_know(session: Session) -> None:
    assert session.story.endswith(".")
    assert session.source
    assert session.evidence in Evidence


@pytest.mark.parametrize("session", CATALOGUE, ids=of_all)
def test_every_script_is_in_order_and_ends_before_the_judgement(session: Session) -> None:
    times = [step.at_s for step in session.script]
    assert times == sorted(times)
    assert times
    assert times[-1] < session.length_s


@pytest.mark.parametrize("session", CATALOGUE, ids=of_all)
def test_every_policy_exists(session: Session) -> None:
    DEFAULT.policies.changed(session.policies)


@pytest.mark.parametrize("session", CATALOGUE, ids=of_all)
def test_no_fault_is_aimed_at_one_desk(session: Session) -> None:
    for step in session.script:
        if isinstance(step, LayFault):
            assert step.rule.match.client_id is None
            assert step.rule.match.token_id is None
