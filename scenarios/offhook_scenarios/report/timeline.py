"""The demo as one HTML file that loads nothing: what each desk said, and what the caller heard."""

from html import escape

from offhook_scenarios.demo import Demo
from offhook_scenarios.outcome import Outcome, Result, truth_told
from offhook_scenarios.report.drawing import DEFINITIONS
from offhook_scenarios.report.picture import legend, picture
from offhook_scenarios.report.style import STYLE
from offhook_scenarios.sessions.session import Session


def timeline(demo: Demo, *, budget_s: float) -> str:
    """The whole page. The same demo gives the same bytes."""
    by_session: dict[str, list[Outcome]] = {}
    for outcome in demo.outcomes:
        by_session.setdefault(outcome.session.id, []).append(outcome)
    sections = [
        _section(number, outcomes, budget_s)
        for number, outcomes in enumerate(by_session.values(), 1)
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Offhook: is the microphone off?</title>",
            f"<style>{STYLE}</style></head><body>",
            DEFINITIONS,
            _head(demo, budget_s),
            _overview(list(by_session.values())),
            "<main>",
            *sections,
            "</main>",
            _foot(demo),
            "</body></html>",
            "",
        ]
    )


def _head(demo: Demo, budget_s: float) -> str:
    scores = "".join(
        f'<div class="score {"good" if true == of else "bad"}"><b>{true} of {of}</b>'
        f"<span>times the {escape(desk)} desk told the truth</span></div>"
        for desk, (true, of) in truth_told(demo.outcomes).items()
    )
    return f"""<header>
<p class="name">Offhook</p>
<h1>Is the microphone off?</h1>
<p class="lead">The same troubled sessions, once for each desk, played against a mock over real
sockets. Compare two lanes: what the <b>screen says</b>, and what the <b>caller</b> hears. Where
their colours differ for more than {budget_s:g} s, the screen lied; that time is shaded.</p>
<div class="scores">{scores}</div>
<ul class="legend">{legend()}</ul>
</header>"""


def _overview(sessions: list[list[Outcome]]) -> str:
    desks = [outcome.desk for outcome in sessions[0]] if sessions else []
    head = "".join(f"<th>{escape(desk)}</th>" for desk in desks)
    rows = "".join(
        f'<tr><td class="number">{number}</td>'
        f'<td><a href="#{escape(outcomes[0].session.id)}">'
        f"{escape(outcomes[0].session.title)}</a></td>"
        f"<td>{_evidence(outcomes[0].session)}</td>"
        + "".join(f"<td>{_badge(outcome)}</td>" for outcome in outcomes)
        + "</tr>"
        for number, outcomes in enumerate(sessions, 1)
    )
    return f"""<nav aria-label="Findings"><table>
<thead><tr><th></th><th>session</th><th>evidence</th>{head}</tr></thead>
<tbody>{rows}</tbody></table></nav>"""


def _section(number: int, outcomes: list[Outcome], budget_s: float) -> str:
    session = outcomes[0].session
    desks = "".join(_desk(outcome, budget_s) for outcome in outcomes)
    return f"""<section id="{escape(session.id)}">
<h2><span class="number">{number}</span> {escape(session.title)}</h2>
<p class="story">{escape(session.story)}</p>
<p class="source">{_evidence(session)} {escape(session.source)}</p>
{desks}</section>"""


def _desk(outcome: Outcome, budget_s: float) -> str:
    parts = [f"<article><h3>{escape(outcome.desk)} {_badge(outcome)}</h3>"]
    if outcome.history is not None:
        title = f"{outcome.session.title}, {outcome.desk} desk: {outcome.words}"
        parts.append(picture(outcome.history, budget_s=budget_s, title=title))
    parts.append("</article>")
    return "\n".join(parts)


_BADGES = {
    Result.OK: "good",
    Result.LIED: "bad",
    Result.NOT_EXERCISED: "open",
    Result.NOT_PLAYED: "open",
    Result.ERROR: "broken",
}


def _badge(outcome: Outcome) -> str:
    lost = outcome.verdict is not None and outcome.verdict.wish_lost
    kind = "open" if lost and outcome.result is Result.OK else _BADGES[outcome.result]
    return f'<span class="badge {kind}">{escape(outcome.words)}</span>'


def _evidence(session: Session) -> str:
    return f'<span class="evidence">{escape(session.evidence.value)}</span>'


def _foot(demo: Demo) -> str:
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in demo.remarks)
    return f"""<footer>{remarks}
<p>Evidence says how we know of a trouble: <b>observed</b> on the wire, <b>documented</b> by the
platform, from the <b>tutorial</b>, or <b>assumed</b>. Assumed throughout: audio flows until the
session ends, also while the event socket is down, because signalling and media take different
paths. Seed {demo.seed}, {demo.speed:g} times as fast as the clock on the wall.</p>
<p>Offhook is an independent, unofficial test tool, not affiliated with, endorsed by or supported
by Genesys. Genesys and Genesys Cloud are trademarks of Genesys Cloud Services, Inc. and/or its
affiliates, named only to describe compatibility.</p>
</footer>"""
