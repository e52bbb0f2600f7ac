"""The words for a guest's sessions."""

import shlex

import msgspec
import pytest

from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import Belief, Gate, Shown
from offhook_scenarios.adapters.messages import Hello
from offhook_scenarios.check.guest_options import GuestOptions
from offhook_scenarios.check.guest_words import (
    again,
    document,
    finding,
    moments,
    not_exercised,
    remarks,
    saved,
)
from offhook_scenarios.guest_plays import GuestPlay, Tried
from offhook_scenarios.history import Act, Call, History, Sighting, Trouble, Truth
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.verdict import judge

SESSION = CATALOGUE[1]


def truth(at: float, *, muted: bool) -> Truth:
    return Truth(at=at, device_id="d", status=Status.CONNECTED, muted=muted, cause=Cause.SELF)


HISTORY = History(
    session=SESSION.id,
    desk="desk",
    began=100,
    ended=120,
    sightings=(
        Sighting(at=99, belief=Belief(shown=Shown.UNKNOWN)),
        Sighting(at=99.5, belief=Belief(shown=Shown.LIVE)),
        Sighting(at=103.2, belief=Belief(shown=Shown.MUTED)),
        Sighting(at=110, belief=Belief(shown=Shown.MUTED, gate=Gate.CUT)),
    ),
    truths=(truth(98, muted=False), truth(103.1, muted=True), truth(105, muted=False)),
    acts=(Act(at=103, who="agent", what="presses mute", wish=True),),
    troubles=(Trouble(at=104, until=106, name="answer lost", bites=(105.0,)),),
)
LIED = GuestPlay(
    outcome=Outcome(session=SESSION, desk="desk", history=HISTORY, verdict=judge(HISTORY)),
    log=tuple(f"line {number}" for number in range(20)),
)
SKIPPED = GuestPlay(
    outcome=Outcome(session=CATALOGUE[0], desk="desk", not_played="no such trouble")
)
TRIED = Tried(
    hello=Hello(protocol=1, name="desk", version="2.1", dialect="tutorial", clock="shared"),
    seed=1,
    speed=4,
    budget_s=2,
    plays=(SKIPPED, LIED),
)


def test_the_moments_begin_with_how_it_was_and_follow_what_changed() -> None:
    assert moments(HISTORY) == [
        "   0.00 s  screen     says live",
        "   0.00 s  caller     hears the agent",
        "   3.00 s  agent      presses mute",
        "   3.10 s  caller     hears nothing",
        "   3.20 s  screen     says muted",
        "   5.00 s  server     does it: answer lost",
        "   5.00 s  caller     hears the agent",
        "  10.00 s  caller     hears nothing",
    ]


def test_a_finding_has_its_story_its_moments_the_end_of_the_log_and_the_way_back() -> None:
    told = finding(LIED, "stdio:node desk.js")
    lie = "LIVE 5.0 s: screen muted, caller could hear"
    assert told[0] == f"{SESSION.id}: {lie} (on what is only assumed)"
    assert SESSION.story in told[1]
    assert "Its log, the last 12 lines:" in told
    assert "  | line 8" in told
    assert "  | line 7" not in told
    assert told[-1] == f'Again: offhook check --client "stdio:node desk.js" --only {SESSION.id}'


def test_a_client_that_logged_nothing_is_told() -> None:
    quiet = GuestPlay(outcome=LIED.outcome, broke="ended with exit code 1")
    assert finding(quiet, "x")[-2] == "It logged nothing."
    assert again(quiet, 'stdio:node "my desk.js"').startswith(
        "offhook check --client 'stdio:node \"my desk.js\"' --only"
    )


