"""Lanes drawn as SVG. Knows nothing of sessions; every text is escaped here."""

from collections.abc import Iterator, Sequence
from html import escape

from offhook_scenarios.report.lanes import Lane, Mark, Segment

WIDTH = 1080
LABELS = 150
"""Where the lanes begin; names of lanes stand left of it."""
LANE = 26
BAR = 18
AXIS = 24
_END = 18
"""Room at the right, so that the last tick's label is whole."""
_LETTER = 6.1
"""About the width of a letter of a mark's label, in the SVG's units."""
_BOLD = 7.1
"""The same of a segment's label."""
_TICKS_S = (5, 10, 30, 60, 300, 600, 3_600, 21_600)
_TICKS_MAX = 24
"""As many labels as there is room for."""

DEFINITIONS = """<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="unsure" width="6" height="6" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><rect width="6" height="6" class="unsure-ground"/>
<rect width="2" height="6" class="unsure-line"/></pattern>
<pattern id="dead" width="7" height="7" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><rect width="7" height="7" class="dead-ground"/>
<rect width="3" height="7" class="dead-line"/></pattern>
</defs></svg>"""
"""Patterns that all pictures of a page share. Must stand in the page once."""


def draw(
    lanes: Sequence[Lane],
    *,
    length_s: float,
    shaded: Sequence[Segment],
    title: str,
) -> str:
    """One picture. `shaded` are the times to look at; they lie behind all lanes."""
    height = AXIS + LANE * len(lanes) + 6
    scale = (WIDTH - LABELS - _END) / length_s
    name = escape(title)
    parts = [
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{name}">',
        f"<title>{name}</title>",
    ]
    parts += _axis(length_s, scale, height)
    for segment in shaded:
        x, width = _span(segment, scale)
        parts.append(
            f'<g><rect class="wrong {segment.kind}" x="{x:.1f}" y="{AXIS - 4}" '
            f'width="{width:.1f}" height="{height - AXIS + 2}"/>{_tip(segment.label)}</g>'
        )
    for row, lane in enumerate(lanes):
        parts += _lane(lane, AXIS + LANE * row, scale)
    parts.append("</svg>")
    return "\n".join(parts)


def _axis(length_s: float, scale: float, height: int) -> Iterator[str]:
    step_s = next((each for each in _TICKS_S if length_s / each <= _TICKS_MAX), _TICKS_S[-1])
    for second in range(0, int(length_s) + 1, step_s):
        x = LABELS + second * scale
        yield (
            f'<line class="grid" x1="{x:.1f}" y1="{AXIS - 4}" x2="{x:.1f}" y2="{height - 2}"/>'
            f'<text class="tick" x="{x:.1f}" y="14">{second} s</text>'
        )


def _lane(lane: Lane, top: int, scale: float) -> Iterator[str]:
    middle = top + LANE / 2
    yield f'<text class="lane" x="{LABELS - 12}" y="{middle + 4:.0f}">{escape(lane.name)}</text>'
    for segment in lane.segments:
        x, width = _span(segment, scale)
        text = ""
        if width > len(segment.label) * _BOLD + 8:
            text = f'<text class="in" x="{x + 6:.1f}" y="{middle + 4:.0f}">'
            text += f"{escape(segment.label)}</text>"
        yield (
            f'<g class="bar {segment.kind}"><rect x="{x:.1f}" y="{top + (LANE - BAR) // 2}" '
            f'width="{width:.1f}" height="{BAR}" rx="3"/>{text}'
            f"{_tip(f'{segment.label}, {segment.start:.1f} s to {segment.end:.1f} s')}</g>"
        )
    yield from _marks(lane.marks, middle, scale)


def _marks(marks: Sequence[Mark], middle: float, scale: float) -> Iterator[str]:
    """Each with its label right of it, or left of it, or, where there is no room, with none."""
    free_from = float(LABELS)
    places = [LABELS + mark.at * scale for mark in marks] + [float(WIDTH)]
    for mark, x, next_x in zip(marks, places, places[1:], strict=False):
        needed = len(mark.label) * _LETTER + 12
        side = 0
        if mark.written and next_x - x >= needed:
            side, free_from = 1, x + needed
        elif mark.written and x - free_from >= needed:
            side, free_from = -1, x + 8
        yield _mark(mark, x, middle, side=side)


def _mark(mark: Mark, x: float, middle: float, *, side: int) -> str:
    if mark.kind in {"press", "hand", "bite"}:
        shape = f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="5"/>'
    else:
        shape = f'<rect x="{x - 1.5:.1f}" y="{middle - 8:.1f}" width="3" height="16" rx="1.5"/>'
    text = ""
    if side:
        anchor = "start" if side > 0 else "end"
        text = (
            f'<text class="by" x="{x + 9 * side:.1f}" y="{middle + 4:.0f}" '
            f'text-anchor="{anchor}">{escape(mark.label)}</text>'
        )
    tip = _tip(f"{mark.label}, at {mark.at:.1f} s")
    return f'<g class="mark {mark.kind}">{shape}{text}{tip}</g>'


def _span(segment: Segment, scale: float) -> tuple[float, float]:
    """Where a segment begins and how wide it is; never too thin to be seen."""
    return LABELS + segment.start * scale, max((segment.end - segment.start) * scale, 1.0)


def _tip(text: str) -> str:
    return f"<title>{escape(text)}</title>"
