"""The card for people, in lines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from offhook_scenarios.score.card import Card, Row
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.rule import Verdict, Weight
from offhook_scenarios.sim.errors import EscapeError

if TYPE_CHECKING:
    from rich.console import Console

_STYLE = {Verdict.KEPT: "", Verdict.BROKEN: "red", Verdict.NOT_JUDGED: "dim"}
_MARK = {Verdict.KEPT: "kept  ", Verdict.BROKEN: "BROKEN", Verdict.NOT_JUDGED: "-     "}
FEW = 0.5
"""The share of all rules below which a grade says on how many it rests."""
ESCAPED = EscapeError.__name__
MUST = {Weight.MUST: "must", Weight.SHOULD: "should", Weight.NICE: "nice"}


def print_card(card: Card, console: "Console") -> None:
    """Print the report. Colours, and none with NO_COLOR or without a terminal, are rich's."""
    for text, style in lines(card):
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def lines(card: Card) -> Iterator[tuple[str, str]]:
    """Each line and its style."""
    yield title(card), "bold"
    yield "", ""
    for row in card.rows:
        yield _line(row), _STYLE[row.judged.verdict]
    yield "", ""
    if card.unsound is not None:
        yield f"Not sound: {card.unsound}.", "red"
        if ESCAPED in card.unsound:
            yield "It does not keep to the simulated loop: --real-time plays it for real.", ""
    yield summary(card), "bold"


def title(card: Card) -> str:
    """Who was scored, by what."""
    clients = card.seen[0].clients if card.seen else 0
    how = "over real sockets, in real time" if card.on_wire else "in virtual time"
    return f"{card.client}: {clients} of it through {len(card.seen)} troubles, {how}."


def summary(card: Card) -> str:
    """The grade in a sentence; one that rests on few of all rules says so beside the letter."""
    kept, broken = card.count(Verdict.KEPT), card.count(Verdict.BROKEN)
    counts = (
        f"{kept} rule{'' if kept == 1 else 's'} kept, {broken} broken, "
        f"{card.count(Verdict.NOT_JUDGED)} not judged"
    )
    if card.grade is None:
        return f"No grade: {counts}."
    judged, of = kept + broken, len(RULES)
    few = f" on only {judged} of {of} rules" if judged < of * FEW and card.unsound is None else ""
    return f"Grade {card.grade}{few}: {counts}. Seed {card.seed}."


def _line(row: Row) -> str:
    rule = row.rule
    return (
        f"{rule.id}  {_MARK[row.judged.verdict]}  {MUST[rule.weight]:<6}  {rule.name:<19} "
        f"{row.judged.words}"
    )