LOOP = History(
    session=SESSION.id,
    desk="desk",
    began=100,
    ended=120,
    sightings=(
        Sighting(at=99, belief=Belief(shown=Shown.MUTED)),
        Sighting(at=102, belief=Belief(shown=Shown.UNKNOWN)),
    ),
    calls=(
        *(Call(at=101, operation="getOauthAuthorize", status=302) for _ in range(30)),
        Call(at=101, operation="postOauthToken", status=None),
    ),
    troubles=(Trouble(at=104, until=106, name="answer lost", bites=()),),
)


def stuck(history: History, *log: str) -> GuestPlay:
    outcome = Outcome(session=SESSION, desk="desk", history=history, verdict=judge(history))
    return GuestPlay(outcome=outcome, log=log)


def test_of_a_client_that_never_came_to_a_fault_it_is_told_what_was_seen() -> None:
    told = not_exercised(stuck(LOOP, "log in", "log in again"))
    assert told == (
        f"{SESSION.id} was not exercised: the screen said unknown 18.0 s, muted 2.0 s; the mock "
        "saw 30 x getOauthAuthorize -> 302, 1 x postOauthToken -> cut. "
        "Its log ends: log in again"
    )
    many = msgspec.structs.replace(
        LOOP, calls=tuple(Call(at=1, operation=name, status=200) for name in "abcdef")
    )
    assert " and 2 others." in str(not_exercised(stuck(many)))
    silent = msgspec.structs.replace(LOOP, calls=())
    assert str(not_exercised(stuck(silent))).endswith("the mock saw no request.")


def test_what_was_seen_is_told_of_nobody_else_and_is_for_programs_too() -> None:
    assert not_exercised(LIED) is None
    assert not_exercised(SKIPPED) is None
    tried = msgspec.structs.replace(TRIED, plays=(LIED, stuck(LOOP)))
    lied, loop = document(tried, "x")["sessions"]
    assert "seen" not in lied
    assert loop["seen"] == not_exercised(stuck(LOOP))


def test_the_way_back_has_the_selectors_without_which_a_page_is_refused() -> None:
    setup = GuestOptions(mute="#mute", muted_when="#mute[a=b]", only=("x",), speed=2.0).setup
    assert again(LIED, "browser:http://x/?api={api}", setup) == (
        'offhook check --client "browser:http://x/?api={api}" --mute "#mute" '
        f'--muted-when "#mute[a=b]" --speed 2 --only {SESSION.id}'
    )
    (row,) = saved(TRIED, "browser:x", setup)["sessions"]
    assert row["again"] == again(LIED, "browser:x", setup)


def test_one_line_of_a_log_is_one_line() -> None:
    short = GuestPlay(outcome=LIED.outcome, log=("gone",))
    assert finding(short, "x")[-3:-1] == ["Its log, the last line:", "  | gone"]


def test_the_remarks_say_who_was_judged_and_what_was_not() -> None:
    assert remarks(TRIED) == (
        "desk 2.1: tutorial dialect, a shared clock, 4x.",
        "Not judged: 1 of 2 sessions, each with its reason.",
        "1 of the findings rest on `assumed` trouble: --strict counts them.",
    )


def test_programs_get_all_and_the_file_what_was_found() -> None:
    whole, kept = document(TRIED, "stdio:x"), saved(TRIED, "stdio:x")
    assert [row["result"] for row in whole["sessions"]] == ["not played", "lied"]
    (row,) = kept["sessions"]
    assert row == whole["sessions"][1]
    assert row["log"] == list(LIED.log)
    assert row["moments"] == moments(HISTORY)
    assert kept["hello"]["version"] == "2.1"
    assert kept["surroundings"]["python"]


@pytest.mark.parametrize(
    "client",
    [
        "ws",
        "stdio:node desk.js",
        "stdio:node 'a b.js'",
        "stdio:$NODE \"a\" 'b'",
        "stdio:a `b` \\!c",
    ],
)
def test_a_shell_reads_the_client_as_it_was(client: str) -> None:
    quiet = GuestPlay(outcome=LIED.outcome)
    assert shlex.split(again(quiet, client))[3] == client
