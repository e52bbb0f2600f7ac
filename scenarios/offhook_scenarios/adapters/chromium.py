"""Chromium under Playwright's reins: found, started once for all pages, ended with the last."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

from offhook_scenarios.adapters.link import LinkError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SWITCHES = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""A microphone that is none, and no calls to its makers."""
NO_REINS = "A page needs Playwright: pip install 'offhook[browser]', and a Chromium."


def found() -> str | None:
    """The Chromium of this system; None when there is none on PATH."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def check_reins() -> None:
    """Raises `LinkError` where there is no Playwright."""
    try:
        import playwright  # noqa: F401, PLC0415 - an extra; it is only looked for.
    except ImportError:
        raise LinkError(NO_REINS) from None


class Chromium:
    """One browser for as many pages as are open at one time. Of one event loop."""

    def __init__(self) -> None:
        self._users = 0
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def enter(self) -> Browser:
        """The browser, which runs until all have left. Raises `LinkError`."""
        async with self._lock:
            if self._browser is None:
                self._browser = await self._start()
            self._users += 1
            return self._browser

    async def leave(self) -> None:
        """One user less. Never raises."""
        async with self._lock:
            self._users -= 1
            if not self._users:
                await self._stop()

    async def _start(self) -> Browser:
        try:
            from playwright.async_api import (  # noqa: PLC0415 - an extra, and slow to import.
                Error,
                async_playwright,
            )
        except ImportError:
            raise LinkError(NO_REINS) from None
        self._playwright = await async_playwright().start()
        switches = [*SWITCHES, *(["--no-sandbox"] if _is_superuser() else [])]
        try:
            return await self._playwright.chromium.launch(executable_path=found(), args=switches)
        except Error as error:
            await self._stop()
            raise LinkError(
                "Chromium does not start: install it (on Debian, apt install chromium; elsewhere, "
                f"playwright install chromium). It says: {error.message.splitlines()[0]}"
            ) from None

    async def _stop(self) -> None:
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None:
            await browser.close()
        if playwright is not None:
            await playwright.stop()


def _is_superuser() -> bool:
    """Whom Chromium refuses to run for in its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
