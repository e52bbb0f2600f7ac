"""One browser for all pages, and a sentence where it cannot be had."""

import sys

import pytest

from offhook_scenarios.adapters import chromium as module
from offhook_scenarios.adapters.chromium import Chromium, check_reins, found
from offhook_scenarios.adapters.link import LinkError


@pytest.mark.skipif(found() is None, reason="no Chromium: install Debian's package `chromium`")
async def test_it_runs_until_the_last_user_has_left() -> None:
    chromium = Chromium()
    first = await chromium.enter()
    assert await chromium.enter() is first
    await chromium.leave()
    assert first.is_connected()
    await chromium.leave()
    assert not first.is_connected()


async def test_without_playwright_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(LinkError, match=r"pip install 'offhook\[browser\]'"):
        await Chromium().enter()


def test_whether_there_is_playwright_is_known_before_a_page_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check_reins()
    monkeypatch.setitem(sys.modules, "playwright", None)
    with pytest.raises(LinkError, match=r"pip install 'offhook\[browser\]'"):
        check_reins()


async def test_without_a_browser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "found", lambda: "/no/such/chromium")
    with pytest.raises(LinkError, match=r"Chromium does not start: install it .*apt install"):
        await Chromium().enter()
