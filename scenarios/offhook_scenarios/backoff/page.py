"""The report as one self-contained page: figures, arrivals against capacity, completion."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate

from offhook_scenarios.backoff.chart import Axis, Line, draw, thinned
from offhook_scenarios.backoff.figures import Figures
from offhook_scenarios.backoff.herd import BINS_PER_S, Outcome
from offhook_scenarios.backoff.lab import Collapse, Experiment, Result
from offhook_scenarios.backoff.table import EXPLAINED, describe
from offhook_scenarios.report.style import STYLE

CHARTS = """
h3,thead th{text-transform:none}
h3{margin-top:16px}
td.figure,th.figure{text-align:right;font-variant-numeric:tabular-nums}
.chart .tick{text-anchor:middle}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round}
.line.arrivals,.line.down{stroke:var(--live)}
.line.served,.line.up{stroke:var(--on);stroke-width:2}
.line.capacity,.line.ideal{stroke:var(--soft);stroke-dasharray:5 4}
.key.arrivals,.key.down{height:3px;background:var(--live)}
.key.served,.key.up{height:3px;background:var(--on)}
.key.capacity,.key.ideal{height:0;border-top:2px dashed var(--soft)}
"""
"""On top of the sheet of all reports."""

_LEGENDS = {
    "arrivals": (("arrivals", "arrivals"), ("served", "served"), ("capacity", "capacity")),
    "completion": (("served", "served so far"), ("ideal", "ideal: no call in vain")),
    "ramp": (("up", "load rising"), ("down", "load falling"), ("ideal", "all is answered")),
}
_LOST = 0.01


def page(results: Sequence[Result], experiment: Experiment) -> str:
    """The whole page. The same results give the same bytes."""
    explained = " ".join(escape(text) for text in EXPLAINED)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Offhook: the herd</title>",
            f"<style>{STYLE}{CHARTS}</style></head><body>",
            '<header><p class="name">Offhook</p><h1>What the herd does</h1>',
            f'<p class="lead">{escape(describe(experiment))}</p></header>',
            _overview(results),
            "<main>",
            *(_section(result, experiment) for result in results),
            "</main>",
            f"<footer><p>{explained}</p>",
            "<p>A model, not a measurement: one server, clients that differ in nothing but luck,",
            "no network trouble, no clock that is wrong.</p></footer>",
            "</body></html>",
            "",
        ]
    )


def _overview(results: Sequence[Result]) -> str:
    names = ("calls per success", "gave up", "t50", "t99", "t100", "peak", "early", "fair")
    head = "".join(f'<th class="figure">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><td><a href="#{escape(result.name)}">{escape(result.name)}</a></td>'
        + (
            _figures(result.figures)
            if result.figures
            else f'<td colspan="{len(names)}">broken</td>'
        )
        + "</tr>"
        for result in results
    )
    return (
        '<nav aria-label="Figures"><table><thead><tr><th>policy</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></nav>"
    )


def _figures(found: Figures) -> str:
    cells = (
        _number(found.calls_per_success),
        f"{found.gave_up:.1%}",
        _number(found.t50),
        _number(found.t99),
        _number(found.t100),
        _number(found.peak, 1),
        "-" if found.early is None else f"{found.early:.0%}",
        _number(found.fairness),
    )
    return "".join(f'<td class="figure">{cell}</td>' for cell in cells)


def _section(result: Result, experiment: Experiment) -> str:
    parts = [f'<section id="{escape(result.name)}"><h2>{escape(result.name)}</h2>']
    if result.finding is not None:
        parts.append(f'<p><span class="badge bad">{escape(result.finding)}</span></p>')
    if result.figures is not None and result.outcome is not None:
        parts.append(f'<p class="story">{escape(_story(result.figures))}</p>')
        parts += _pictures(result.name, result.outcome, experiment)
    if result.collapse is not None:
        parts.append(_ramp(result.name, result.collapse))
    return "\n".join([*parts, "</section>"])


def _story(found: Figures) -> str:
    told = f"The server got {found.calls_per_client:,.2f} calls for each client"
    told += f", and {found.first_peak:,.0f} times its capacity when they began"
    if found.gave_up >= _LOST:
        told += f"; {found.gave_up:.1%} of the clients gave up"
    if found.t100 is not None:
        told += f". All were served after {found.t100 * found.ideal_s:,.1f} s"
        told += f", ideal is {found.ideal_s:,.1f} s"
    if found.calls_p99 is not None:
        told += f". 99 of 100 clients made at most {found.calls_p99:g} calls"
    if found.resemblance is not None and found.resemblance > 1 / 2:
        told += f". Arrivals come in waves: like themselves {found.period_s:g} s before"
    return f"{told}."


def _pictures(name: str, outcome: Outcome, experiment: Experiment) -> list[str]:
    one_bin = experiment.capacity_per_s / BINS_PER_S
    length_s = max(len(outcome.arrivals), 1) / BINS_PER_S
    arrivals = [count / one_bin for count in outcome.arrivals]
    served = [sum(outcome.served[at : at + 10]) / one_bin / 10 for at in range(len(arrivals))]
    most = max([*arrivals, 10.0])
    level = Line(name="capacity", kind="capacity", points=((0.0, 1.0), (length_s, 1.0)))
    time = Axis(low=0.0, high=length_s, unit=" s")
    first = draw(
        [
            Line(name="arrivals", kind="arrivals", points=thinned(arrivals, 1 / BINS_PER_S)),
            Line(name="served", kind="served", points=thinned(served, 1 / BINS_PER_S)),
            level,
        ],
        x=time,
        y=Axis(low=0.1, high=most * 1.2, unit=" x", logarithmic=True),
        title=f"{name}: arrivals in each tenth of a second against capacity",
    )
    share = [100.0 * done / outcome.clients for done in accumulate(outcome.served)]
    ideal_s = experiment.outage_s + outcome.clients / experiment.capacity_per_s
    ideal = ((experiment.outage_s, 0.0), (ideal_s, 100.0))
    second = draw(
        [
            Line(name="ideal", kind="ideal", points=ideal),
            Line(name="served so far", kind="served", points=thinned(share, 1 / BINS_PER_S)),
        ],
        x=Axis(low=0.0, high=max(length_s, ideal_s), unit=" s"),
        y=Axis(low=0.0, high=100.0, unit=" %"),
        title=f"{name}: share of the clients that were served",
    )
    return [
        _picture("Arrivals against capacity, in multiples of it", "arrivals", first),
        _picture("Completion against the ideal", "completion", second),
    ]


def _ramp(name: str, collapse: Collapse) -> str:
    steps = collapse.steps
    picture = draw(
        [
            Line(name="ideal", kind="ideal", points=((steps[0].load, steps[0].load), (1.0, 1.0))),
            Line(name="rising", kind="up", points=tuple((step.load, step.up) for step in steps)),
            Line(name="falling", kind="down", points=tuple((s.load, s.down) for s in steps)),
        ],
        x=Axis(low=steps[0].load, high=steps[-1].load),
        y=Axis(low=0.0, high=1.2),
        title=f"{name}: goodput over load, as shares of the capacity",
    )
    words = f"Goodput over load: recovers from a slow spell up to {collapse.recovers_up_to:.0%}"
    return _picture(words, "ramp", picture)


def _picture(words: str, legend: str, picture: str) -> str:
    keys = "".join(
        f'<li><i class="key {kind}"></i>{escape(text)}</li>' for kind, text in _LEGENDS[legend]
    )
    return (
        f'<h3>{escape(words)}</h3><ul class="legend">{keys}</ul>'
        f'<div class="picture">{picture}</div>'
    )


def _number(value: float | None, places: int = 2) -> str:
    return "-" if value is None else f"{value:,.{places}f}"
