"""A page under judgement, in Chromium, as it is: nothing in it knows of the harness.

A person's click presses its button; what it shows is read by selectors; the microphone's gate
is what becomes of the tracks that it was given.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import msgspec

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart, Shown
from offhook_scenarios.adapters.client_log import ClientLog
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.messages import Hello
from offhook_scenarios.adapters.remote import START_WITHIN_S, ClientBrokeError, StartRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Frame, Route
    from playwright.async_api import Page as Tab

    from offhook_scenarios.adapters.chromium import Chromium

WATCH = Path(__file__).with_name("browser_watch.js")
CIRCLES_FROM = 8
"""A login takes a page to few addresses; one that goes to so many runs in a circle."""
CLICK_WITHIN_MS = 2_000
"""How long a person waits for a button that cannot be clicked."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page is, how it is used and how it is read. Selectors are CSS."""

    url: str
    """In it `{api}` stands for the origin of the API, and `{user}` for who logs in."""
    mute: str
    """The button that mutes and unmutes."""
    muted_when: str
    """The page says muted when something visible matches."""
    live_when: str | None = None
    """It says live when something visible matches; None: when the button is, and not muted."""
    dialect: Literal["tutorial", "platform"] = "platform"
    instead_of: tuple[str, ...] = ()
    """Origins that the page asks, and for which the mock stands in."""


