"""Pages that know nothing of the harness: clicked, read, and heard on their microphone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Error
from tests.sdk.site import Site

from offhook_scenarios.adapters import browser as module
from offhook_scenarios.adapters.adapter import Belief, Config, Gate, Restart, Shown
from offhook_scenarios.adapters.browser import BrowserPage, Page
from offhook_scenarios.adapters.chromium import Chromium, found
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.remote import ClientBrokeError, StartRefusedError

pytestmark = [
    pytest.mark.skipif(found() is None, reason="no Chromium: install Debian's package `chromium`"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("browser"),
]

HTML = """<!doctype html><meta charset="utf-8"><title>A desk</title>
<p id="who"></p>
<button id="mute" aria-pressed="false">Mute</button>
<b id="busy" style="display: none">one moment</b>
<script>
  const button = document.getElementById("mute");
  document.getElementById("who").textContent = location.search;
  let track = null;
  button.onclick = () => {
    const muted = button.getAttribute("aria-pressed") === "false";
    button.setAttribute("aria-pressed", String(muted));
    if (track) track.enabled = !muted;
    console.log(muted ? "muted" : "live");
  };
  async function openMicrophone() {
    const stream = await navigator.mediaDevices.getUserMedia({audio: true});
    [track] = stream.getAudioTracks();
  }
</script>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": ("text/html; charset=utf-8", HTML.encode())}) as running:
        yield running


class Watch:
    """What the page says, and a wait for it."""

    def __init__(self) -> None:
        self.beliefs: list[Belief] = []
        self._news = asyncio.Event()

    def __call__(self, belief: Belief) -> None:
        self.beliefs.append(belief)
        self._news.set()

    async def until(self, check: Callable[[Belief], bool]) -> None:
        async with asyncio.timeout(20):
            while not self.beliefs or not check(self.beliefs[-1]):
                self._news.clear()
                await self._news.wait()


Open = Callable[..., BrowserPage]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """It runs for all tests."""
    shared = Chromium()
    await shared.enter()
    yield shared
    await shared.leave()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(site: Site, chromium: Chromium) -> AsyncIterator[Open]:
    """Makes pages; all are closed."""
    made: list[BrowserPage] = []

    def make(**changes: Any) -> BrowserPage:
        page = Page(
            url=f"{site.url}/?api={{api}}&user={{user}}",
            mute="#mute",
            muted_when="#mute[aria-pressed=true]",
        )
        made.append(BrowserPage(msgspec.structs.replace(page, **changes), chromium))
        return made[-1]

    yield make
    for each in made:
        each.broke = None
        await each.stop()


async def test_a_page_is_clicked_and_read_and_its_microphone_followed(
    site: Site, desk: Open
) -> None:
    page, watch = desk(), Watch()
    await page.start(Config(api=site.url), watch)
    assert watch.beliefs == [Belief(shown=Shown.LIVE)]
    tab = page._open_tab
    assert await tab.inner_text("#who") == f"?api={site.url}&user=agent"
    await tab.evaluate("() => openMicrophone()")
    await watch.until(lambda belief: belief.gate is Gate.OPEN)
    await page.set_mute(True)
    await watch.until(lambda belief: belief == Belief(shown=Shown.MUTED, gate=Gate.CUT))
    told = len(watch.beliefs)
    await page.set_mute(True)
    assert await page.observe() == watch.beliefs[-1]
    assert len(watch.beliefs) == told, "a person who sees it muted does not click"
    await tab.evaluate("() => { window.copy = track.clone(); copy.enabled = true; }")
    await watch.until(lambda belief: belief.gate is Gate.OPEN)
    await tab.evaluate("() => { copy.stop(); track.stop(); }")
    await watch.until(lambda belief: belief.gate is Gate.CUT)
    assert "log: muted" in page.log.tail()
    hello = await page.greet()
    assert hello.version.startswith("Chromium ")
    assert hello.name == site.url.removeprefix("http://") + "/"
    assert set(hello.can) == BrowserPage.can


async def test_what_is_hidden_or_gone_is_not_shown(site: Site, desk: Open) -> None:
    page, watch = desk(live_when="#mute[aria-pressed=false]"), Watch()
    await page.start(Config(api=site.url), watch)
    tab = page._open_tab
    for script, shown in [
        ("button.setAttribute('aria-pressed', 'mixed')", Shown.UNKNOWN),
        ("button.setAttribute('aria-pressed', 'true')", Shown.MUTED),
        ("button.style.visibility = 'hidden'", Shown.UNKNOWN),
        ("button.style.visibility = 'visible'", Shown.MUTED),
        ("button.remove()", Shown.UNKNOWN),
    ]:
        await tab.evaluate(f"() => {{ {script} }}")
        await watch.until(partial(_shows, shown))


