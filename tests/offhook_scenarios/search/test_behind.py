"""The server and the judge behind it."""

import pytest
from msgspec.structs import replace

from offhook.domain import register as server
from offhook_client import signals
from offhook_client.models import Shown, Version
from offhook_client.signals import SendMute, Why
from offhook_scenarios.search import behind as behinds
from offhook_scenarios.search.behind import Behind, Options, ServerRules
from offhook_scenarios.search.budget import Budget

OPTIONS = Options()
START = Behind(register=server.Register(epoch=1), budget=Budget(1, 2, 1, 1))


def mute(generation: int, *, muted: bool = True, at: int | None = None) -> SendMute:
    guard = None if at is None else Version(1, at)
    return SendMute(generation=generation, muted=muted, if_match=guard)


def test_a_mute_is_set_told_and_answered() -> None:
    after, outcome = behinds.processed(OPTIONS, START, mute(1))
    assert after.register.muted
    version = Version(1, 1)
    assert outcome.answer == signals.Accepted(generation=1, version=version)
    assert outcome.frames == (signals.MuteEvent(muted=True, version=version, cause="self", seq=1),)
    assert (after.last_wish, after.newest) == (True, 1)


def test_the_same_key_again_has_the_same_answer_and_no_effect() -> None:
    once, first = behinds.processed(OPTIONS, START, mute(1))
    again, second = behinds.processed(OPTIONS, once, mute(1))
    assert again is once
    assert second == replace(first, frames=())


@pytest.mark.parametrize(("post", "why"), [(mute(1, at=7), Why.PRECONDITION), (mute(2), Why.STALE)])
def test_a_refusal_changes_nothing(post: SendMute, why: Why) -> None:
    before, _ = behinds.processed(OPTIONS, START, mute(3)) if why is Why.STALE else (START, None)
    after, outcome = behinds.processed(OPTIONS, before, post)
    assert after is before
    assert outcome.answer == signals.Refused(generation=post.generation, why=why)


def test_without_rule_4_a_stale_number_counts() -> None:
    options = Options(rules=ServerRules(refuse_stale_intents=False))
    before, _ = behinds.processed(options, START, mute(3))
    after, _ = behinds.processed(options, before, mute(2, muted=False))
    assert not after.register.muted


def test_without_rule_8_a_set_that_changes_nothing_leaves_no_trace() -> None:
    options = Options(rules=ServerRules(count_no_ops=False))
    after, outcome = behinds.set_by_other(options, START, muted=False)
    assert after.register == START.register
    assert outcome.frames == ()


def test_an_older_number_that_comes_later_is_no_wish() -> None:
    options = Options(rules=ServerRules(refuse_stale_intents=False))
    before, _ = behinds.processed(options, START, mute(3, muted=False))
    after, _ = behinds.processed(options, before, mute(2))
    assert after.register.muted
    assert after.last_wish is False


def test_an_unmute_that_undoes_an_administrators_mute_is_broken() -> None:
    options = Options(admin=True)
    wished = behinds.pressed(START, 1, muted=False)
    forced, _ = behinds.set_by_other(options, wished, muted=True)
    after, _ = behinds.processed(options, forced, mute(1, muted=False))
    assert after.broken == "an unmute undid a later mute"
    freed, _ = behinds.set_by_other(options, forced, muted=False)
    assert not behinds.processed(options, freed, mute(1, muted=False))[0].broken


def test_a_replay_tells_what_was_missed() -> None:
    options = Options(replay=True)
    once, first = behinds.set_by_other(options, START, muted=True)
    twice, second = behinds.set_by_other(options, once, muted=False)
    greeting, *missed = behinds.greeting(options, twice, Version(1, 1))
    assert greeting == signals.Subscribed(version=Version(1, 2), recovered=True)
    assert tuple(missed) == second.frames
    assert behinds.greeting(options, twice, None) == (signals.Subscribed(version=Version(1, 2)),)
    assert first.frames != second.frames


def test_a_reset_is_no_wish() -> None:
    muted, _ = behinds.set_by_other(OPTIONS, START, muted=True)
    after = behinds.came_back(OPTIONS, muted)
    assert not after.register.muted
    assert after.last_wish is True


MUTED = replace(START, register=replace(START.register, muted=True))


@pytest.mark.parametrize(
    ("behind", "seen", "names"),
    [
        (START, Shown.LIVE, []),
        (MUTED, Shown.MUTED, []),
        (START, Shown.MUTED, ["false muted"]),
        (MUTED, Shown.LIVE, ["false live"]),
        (START, Shown.UNKNOWN, ["stuck unknown"]),
        (replace(START, last_wish=True), Shown.LIVE, ["the last wish is not in effect"]),
        (replace(MUTED, toggled=1, wished=False), Shown.MUTED, ["the person's wish was lost"]),
        (replace(MUTED, toggled=1, wished=False, overtaken=True), Shown.MUTED, []),
        (
            replace(START, toggled=1, wished=True, overtaken=True),
            Shown.LIVE,
            ["the person's wish was lost"],
        ),
        (replace(MUTED, toggled=1, wished=False, accepted=True), Shown.MUTED, []),
    ],
)
def test_what_is_wrong_at_rest(behind: Behind, seen: Shown, names: list[str]) -> None:
    assert list(behinds.wrong(behind, seen)) == names
