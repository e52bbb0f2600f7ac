"""The JavaScript SDK's browser build: the PKCE login round trip in a real browser."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.sdk.python_bench import PUBLIC_CLIENT_ID
from tests.sdk.site import Pages, Site

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xfail(reason="the mock has no GET /api/v2/tokens/me yet", strict=True),
]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
"""No sandbox, because continuous integration runs as the superuser; no calls to its makers."""

PAGE = """<!doctype html><meta charset="utf-8"><title>A desk</title>
<script src="/sdk.js"></script>
<script>
  const platform = require('platformClient');
  const client = platform.ApiClient.instance;
  client.setGateway(GATEWAY);
  (async () => {
    const login = await client.loginPKCEGrant(CLIENT, location.origin + '/desk', {state: 'kept'});
    const me = await new platform.UsersApi().getUsersMe();
    return {state: login.state, expires: login.tokenExpiryTime, me, address: location.href};
  })().then(
    (value) => { window.outcome = JSON.stringify({ok: true, value}); },
    (error) => { window.outcome = JSON.stringify({ok: false, value: String(error)}); },
  );
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as it is installed; nothing is downloaded."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium here: install Debian's package `chromium` to run this test")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield started
        started.close()


def pages(node: Node, api: str) -> Pages:
    """The desk's page, and the browser build of the SDK as it comes."""
    host, port = api.removeprefix("http://").split(":")
    gateway = json.dumps({"host": host, "protocol": "http", "port": int(port)})
    text = PAGE.replace("GATEWAY", gateway).replace("CLIENT", json.dumps(PUBLIC_CLIENT_ID))
    bundle = node.modules / "purecloud-platform-client-v2" / "dist" / "web-cjs"
    sdk = (bundle / "purecloud-platform-client-v2.min.js").read_bytes()
    return {
        "/desk": ("text/html; charset=utf-8", text.encode()),
        "/sdk.js": ("text/javascript; charset=utf-8", sdk),
    }


def log_in(browser: Browser, address: str) -> dict[str, Any]:
    """Open the page, be sent to the login and back, and say what became of it."""
    page = browser.new_page()
    try:
        page.goto(f"{address}/desk")
        page.wait_for_function("() => window.outcome", timeout=20_000)
        outcome: dict[str, Any] = json.loads(page.evaluate("() => window.outcome"))
    finally:
        page.close()
    return outcome


def check(outcome: dict[str, Any], address: str) -> None:
    """The desk is logged in, its state came back, and the code left the address bar."""
    assert outcome["ok"], outcome
    assert outcome["value"]["me"]["username"].startswith("agent")
    assert outcome["value"]["state"] == "kept"
    assert outcome["value"]["address"] == f"{address}/desk"


def test_pkce_goes_round_across_origins(
    server: ThreadedServer, node: Node, browser: Browser
) -> None:
    with Site(pages(node, server.url)) as site:
        check(log_in(browser, site.url), site.url)


def test_pkce_goes_round_on_one_origin(
    server: ThreadedServer, node: Node, browser: Browser
) -> None:
    made: Pages = {}
    with Site(made, behind=server.url) as site:
        made.update(pages(node, site.url))
        check(log_in(browser, site.url), site.url)
