"""The words and the results of a play."""

import pytest

from offhook_scenarios.history import History
from offhook_scenarios.outcome import Outcome, Result, truth_told
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.verdict import Lie, Stretch, Verdict

HISTORY = History(session="s", desk="naive", began=0, ended=60)


def outcome(verdict: Verdict, *, desk: str = "naive") -> Outcome:
    return Outcome(session=CATALOGUE[0], desk=desk, history=HISTORY, verdict=verdict)


ROWS = [
    (Verdict(), Result.OK, "ok"),
    (
        Verdict(lies=(Stretch(2, 35, Lie.LIVE),)),
        Result.LIED,
        "LIVE 33.0 s: screen muted, caller could hear",
    ),
    (
        Verdict(lies=(Stretch(2, 14, Lie.UNHEARD),)),
        Result.LIED,
        "UNHEARD 12.0 s: screen live, caller could not",
    ),
    (
        Verdict(lies=(Stretch(2, 5, Lie.LIVE), Stretch(6, 16.5, Lie.LIVE))),
        Result.LIED,
        "LIVE 13.5 s in 2 stretches, longest 10.5 s: screen muted, caller could hear",
    ),
    (
        Verdict(lies=(Stretch(2, 5, Lie.LIVE), Stretch(6, 10, Lie.UNHEARD)), wish_lost=True),
        Result.LIED,
        f"LIVE 3.0 s: {Lie.LIVE.meaning} · UNHEARD 4.0 s: {Lie.UNHEARD.meaning}",
    ),
    (Verdict(slips=(Stretch(2, 3, Lie.LIVE),)), Result.OK, "ok"),
    (Verdict(wish_lost=True), Result.OK, "ok · but the agent's press came to nothing"),
    (
        Verdict(unexercised=("event lost",)),
        Result.NOT_EXERCISED,
        "not exercised: event lost never bit",
    ),
    (
        Verdict(lies=(Stretch(2, 5, Lie.LIVE),), unexercised=("event lost",)),
        Result.LIED,
        "LIVE 3.0 s: screen muted, caller could hear · not exercised: event lost never bit",
    ),
]


@pytest.mark.parametrize(("verdict", "result", "words"), ROWS)
def test_a_verdict_has_its_result_and_its_words(
    verdict: Verdict, result: Result, words: str
) -> None:
    assert outcome(verdict).result is result
    assert outcome(verdict).words == words


def test_broken_machinery_judges_nobody() -> None:
    broken = Outcome(session=CATALOGUE[0], desk="naive", error="KeyError: 'id'")
    assert broken.result is Result.ERROR
    assert broken.words == "error: KeyError: 'id'"


def test_only_ok_counts_as_the_truth_told() -> None:
    rows = [outcome(verdict) for verdict, _, _ in ROWS]
    broken = Outcome(session=CATALOGUE[0], desk="naive", error="KeyError")
    fine = outcome(Verdict(), desk="reference")
    assert truth_told((*rows, broken, fine)) == {"naive": (3, 10), "reference": (1, 1)}


def test_what_was_not_played_counts_for_nobody() -> None:
    skipped = Outcome(session=CATALOGUE[0], desk="naive", not_played="there is no such trouble")
    assert skipped.result is Result.NOT_PLAYED
    assert skipped.words == "not played: there is no such trouble"
    assert truth_told((skipped, outcome(Verdict()))) == {"naive": (1, 1)}
