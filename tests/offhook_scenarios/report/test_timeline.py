"""The page: one well-formed file that loads nothing, runs nothing and trusts no name."""

from html.parser import HTMLParser

import msgspec

from offhook_scenarios.demo import Demo
from offhook_scenarios.report.timeline import timeline

VOID = {"meta", "br", "link", "img", "input", "hr"}
LOADING = {"src", "href", "xlink:href", "data", "action", "poster", "srcset"}


class Reader(HTMLParser):
    """Checks that every tag is closed, and remembers tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in LOADING]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        assert not [name for name, _ in attrs if name.startswith("on")], "no script in attributes"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_well_formed_and_loads_nothing(small_demo: Demo) -> None:
    page = Reader(timeline(small_demo, budget_s=2.0))
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert page.loaded == ["#a-session"]
    assert len(page.ids) == len(set(page.ids))


def test_hostile_names_stay_text(small_demo: Demo) -> None:
    page = Reader(timeline(small_demo, budget_s=2.0))
    assert "</title><script>alert(1)</script>" in page.text
    assert '<b>"troubled" & odd</b>' in page.text
    assert "<u>supervisor</u> unmutes" in page.text
    assert "KeyError: '<id>'" in page.text


def test_the_page_tells_where_to_look(small_demo: Demo) -> None:
    text = Reader(timeline(small_demo, budget_s=2.0)).text
    assert "Look at 10.0 s to 30.0 s: the screen says muted, and the caller can hear." in text
    assert "0 of 1" in text
    assert "assumed" in text
    assert "not affiliated" in text


def test_the_same_demo_gives_the_same_bytes(small_demo: Demo) -> None:
    assert timeline(small_demo, budget_s=2.0) == timeline(small_demo, budget_s=2.0)


def test_a_play_that_broke_has_no_picture(small_demo: Demo) -> None:
    page = Reader(timeline(small_demo, budget_s=2.0))
    pictures = page.tags.count("svg") - 1
    assert pictures == 2


def test_remarks_stay_text_too(small_demo: Demo) -> None:
    page = timeline(msgspec.structs.replace(small_demo, remarks=("<b>no</b> Node",)), budget_s=2.0)
    assert "<p>&lt;b&gt;no&lt;/b&gt; Node</p>" in page
