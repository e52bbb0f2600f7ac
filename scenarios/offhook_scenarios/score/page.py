"""The card as one self-contained page: the rules, and what the server saw, drawn."""

from html import escape

from offhook_scenarios.backoff.chart import Axis, Dots, Line, draw
from offhook_scenarios.report.style import STYLE
from offhook_scenarios.score.card import Card, Row
from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import FIRST_ERROR, NO_ANSWER, SOCKETS, WRITES, Seen
from offhook_scenarios.score.words import MUST, summary, title

CHARTS = """
h3,thead th{text-transform:none}
h3{margin-top:16px}
.badge{white-space:nowrap}
.grade{font-size:64px;line-height:1;margin:0 0 8px}
.chart .tick{text-anchor:middle}
.line{fill:none;stroke-width:1.6}
.line.exact,.line.capacity{stroke:var(--soft);stroke-dasharray:5 4}
.line.arrivals{stroke:var(--live)}
.dots.late circle,.dots.ok circle{fill:var(--on)}
.dots.early circle,.dots.none circle{fill:var(--live)}
.dots.told circle{fill:var(--off)}
.dots.refused circle{fill:var(--unheard)}
.dots circle{opacity:.85}
.key.exact,.key.capacity{height:0;border-top:2px dashed var(--soft)}
.key.arrivals{height:3px;background:var(--live)}
.key.ok,.key.late{background:var(--on)}.key.none,.key.early{background:var(--live)}
.key.told{background:var(--off)}.key.refused{background:var(--unheard)}
.key.ok,.key.late,.key.none,.key.early,.key.told,.key.refused{width:11px;height:11px;
border-radius:6px}
"""
"""On top of the sheet of all reports."""

_BADGE = {Verdict.KEPT: "good", Verdict.BROKEN: "bad", Verdict.NOT_JUDGED: "open"}
_TOO_MANY = 429
_KINDS = (
    ("ok", "taken"),
    ("told", "429"),
    ("refused", "refused otherwise"),
    ("none", "the connection broke"),
)
_STRIP = (("ok", "taken"), ("told", "429"), ("refused", "refused"), ("none", "broken"))
_BIN_S = 0.5
_GRAIN_S = 0.02
_LEAST_S = 0.01
"""What is shorter is drawn as this, on a logarithmic axis."""


def page(card: Card) -> str:
    """The whole page. The same card gives the same bytes."""
    grade = "-" if card.grade is None else card.grade.value
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Offhook: backoff report card</title>",
            f"<style>{STYLE}{CHARTS}</style></head><body>",
            '<header><p class="name">Offhook</p><h1>Backoff report card</h1>',
            f'<p class="grade">{grade}</p>',
            f'<p class="lead">{escape(title(card))} {escape(summary(card))}</p></header>',
            _rules(card),
            "<main>",
            _waits(card),
            *(_section(seen) for seen in card.seen),
            "</main>",
            "<footer><p>All of it was measured where the requests arrived: a client cannot",
            "flatter itself. What was not exercised is not judged.</p></footer>",
            "</body></html>",
            "",
        ]
    )


def _rules(card: Card) -> str:
    rows = "".join(_row(row) for row in card.rows)
    return (
        '<nav aria-label="Rules"><table><thead><tr><th>rule</th><th>weight</th><th></th>'
        f"<th>evidence</th></tr></thead><tbody>{rows}</tbody></table></nav>"
    )


def _row(row: Row) -> str:
    rule, verdict = row.rule, row.judged.verdict
    return (
        f"<tr><td><b>{rule.id}</b> {escape(rule.name)}<br>{escape(rule.asks)}</td>"
        f"<td>{MUST[rule.weight]}</td>"
        f'<td><span class="badge {_BADGE[verdict]}">{verdict.value}</span></td>'
        f"<td>{escape(row.judged.words)}</td></tr>"
    )


