"""Line charts as SVG. Knows nothing of herds; every text is escaped here."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import ceil, floor, log10

import msgspec

WIDTH = 1080
HEIGHT = 240
LEFT = 64
TOP = 14
BOTTOM = 30
RIGHT = 18

Point = tuple[float, float]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Points joined in their order. `kind` chooses colour and dashes."""

    name: str
    kind: str
    points: tuple[Point, ...]


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """A range of values, and how they are written."""

    low: float
    high: float
    unit: str = ""
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value lies, from 0 to 1; what is beyond the range lies at its end."""
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = log10(max(value, low)), log10(low), log10(high)
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def ticks(self) -> Iterator[float]:
        """Values to write: powers of ten, or some five round numbers."""
        if self.logarithmic:
            yield from (
                10.0**power for power in range(ceil(log10(self.low)), floor(log10(self.high)) + 1)
            )
            return
        step = _round_step((self.high - self.low) / 6)
        for number in range(ceil(self.low / step), floor(self.high / step + 1e-9) + 1):
            yield number * step


class Dots(msgspec.Struct, frozen=True, kw_only=True):
    """Points by themselves. `kind` chooses the colour."""

    name: str
    kind: str
    points: tuple[Point, ...]


def draw(lines: Sequence[Line], *, x: Axis, y: Axis, title: str, dots: Sequence[Dots] = ()) -> str:
    """One picture, with its legend in it."""
    name = escape(title)

    def across(value: float) -> float:
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT)

    def down(value: float) -> float:
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM)

    box = f"0 0 {WIDTH} {HEIGHT}"
    parts = [
        f'<svg class="timeline chart" viewBox="{box}" role="img" aria-label="{name}">',
        f"<title>{name}</title>",
    ]
    parts += [
        f'<line class="grid" x1="{across(at):.1f}" y1="{TOP}" x2="{across(at):.1f}" '
        f'y2="{HEIGHT - BOTTOM}"/><text class="tick" x="{across(at):.1f}" '
        f'y="{HEIGHT - 10}">{at:g}{x.unit}</text>'
        for at in x.ticks()
    ]
    parts += [
        f'<line class="grid" x1="{LEFT}" y1="{down(at):.1f}" x2="{WIDTH - RIGHT}" '
        f'y2="{down(at):.1f}"/><text class="lane" x="{LEFT - 8}" '
        f'y="{down(at) + 4:.1f}">{at:g}{y.unit}</text>'
        for at in y.ticks()
    ]
    parts += [_path(line, across, down) for line in lines]
    parts += [_dots(some, across, down) for some in dots]
    parts.append("</svg>")
    return "\n".join(parts)


def thinned(values: Sequence[float], step_s: float, *, most: int = 500) -> tuple[Point, ...]:
    """A series as few points: of each stretch that is left out, its highest value."""
    size = max(1, ceil(len(values) / most))
    return tuple(
        (start * step_s, max(values[start : start + size])) for start in range(0, len(values), size)
    )


def _path(line: Line, across: Callable[[float], float], down: Callable[[float], float]) -> str:
    points = " ".join(f"{across(at):.1f},{down(value):.1f}" for at, value in line.points)
    return (
        f'<polyline class="line {escape(line.kind)}" points="{points}">'
        f"<title>{escape(line.name)}</title></polyline>"
    )


def _dots(some: Dots, across: Callable[[float], float], down: Callable[[float], float]) -> str:
    circles = "".join(
        f'<circle cx="{across(at):.1f}" cy="{down(value):.1f}" r="3.2"/>'
        for at, value in some.points
    )
    return f'<g class="dots {escape(some.kind)}"><title>{escape(some.name)}</title>{circles}</g>'


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough * (1 - 1e-9))
