"""Line charts."""

import re
from xml.etree import ElementTree as ET

import pytest

from offhook_scenarios.backoff.chart import HEIGHT, LEFT, WIDTH, Axis, Line, draw, thinned

PLAIN = Axis(low=0.0, high=60.0)
POWERS = Axis(low=0.1, high=250.0, logarithmic=True)


@pytest.mark.parametrize(
    ("axis", "value", "place"),
    [
        (PLAIN, 0, 0.0),
        (PLAIN, 30, 0.5),
        (PLAIN, 99, 1.0),
        (PLAIN, -5, 0.0),
        (Axis(low=1.0, high=100.0, logarithmic=True), 10, 0.5),
        (POWERS, 0, 0.0),
    ],
)
def test_values_have_their_places_and_what_is_beyond_lies_at_the_end(
    axis: Axis, value: float, place: float
) -> None:
    assert axis.place(value) == pytest.approx(place)


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (PLAIN, [0, 10, 20, 30, 40, 50, 60]),
        (Axis(low=0.4, high=1.2), [0.4, 0.6, 0.8, 1.0, 1.2]),
        (POWERS, [0.1, 1, 10, 100]),
    ],
)
def test_ticks_are_round(axis: Axis, ticks: list[float]) -> None:
    assert list(axis.ticks()) == pytest.approx(ticks)


def test_a_picture_is_sound_xml_with_every_line_inside_it() -> None:
    line = Line(name="a <b>", kind="served", points=((0.0, 0.0), (60.0, 1e9), (90.0, 5.0)))
    text = draw([line], x=PLAIN, y=POWERS, title="x & y")
    root = ET.fromstring(text)  # noqa: S314 - we wrote it just now.
    assert root.get("aria-label") == "x & y"
    drawn = root.find("polyline")
    assert drawn is not None
    assert drawn.findtext("title") == "a <b>"
    for across, down in re.findall(r"([\d.]+),([\d.]+)", drawn.get("points") or ""):
        assert LEFT <= float(across) <= WIDTH
        assert 0 <= float(down) <= HEIGHT


def test_a_long_series_is_thinned_and_keeps_its_peaks() -> None:
    values = [0.0] * 5000
    values[1234] = 9.0
    points = thinned(values, 0.1)
    assert len(points) == 500
    assert max(value for _, value in points) == 9.0
    assert points[123] == pytest.approx((123.0, 9.0))
    assert thinned([1.0, 2.0], 0.1) == ((0.0, 1.0), (0.1, 2.0))