def _shows(shown: Shown, belief: Belief) -> bool:
    return belief.shown is shown


async def test_a_reload_and_a_new_window_start_from_nothing(site: Site, desk: Open) -> None:
    page, watch = desk(), Watch()
    await page.start(Config(api=site.url), watch)
    await page._open_tab.evaluate("() => { document.cookie = 'kept=1'; }")
    await page.set_mute(True)
    await watch.until(lambda belief: belief.shown is Shown.MUTED)
    await page.restart(Restart.RELOAD)
    await watch.until(lambda belief: belief.shown is Shown.LIVE)
    assert await page._open_tab.evaluate("() => document.cookie") == "kept=1"
    assert Belief(shown=Shown.UNKNOWN) in watch.beliefs
    await page.restart(Restart.PROCESS)
    await watch.until(lambda belief: belief.shown is Shown.LIVE)
    assert await page._open_tab.evaluate("() => document.cookie") == ""


async def test_a_button_that_cannot_be_clicked_is_log(
    site: Site, desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLICK_WITHIN_MS", 200)
    page = desk()
    await page.start(Config(api=site.url), Watch())
    await page._open_tab.evaluate("() => { button.disabled = true; }")
    await page.set_mute(True)
    assert "the button cannot be clicked" in page.log.tail(1)[0]
    await page._open_tab.evaluate("() => { setTimeout(() => { throw new Error('oh'); }); }")
    await asyncio.sleep(0.3)
    assert page.log.tail(1)[0].endswith("oh")


async def test_the_mock_stands_in_for_an_origin(site: Site, desk: Open) -> None:
    page = desk(url=f"{site.url}/", instead_of=("https://api.mypurecloud.com",))
    with Site({"/api/v2/users/me": ("application/json", b'{"name": "Ada"}')}) as mock:
        await page.start(Config(api=mock.url), Watch())
        ask = (
            "(path) => fetch('https://api.mypurecloud.com' + path, {mode: 'no-cors'}).then(String)"
        )
        assert await page._open_tab.evaluate(ask, "/api/v2/users/me") == "[object Response]"
        gone = await page._open_tab.evaluate(f"(path) => ({ask})(path).catch(String)", "/none")
        assert gone == "[object Response]", "a 404 is an answer"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mute": "#no-such", "muted_when": "#muted"}, r"shows neither '#muted' nor '#no-such'"),
        (
            {"url": "http://127.0.0.1:9/"},
            r"The page does not load: net::ERR_\w+ at http://127\.0\.0\.1:9/\.$",
        ),
    ],
)
async def test_a_page_that_does_not_come_up_is_told(
    site: Site,
    desk: Open,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
    words: str,
) -> None:
    monkeypatch.setattr(module, "START_WITHIN_S", 1.0)
    with pytest.raises(StartRefusedError, match=words):
        await desk(**changes).start(Config(api=site.url), Watch())


async def test_a_page_that_threw_is_told_with_what_it_threw_and_not_with_what_it_logged_later(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "START_WITHIN_S", 1.0)
    html = (
        "<script>setTimeout(() => console.log('later'), 200); throw new Error('no grant')</script>"
    )
    with (
        Site({"/": ("text/html; charset=utf-8", html.encode())}) as throwing,
        pytest.raises(StartRefusedError, match=r"it logged: \(uncaught\) .*no grant$"),
    ):
        await desk(url=throwing.url).start(Config(api=throwing.url), Watch())


async def test_a_page_that_is_loaded_again_and_again_is_told_as_that(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "START_WITHIN_S", 3.0)
    monkeypatch.setattr(module, "CIRCLES_FROM", 2)
    html = b"<script>setTimeout(() => location.reload(), 20)</script>"
    words = r"after 3 s; it was loaded \d+ times, as in a login that never ends"
    with (
        Site({"/": ("text/html", html)}) as circling,
        pytest.raises(StartRefusedError, match=words),
    ):
        await desk(url=circling.url).start(Config(api=circling.url), Watch())


async def test_a_selector_that_is_none_is_told(desk: Open) -> None:
    with pytest.raises(LinkError, match=r"'#mute\[' is no CSS selector"):
        await desk(muted_when="#mute[").greet()


async def test_a_page_that_crashes_is_a_finding(site: Site, desk: Open) -> None:
    page, watch = desk(), Watch()
    await page.start(Config(api=site.url), watch)
    with contextlib.suppress(Error):
        await page._open_tab.goto("chrome://crash")
    await watch.until(lambda belief: belief.shown is Shown.UNKNOWN)
    with pytest.raises(ClientBrokeError, match="crashed"):
        await page.stop()
    assert watch.beliefs[-1].shown is Shown.UNKNOWN