class BrowserPage:
    """Adapter of a page, in a context of its own: no cookies, no storage, a microphone."""

    can = frozenset({Ability.SET_MUTE, Ability.OBSERVE, Ability.RELOAD, Ability.PROCESS})

    def __init__(self, page: Page, chromium: Chromium) -> None:
        place = urlsplit(page.url)
        self.name = f"{place.netloc}{place.path}" or page.url
        self.log = ClientLog()
        self.broke: str | None = None
        """How the page broke; None when it did not."""
        self._page = page
        self._chromium = chromium
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._tab: Tab | None = None
        self._config: Config | None = None
        self._belief = UNAWARE
        self._tell: Callable[[Belief], None] = lambda _belief: None
        self._news = asyncio.Event()
        self._loads = 0

    async def greet(self) -> Hello:
        """A tab for it. Raises `LinkError`, also for a selector that is none."""
        if self._browser is None:
            self._browser = await self._chromium.enter()
            await self._open()
        return Hello(
            protocol=1,
            name=self.name[:200],
            version=f"Chromium {self._browser.version}",
            dialect=self._page.dialect,
            can=tuple(sorted(self.can)),
        )

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Load the page, and wait until it shows the microphone. Raises `LinkError`."""
        self._config, self._tell = config, tell
        await self.greet()
        await self._load()

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        """A click on the button. Whoever sees that it is so already does not click."""
        from playwright.async_api import Error  # noqa: PLC0415 - an extra, and slow to import.

        if self._belief.shown is (Shown.MUTED if muted else Shown.LIVE):
            return
        try:
            await self._open_tab.click(self._page.mute, timeout=CLICK_WITHIN_MS)
        except Error as error:
            self._note(f"(the button cannot be clicked: {error.message.splitlines()[0]})")

    async def observe(self) -> Belief:
        """What the page says, and what its tracks do."""
        return self._belief

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:
        """Reload it; or close the window with all that it kept, and open it again."""
        assert kind is not Restart.SLEEP, "a page is not put to sleep"
        if kind is Restart.RELOAD:
            await self._open_tab.reload()
            return
        await self._close()
        self._believe(UNAWARE)
        await asyncio.sleep(lasts_s)
        await self._open()
        # Whoever opens a page that does not come up tries again.
        loaded = False
        while not loaded:
            with contextlib.suppress(StartRefusedError):
                await self._load()
                loaded = True

    async def stop(self) -> None:
        """Close the window. Raises `ClientBrokeError` when the page had crashed."""
        if self._browser is None:
            return
        await self._close()
        self._browser = None
        await self._chromium.leave()
        if self.broke is not None:
            raise ClientBrokeError(self.broke)

    @property
    def _open_tab(self) -> Tab:
        assert self._tab is not None, "used before the start"
        return self._tab

    async def _open(self) -> None:
        assert self._browser is not None, "the browser runs"
        self._context = await self._browser.new_context(permissions=["microphone"])
        self._tab = tab = await self._context.new_page()
        wishes = {
            "mute": self._page.mute,
            "mutedWhen": self._page.muted_when,
            "liveWhen": self._page.live_when,
        }
        for selector in filter(None, wishes.values()):
            await self._check(selector)
        await self._context.expose_binding("__offhookSay", self._heard)
        watch = WATCH.read_text(encoding="utf-8").replace("WISHES", json.dumps(wishes))
        await self._context.add_init_script(watch)
        tab.on("console", self._logged)
        tab.on("pageerror", lambda error: self._note(f"(uncaught) {error}"))
        tab.on("crash", self._crashed)
        tab.on("framenavigated", self._navigated)

    async def _check(self, selector: str) -> None:
        from playwright.async_api import Error  # noqa: PLC0415 - as above.

        try:
            await self._open_tab.evaluate("(text) => void document.querySelector(text)", selector)
        except Error:
            raise LinkError(f"{selector!r} is no CSS selector.") from None

    async def _load(self) -> None:
        from playwright.async_api import Error  # noqa: PLC0415 - as above.

        config = self._config
        assert config is not None, "set by start"
        assert self._context is not None, "it is open"
        for origin in self._page.instead_of:
            await self._context.route(f"{origin.rstrip('/')}/**", self._stand_in)
        url = self._page.url.replace("{api}", config.api).replace("{user}", config.username)
        self._loads = 0
        try:
            async with asyncio.timeout(START_WITHIN_S):
                await self._open_tab.goto(url, wait_until="commit")
                while self._belief.shown is Shown.UNKNOWN:
                    self._news.clear()
                    await self._news.wait()
        except Error as error:
            # After the first line there is a log of calls, which is about the library.
            why = error.message.partition("\n")[0].removeprefix("Page.goto: ")
            raise StartRefusedError(f"The page does not load: {why}.") from None
        except TimeoutError:
            told = self.log.telling()
            last = "" if told is None else f"; it logged: {told}"
            raise StartRefusedError(
                f"The page at {self._open_tab.url} shows neither {self._page.muted_when!r} nor "
                f"{self._page.live_when or self._page.mute!r} after {START_WITHIN_S:g} s"
                f"{self._in_a_circle()}{last}"
            ) from None

    async def _close(self) -> None:
        context, self._context = self._context, None
        self._tab = None
        if context is not None:
            await context.close()

    async def _stand_in(self, route: Route) -> None:
        """Ask the mock what was asked of the origin, and answer as it does."""
        from playwright.async_api import Error  # noqa: PLC0415 - as above.

        assert self._config is not None, "set by start"
        path = "/" + route.request.url.split("/", 3)[3]
        with contextlib.suppress(Error):
            try:
                answer = await route.fetch(url=self._config.api + path, max_redirects=0)
            except Error:
                await route.abort("connectionfailed")
            else:
                await route.fulfill(response=answer)

    def _heard(self, source: dict[str, Any], text: str) -> None:
        """What the page shows now. Anything may call the binding, so it is read with care."""
        if self._tab is None or source["page"] is not self._tab:
            return
        with contextlib.suppress(msgspec.MsgspecError):
            self._believe(msgspec.json.decode(text, type=Belief))

    def _believe(self, belief: Belief) -> None:
        self._news.set()
        if belief != self._belief:
            self._belief = belief
            self._tell(belief)

    def _logged(self, message: ConsoleMessage) -> None:
        self._note(f"{message.type}: {message.text}")

    def _note(self, text: str) -> None:
        for line in text.splitlines():
            self.log.add(line.encode())

    def _navigated(self, frame: Frame) -> None:
        self._loads += frame.parent_frame is None

    def _in_a_circle(self) -> str:
        """What a login that comes round and round again looks like from outside."""
        if self._loads < CIRCLES_FROM:
            return ""
        return f"; it was loaded {self._loads} times, as in a login that never ends"

    def _crashed(self, _tab: Tab) -> None:
        self.broke = "crashed: its renderer is gone"
        self._believe(UNAWARE)
