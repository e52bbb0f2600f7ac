"""The page of plots."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.lab import Engine, Experiment, Limit, Result, judge
from offhook_scenarios.backoff.page import CHARTS, page
from offhook_scenarios.report.style import STYLE

ASKED = Experiment(
    herd=Herd(clients=500),
    limit=Limit.TOKEN_BUCKET,
    capacity_per_s=10.0,
    collapse=True,
    engine=Engine.PYTHON,
)
VOID = {"meta", "line"}


class Checker(HTMLParser):
    """Complains of tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's.
        if tag not in VOID:
            self.open.append(tag)
        self.pictures += tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed in itself."""


def draw(asked: Experiment) -> str:
    calm = msgspec.structs.replace(asked, collapse=False)
    played = [
        judge("none", CATALOGUE["none"].policy, asked),
        judge("fixed", CATALOGUE["fixed"].policy, calm),
    ]
    return page([*played, Result(name="<mine>", broken="It & raised.")], asked)


@pytest.fixture(scope="module")
def drawn() -> str:
    return draw(ASKED)


def test_the_page_is_sound_shows_every_policy_and_loads_nothing(drawn: str) -> None:
    checker = Checker()
    checker.feed(drawn)
    assert checker.open == []
    assert checker.pictures == 5
    assert not re.search(r"(src|href)=\"(?!#)|@import|url\((?!#)", drawn)
    for anchor in re.findall(r'href="#([^"]+)"', drawn):
        assert f'id="{anchor}"' in drawn


def test_what_users_wrote_is_escaped(drawn: str) -> None:
    assert "<mine>" not in drawn
    assert "It &amp; raised." in drawn


def test_the_same_results_give_the_same_bytes() -> None:
    quick = msgspec.structs.replace(ASKED, collapse=False)
    assert draw(quick) == draw(quick)


def test_every_colour_is_one_of_the_sheets(drawn: str) -> None:
    known = set(re.findall(r"--([a-z-]+):", STYLE))
    assert set(re.findall(r"var\(--([a-z-]+)\)", CHARTS)) <= known
    assert CHARTS.count("{") == CHARTS.count("}")
    for kind in re.findall(r'class="(?:line|key) ([a-z]+)"', drawn):
        assert f".line.{kind}" in CHARTS or kind == "grid"


def test_waves_and_losses_are_told_in_words(drawn: str) -> None:
    assert "of the clients gave up" in drawn
    assert re.search(r"Arrivals come in waves: like themselves (1|1.1|2.1) s before", drawn)
