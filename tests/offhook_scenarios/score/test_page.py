"""The card as a page."""

from collections.abc import Callable
from html.parser import HTMLParser

from offhook_scenarios.score.card import judge
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.page import page
from offhook_scenarios.score.seen import Seen


class Reader(HTMLParser):
    """Counts what is there, and what would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = 0
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pictures += tag == "svg"
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in {"src", "srcset"}]
        self.loads += [tag] if tag in {"script", "link", "img"} else []


def test_the_page_draws_what_was_seen_and_loads_nothing(see: Callable[[str, str], Seen]) -> None:
    names = ("seconds", "limit-constant", "flap")
    seen = {probe: see("reference", probe) for probe in names}
    card = judge(RULES.values(), seen, client="<me>", seed=1, on_wire=False)
    text = page(card)
    assert page(card) == text
    reader = Reader()
    reader.feed(text)
    assert reader.loads == []
    assert reader.pictures == 1 + 2 * len(names)
    assert "&lt;me&gt;" in text
    assert "<me>" not in text
    for rule in RULES.values():
        assert rule.id in text


def test_a_client_that_nobody_saw_anything_of_is_told() -> None:
    seen = Seen(probe="zero", clients=2, began=0, ended=0, arrivals=(), presses=(), broken="hangs")
    card = judge([RULES["B03"]], {"zero": seen}, client="x", seed=1, on_wire=False)
    assert "hangs" in page(card)
