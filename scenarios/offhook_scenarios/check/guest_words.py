"""What is said of a guest: for people, for programs, and for the file that is kept."""

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec

from offhook_scenarios.adapters.adapter import UNAWARE
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.words import LOG_TOLD, LOG_WIDTH
from offhook_scenarios.guest_plays import GuestPlay, Tried
from offhook_scenarios.history import History, states
from offhook_scenarios.outcome import Result
from offhook_scenarios.verdict import hears

ASKED_TOLD = 4
"""How many kinds of requests are told of a session that was not exercised."""


def remarks(tried: Tried) -> tuple[str, ...]:
    """Who was judged, and what was not."""
    hello = tried.hello
    clock = "a clock of its own" if hello.clock == "own" else f"a shared clock, {tried.speed:g}x"
    said = [f"{hello.name} {hello.version}".rstrip() + f": {hello.dialect} dialect, {clock}."]
    not_judged = sum(play.outcome.not_played is not None for play in tried.plays)
    if not_judged:
        said.append(
            f"Not judged: {not_judged} of {len(tried.plays)} sessions, each with its reason."
        )
    advisory = sum(play.advisory for play in tried.found)
    if advisory:
        said.append(f"{advisory} of the findings rest on `assumed` trouble: --strict counts them.")
    return tuple(said)


def finding(play: GuestPlay, client: str, setup: Sequence[str] = ()) -> list[str]:
    """One session with something against the client, from what happened to its log.

    `setup` is what of the command line belongs to the client, as `GuestOptions.setup` has it.
    """
    session = play.outcome.session
    assumed = " (on what is only assumed)" if play.advisory else ""
    lines = [f"{session.id}: {play.outcome.words}{assumed}", f"  {session.story}"]
    if play.outcome.history is not None:
        lines += [f"  {moment}" for moment in moments(play.outcome.history)]
    if play.log:
        told = play.log[-LOG_TOLD:]
        lines += [
            "Its log, the last line:"
            if len(told) == 1
            else f"Its log, the last {len(told)} lines:",
            *(f"  | {line[:LOG_WIDTH]}" for line in told),
        ]
    else:
        lines.append("It logged nothing.")
    return [*lines, f"Again: {again(play, client, setup)}"]


def again(play: GuestPlay, client: str, setup: Sequence[str] = ()) -> str:
    """The command that plays this session alone."""
    words = ["--client", client, *setup, "--only", play.outcome.session.id]
    return f"offhook check {' '.join(map(_quoted, words))}"


def _quoted(word: str) -> str:
    """As a shell takes it. In double quotes where nothing in it means anything there."""
    plain = shlex.quote(word)
    return plain if plain == word or re.search(r'["$`\\!]', word) else f'"{word}"'


def not_exercised(play: GuestPlay) -> str | None:
    """What was seen of a client that never came to where a fault lay in wait; None otherwise."""
    outcome = play.outcome
    if outcome.result is not Result.NOT_EXERCISED or outcome.history is None:
        return None
    shown = ", ".join(f"{word} {seconds:.1f} s" for word, seconds in _shown_s(outcome.history))
    log = f" Its log ends: {play.log[-1][:LOG_WIDTH]}" if play.log else ""
    return (
        f"{outcome.session.id} was not exercised: the screen said {shown}; the mock saw "
        f"{_asked(outcome.history)}.{log}"
    )


def _shown_s(history: History) -> list[tuple[str, float]]:
    """What the screen said for how long, the longest first."""
    length_s = defaultdict[str, float](float)
    said, since = UNAWARE.shown, history.began
    for sighting in history.sightings:
        at = max(sighting.at, history.began)
        length_s[said.value] += at - since
        said, since = sighting.belief.shown, at
    length_s[said.value] += history.ended - since
    longest_first = sorted(length_s.items(), key=itemgetter(1), reverse=True)
    return [(word, seconds) for word, seconds in longest_first if seconds > 0]


def _asked(history: History) -> str:
    """The requests that came most often: a loop is seen by them."""
    counts = Counter(f"{call.operation} -> {call.status or 'cut'}" for call in history.calls)
    if not counts:
        return "no request"
    most = counts.most_common(ASKED_TOLD)
    others = counts.total() - sum(count for _, count in most)
    told = ", ".join(f"{count} x {what}" for what, count in most)
    return told + (f" and {others} others" if others else "")


def moments(history: History) -> list[str]:
    """Who did what, what bit, what the screen said, what the caller heard; in order of time."""
    began = history.began
    found = [(act.at, f"{act.who:<11}{act.what}") for act in history.acts]
    for trouble in history.troubles:
        found += [(bite, f"{'server':<11}does it: {trouble.name}") for bite in trouble.bites]
    found += _screen(history)
    found.sort(key=lambda moment: moment[0])
    return [f"{at - began:7.2f} s  {what}" for at, what in found]


def _screen(history: History) -> Iterator[tuple[float, str]]:
    """What it was like when the session began counts as news of that moment."""
    became: dict[float, tuple[str, str]] = {}
    for at, belief, devices in states(history):
        heard = "the agent" if hears(belief, devices.values()) else "nothing"
        became[max(at, history.began)] = (f"says {belief.shown}", f"hears {heard}")
    before = ("", "")
    for at, state in became.items():
        for who, what, then in zip(("screen", "caller"), state, before, strict=True):
            if what != then:
                yield at, f"{who:<11}{what}"
        before = state


def document(tried: Tried, client: str, setup: Sequence[str] = ()) -> dict[str, Any]:
    """All of it, for programs."""
    return {
        "client": client,
        "hello": msgspec.to_builtins(tried.hello),
        "seed": tried.seed,
        "speed": tried.speed,
        "budgetS": tried.budget_s,
        "surroundings": surroundings(),
        "sessions": [row(play, client, setup) for play in tried.plays],
    }


def saved(tried: Tried, client: str, setup: Sequence[str] = ()) -> dict[str, Any]:
    """The same, with what was found alone."""
    rows = [row(play, client, setup) for play in tried.found]
    return {**document(tried, client, setup), "sessions": rows}


def row(play: GuestPlay, client: str, setup: Sequence[str]) -> dict[str, Any]:
    """One session, for programs."""
    outcome = play.outcome
    session = outcome.session
    told: dict[str, Any] = {
        "session": session.id,
        "title": session.title,
        "story": session.story,
        "evidence": session.evidence.value,
        "result": "broke" if play.broke is not None else outcome.result.value,
        "words": outcome.words,
    }
    if (seen := not_exercised(play)) is not None:
        told["seen"] = seen
    if play.found:
        told |= {
            "advisory": play.advisory,
            "again": again(play, client, setup),
            "log": list(play.log),
        }
        if outcome.history is not None:
            told["moments"] = moments(outcome.history)
    return told
