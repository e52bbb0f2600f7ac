"""The card for people, in lines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from offhook_scenarios.score.card import Card, Row
from offhook_scenarios.score.rule import Verdict, Weight
from offhook_scenarios.sim.errors import EscapeError

if TYPE_CHECKING:
    from rich.console import Console

_STYLE = {Verdict.KEPT: "", Verdict.BROKEN: "red", Verdict.NOT_JUDGED: "dim"}
_MARK = {Verdict.KEPT: "kept  ", Verdict.BROKEN: "BROKEN", Verdict.NOT_JUDGED: "-     "}
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
    """The grade in a sentence."""
    kept, broken = card.count(Verdict.KEPT), card.count(Verdict.BROKEN)
    counts = f"{kept} rules kept, {broken} broken, {card.count(Verdict.NOT_JUDGED)} not judged"
    if card.grade is None:
        return f"No grade: {counts}."
    return f"Grade {card.grade}: {counts}. Seed {card.seed}."


def _line(row: Row) -> str:
    rule = row.rule
    return (
        f"{rule.id}  {_MARK[row.judged.verdict]}  {MUST[rule.weight]:<6}  {rule.name:<19} "
        f"{row.judged.words}"
    )
