"""Pictures of single histories, and a page of them that loads nothing."""

from collections.abc import Sequence
from html import escape

from offhook_scenarios.history import History
from offhook_scenarios.report.drawing import DEFINITIONS, draw
from offhook_scenarios.report.lanes import Segment, lanes
from offhook_scenarios.report.style import STYLE
from offhook_scenarios.verdict import Lie, Stretch, judge

LEGEND = (
    ("off", "microphone off: muted, cut, not heard"),
    ("on", "microphone on: live, open, heard"),
    ("unsure", "unknown or on its way: claims nothing"),
    ("stalled", "socket open, but dead"),
    ("LIVE", f"LIVE: {Lie.LIVE.meaning}"),
    ("UNHEARD", f"UNHEARD: {Lie.UNHEARD.meaning}"),
    ("bite", "a planned fault bites"),
    ("answered", "request answered"),
    ("refused", "refused"),
    ("unanswered", "never answered"),
)
"""Kinds of marks and segments, and what they mean."""


def page(
    title: str,
    lead: Sequence[str],
    histories: Sequence[History],
    *,
    budget_s: float,
    words: Sequence[str] = (),
) -> str:
    """Histories as one HTML file: a heading, some lines, a picture each. The same in, the same out.

    `budget_s` is how long a screen may be wrong before it is shaded. `words`: lines of a table
    below the pictures.
    """
    articles = [
        f"<article><h3>{escape(history.desk)}</h3>{picture(history, budget_s=budget_s)}</article>"
        for history in histories
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style></head><body>",
            DEFINITIONS,
            f'<header><p class="name">Offhook</p><h1>{escape(title)}</h1>',
            *(f'<p class="lead">{escape(line)}</p>' for line in lead),
            f'<ul class="legend">{legend()}</ul></header>',
            "<main><section>",
            *articles,
            *_told(words),
            "</section></main></body></html>",
            "",
        ]
    )


def _told(words: Sequence[str]) -> Sequence[str]:
    if not words:
        return ()
    text = escape("\n".join(words))
    return (f'<article class="picture"><h3>in words</h3><pre>{text}</pre></article>',)


def picture(history: History, *, budget_s: float, title: str | None = None) -> str:
    """One history: where to look, then its lanes."""
    lies = [_shaded(stretch, history.began) for stretch in judge(history, budget_s=budget_s).lies]
    look = "\n".join(f'<p class="look">{escape(lie.label)}</p>' for lie in lies)
    drawn = draw(
        lanes(history),
        # A picture has some width, also of a session that was over at once.
        length_s=max(history.ended - history.began, 0.1),
        shaded=lies,
        title=title or f"{history.session}, {history.desk}",
    )
    return f'{look}<div class="picture">{drawn}</div>'


def legend() -> str:
    """The items of the legend."""
    return "".join(f'<li><i class="key {kind}"></i>{escape(text)}</li>' for kind, text in LEGEND)


def _shaded(stretch: Stretch, began: float) -> Segment:
    start, end = stretch.start - began, stretch.end - began
    said, heard = _SAID[stretch.lie]
    label = f"Look at {start:.1f} s to {end:.1f} s: the screen says {said}, and the caller {heard}."
    return Segment(start=start, end=end, kind=stretch.lie.value, label=label)


_SAID = {Lie.LIVE: ("muted", "can hear"), Lie.UNHEARD: ("live", "hears nothing")}