def _waits(card: Card) -> str:
    """Asked against actual wait, of all probes that asked for one."""
    waits = [
        (asked, waited)
        for seen in card.seen
        for asked, waited, _ in (*seen.waits(WRITES), *seen.waits(SOCKETS))
    ]
    if not waits:
        return ""
    most = max(max(asked, waited) for asked, waited in waits)
    axis = Axis(low=_LEAST_S, high=max(1.0, most) * 1.5, unit=" s", logarithmic=True)
    early = tuple(pair for pair in waits if pair[1] < pair[0] - _GRAIN_S)
    late = tuple(pair for pair in waits if pair[1] >= pair[0] - _GRAIN_S)
    picture = draw(
        [Line(name="exactly", kind="exact", points=((axis.low, axis.low), (axis.high, axis.high)))],
        x=axis,
        y=axis,
        title="asked wait across, actual wait up",
        dots=[
            Dots(name="not before the time", kind="late", points=late),
            Dots(name="early", kind="early", points=early),
        ],
    )
    legend = (("late", "not before the time"), ("early", "early"), ("exact", "exactly"))
    return (
        "<section><h2>Asked and actual wait</h2>"
        f'<p class="story">Each retry that was told a Retry-After: asked across, actual up. '
        f"{len(early)} of {len(waits)} were early.</p>{_picture(legend, picture)}</section>"
    )


def _section(seen: Seen) -> str:
    probe = PROBES[seen.probe]
    parts = [f'<section id="{seen.probe}"><h2>{escape(seen.probe)}</h2>']
    parts.append(f'<p class="story">{escape(probe.words)}</p>')
    if seen.broken is not None:
        parts.append(f'<p><span class="badge bad">{escape(seen.broken)}</span></p>')
    if seen.arrivals:
        parts.append(_picture(_STRIP, _strip(seen)))
        parts.append(_picture(_arrival_legend(seen), _arrivals(seen)))
    return "\n".join([*parts, "</section>"])


def _strip(seen: Seen) -> str:
    """Client by time, coloured by status. What belongs to no client lies at 0."""
    dots = [
        Dots(
            name=words,
            kind=kind,
            points=tuple(
                (arrival.at - seen.began, 0.0 if arrival.client is None else arrival.client + 1.0)
                for arrival in seen.arrivals
                if _kind(arrival.status) == kind
            ),
        )
        for kind, words in _KINDS
    ]
    return draw(
        [],
        x=_time(seen),
        y=Axis(low=0.0, high=seen.clients + 1.0),
        title=f"{seen.probe}: requests of each client over time",
        dots=dots,
    )


def _kind(status: int) -> str:
    if status == NO_ANSWER:
        return "none"
    if status == _TOO_MANY:
        return "told"
    return "refused" if status >= FIRST_ERROR else "ok"


def _time(seen: Seen) -> Axis:
    return Axis(low=0.0, high=max(1.0, seen.ended - seen.began), unit=" s")


def _arrivals(seen: Seen) -> str:
    """Arrivals a second, and what the mock serves where it limits."""
    length_s = max(_BIN_S, seen.ended - seen.began)
    counts = [0.0] * (int(length_s / _BIN_S) + 1)
    for arrival in seen.arrivals:
        counts[int((arrival.at - seen.began) / _BIN_S)] += 1 / _BIN_S
    capacity = PROBES[seen.probe].capacity_per_s
    lines = [
        Line(
            name="arrivals",
            kind="arrivals",
            points=tuple((number * _BIN_S, count) for number, count in enumerate(counts)),
        )
    ]
    if capacity is not None:
        points = ((0.0, capacity), (length_s, capacity))
        lines.append(Line(name="capacity", kind="capacity", points=points))
    return draw(
        lines,
        x=_time(seen),
        y=Axis(low=0.0, high=max(*counts, 1.0) * 1.1, unit="/s"),
        title=f"{seen.probe}: arrivals a second",
    )


def _arrival_legend(seen: Seen) -> tuple[tuple[str, str], ...]:
    legend = (("arrivals", "arrivals a second"),)
    if PROBES[seen.probe].capacity_per_s is None:
        return legend
    return (*legend, ("capacity", "what the mock serves"))


def _picture(legend: tuple[tuple[str, str], ...], picture: str) -> str:
    keys = "".join(f'<li><i class="key {kind}"></i>{escape(text)}</li>' for kind, text in legend)
    return f'<ul class="legend">{keys}</ul><div class="picture">{picture}</div>'
