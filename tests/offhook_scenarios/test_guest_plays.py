"""Guests in short sessions: found out, broken, refused; and what cannot be judged."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.offhook_scenarios.adapters.scripts import DESK, SERVE, client

from offhook.domain.evidence import Evidence
from offhook.faults.kinds import AbortFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.settings import DEFAULT, ClientSettings
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.guest_plays import GuestPlay, SpeedError, Tried, try_guest
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.sessions.session import LayFault, Press, Session, supervisor

QUIET = Session(
    id="quiet",
    title="nothing goes wrong",
    evidence=Evidence.TUTORIAL,
    source="",
    story="",
    policies={"connect_delay_s": 0},
    script=(Press(at_s=0.2, muted=True),),
    length_s=0.8,
)
ANSWER_LOST = msgspec.structs.replace(
    QUIET,
    id="answer-lost",
    script=(
        LayFault(
            at_s=0.1,
            name="answer lost",
            rule=RuleSpec(
                match=Match(operation="postWebrtcClientMute"), fault=AbortFault(when=When.AFTER)
            ),
        ),
        Press(at_s=0.2, muted=True),
    ),
    length_s=1.5,
)


def tried(folder: Path, text: str, *sessions: Session, **options: Any) -> Tried:
    return try_guest(lambda _: client(folder, text), sessions, budget_s=0.5, **options)


def test_a_client_that_takes_no_answer_for_a_no_is_found_out(tmp_path: Path) -> None:
    done: list[GuestPlay] = []
    got = try_guest(
        lambda _: client(tmp_path, DESK + SERVE),
        (QUIET, ANSWER_LOST),
        budget_s=0.5,
        done=done.append,
    )
    quiet, lost = got.plays
    assert quiet.outcome.result is Result.OK, quiet
    assert lost.outcome.words.startswith("UNHEARD 1.")
    assert lost.log[0].startswith("mute failed:")
    assert got.found == (lost,)
    assert got.failed == ()
    assert got.judged
    assert got.hello.name == "script"
    assert len(done) == 2


def test_a_client_that_breaks_is_a_finding_with_its_last_words(tmp_path: Path) -> None:
    text = f"""{DESK}
def press(command):
    raise SystemExit("no microphone")
serve('set_mute', start=desk.start, set_mute=press)
"""
    (play,) = tried(tmp_path, text, QUIET).plays
    assert play.broke == "ended with exit code 1"
    assert play.found
    assert play.outcome.words == "error: the client ended with exit code 1"
    assert play.log == ("no microphone",)


def test_what_a_client_cannot_do_is_not_judged(tmp_path: Path) -> None:
    watching = msgspec.structs.replace(QUIET, script=(supervisor(0.2, muted=True),))
    got = tried(tmp_path, DESK + "serve(start=desk.start)", QUIET, watching)
    pressed, watched = got.plays
    assert pressed.outcome.result is Result.NOT_PLAYED
    assert "cannot be told to mute" in pressed.outcome.words
    assert watched.outcome.verdict is not None
    assert not tried(tmp_path, DESK + "serve(start=desk.start)", QUIET).judged


def test_a_start_that_fails_is_no_finding(tmp_path: Path) -> None:
    text = "serve('set_mute', start=lambda c: say('done', id=c['id'], error='no such host'))"
    got = tried(tmp_path, text, QUIET)
    assert got.found == ()
    assert got.failed == got.plays
    assert "no such host" in got.plays[0].outcome.words


def test_without_a_client_there_is_nothing_to_play(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="exit code 5 before its hello"):
        tried(tmp_path, "sys.exit(5)", QUIET)


def test_a_client_that_comes_up_once_only_is_told(tmp_path: Path) -> None:
    text = f"""
if os.path.exists("{tmp_path}/there"): sys.exit(6)
open("{tmp_path}/there", "w").close()
{DESK}{SERVE}"""
    first, second = tried(tmp_path, text, QUIET, QUIET).plays
    assert first.outcome.result is Result.OK
    assert "exit code 6 before its hello" in second.outcome.words


def test_speed_is_for_clients_that_share_the_clock(tmp_path: Path) -> None:
    with pytest.raises(SpeedError, match="script says that its clock is its own"):
        tried(tmp_path, DESK + SERVE, QUIET, speed=4)
    shared = SERVE.replace("'set_mute', ", "'set_mute', clock='shared', ", 1)
    slow = msgspec.structs.replace(QUIET, length_s=4)
    assert tried(tmp_path, DESK + shared, slow, speed=4).plays[0].outcome.result is Result.OK


def test_sessions_one_by_one_when_there_is_one_client_at_a_time(tmp_path: Path) -> None:
    got = tried(tmp_path, DESK + SERVE, QUIET, QUIET, at_once=1)
    assert [play.outcome.result for play in got.plays] == [Result.OK] * 2
    first, second = (play.outcome.history for play in got.plays)
    assert first is not None
    assert second is not None
    assert first.ended <= second.began


def test_a_lie_on_assumed_trouble_is_advisory_and_a_crash_never_is() -> None:
    assumed = msgspec.structs.replace(QUIET, evidence=Evidence.ASSUMED)
    outcome = Outcome(session=assumed, desk="x", error="the client ended")
    assert GuestPlay(outcome=outcome).advisory
    assert not GuestPlay(outcome=outcome, broke="ended").advisory


def test_a_client_may_log_in_as_an_oauth_client_of_its_own(tmp_path: Path) -> None:
    own = ClientSettings(id="of-the-page")
    org = msgspec.structs.replace(DEFAULT, clients=(own,))
    text = DESK + SERVE
    refused = tried(tmp_path, text, QUIET, org=org)
    assert "could not start" in refused.plays[0].outcome.words or refused.found
    text = text.replace('login["clientId"]', '"of-the-page"').replace(
        ', client_secret=login["clientSecret"]', ""
    )
    assert tried(tmp_path, text, QUIET, org=org).plays[0].outcome.result is Result.OK
