"""The drawing: well-formed SVG, every text escaped, labels only where there is room."""

from xml.etree import ElementTree as ET

from offhook_scenarios.report.drawing import DEFINITIONS, LABELS, WIDTH, draw
from offhook_scenarios.report.lanes import Lane, Mark, Segment

SVG = "{http://www.w3.org/2000/svg}"


def parsed(*lanes: Lane, length_s: float = 30) -> ET.Element:
    text = draw(lanes, length_s=length_s, shaded=(), title="a <title>")
    return read(text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'))


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - we wrote it ourselves.


def words(root: ET.Element, kind: str) -> list[str | None]:
    return [text.text for text in root.iter(f"{SVG}text") if text.get("class") == kind]


def test_the_definitions_are_well_formed() -> None:
    read(DEFINITIONS)


def test_a_picture_says_what_it_shows() -> None:
    root = parsed(Lane(name="screen <says>"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "a <title>"
    assert words(root, "lane") == ["screen <says>"]


def test_the_axis_has_a_tick_every_five_seconds() -> None:
    assert words(parsed(length_s=17), "tick") == ["0 s", "5 s", "10 s", "15 s"]


def test_a_segment_lies_where_its_time_is() -> None:
    whole = Segment(start=0, end=30, kind="muted", label="muted")
    half = Segment(start=15, end=30, kind="live", label="live")
    first, second = (
        bar for bar in parsed(Lane(name="l", segments=(whole, half))).iter(f"{SVG}rect")
    )
    assert float(first.get("x", "")) == LABELS
    end = float(first.get("x", "")) + float(first.get("width", ""))
    assert WIDTH - 25 < end < WIDTH
    middle = (LABELS + end) / 2
    assert abs(float(second.get("x", "")) - middle) < 0.1


def test_a_short_segment_has_a_tip_and_no_label() -> None:
    short = Segment(start=1, end=1.01, kind="muted", label="muted")
    root = parsed(Lane(name="l", segments=(short,)))
    assert words(root, "in") == []
    assert "muted, 1.0 s to 1.0 s" in [tip.text for tip in root.iter(f"{SVG}title")]
    assert float(next(root.iter(f"{SVG}rect")).get("width", "")) == 1


def test_labels_of_marks_never_lie_on_one_another() -> None:
    marks = tuple(
        Mark(at=at, kind="hand", label=label, written=True)
        for at, label in ((12, "drops"), (12.1, "hidden"), (12.2, "restarts"))
    )
    root = parsed(Lane(name="l", marks=marks))
    assert words(root, "by") == ["drops", "restarts"]
    anchors = [t.get("text-anchor") for t in root.iter(f"{SVG}text") if t.get("class") == "by"]
    assert anchors == ["end", "start"]
