"""The Playwright recipe of the guide, run as it stands: a real page, a real browser, a mock."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from tests.sdk.site import Site

from offhook.domain.inputs import OpenDevice
from offhook.testing.handle import Offhook
from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.chromium import SWITCHES, found

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "run-in-ci.md"
WRITTEN_FOR = "http://127.0.0.1:5173/"
PAGE = """<!doctype html><meta charset="utf-8"><title>A desk</title>
<button>Mute</button><p role="status">live</p>
<script>
  const api = new URLSearchParams(location.search).get("api");
  const headers = {Authorization: "Bearer TOKEN", "Content-Type": "application/json"};
  const shown = document.querySelector("[role=status]");
  document.querySelector("button").onclick = async () => {
    shown.textContent = "muting";
    const url = `${api}/api/v2/webrtc/clients/DEVICE/mute`;
    const answer = await fetch(url, {method: "POST", headers, body: '{"muted": true}'});
    shown.textContent = answer.ok ? "muted" : "live";
  };
</script>"""


def recipe() -> Callable[[Page, Offhook], None]:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (code,) = [block for block in blocks if "page.goto" in block]
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the guide's own lines.
    function: Callable[[Page, Offhook], None] = names["test_the_page_tells_the_truth"]
    return function


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    program = found()
    if program is None:
        pytest.skip("no Chromium here: install Debian's package `chromium` to run this test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[*SWITCHES, "--no-sandbox"]
        )
        yield browser.new_page()
        browser.close()


@pytest.fixture
def offhook() -> Iterator[Offhook]:
    with ThreadedServer(seed=1) as server:
        handle = Offhook(server)
        user = handle.ask(lambda mock: mock.org.users()[0])
        handle.receive(OpenDevice(user_id=user.id, name="default"))
        handle.clock.advance("1s")
        yield handle


def played(page: Page, offhook: Offhook) -> None:
    """Run the recipe on our page, wherever that is served."""
    text = PAGE.replace("TOKEN", offhook.token()).replace("DEVICE", offhook.device().id)
    with Site({"/": ("text/html", text.encode())}) as site:
        goto = page.goto

        def there(url: str) -> None:
            assert url.startswith(WRITTEN_FOR)
            goto(url.replace(WRITTEN_FOR, f"{site.url}/"))

        page.goto = there  # type: ignore[assignment, method-assign]  # - the guide names a port.
        try:
            recipe()(page, offhook)
        finally:
            page.goto = goto  # type: ignore[method-assign]  # - as it was.


def test_the_recipe_holds_a_page_that_tells_the_truth(page: Page, offhook: Offhook) -> None:
    played(page, offhook)
    offhook.assert_muted()


def test_it_finds_a_page_that_does_not(page: Page, offhook: Offhook) -> None:
    offhook.faults.add("reply", "postWebrtcClientMute", status=204)
    with pytest.raises(AssertionError, match="LIVE"):
        played(page, offhook)
