"""The JavaScript SDK's browser build in a real browser: logins, and a mute across origins."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.sdk.control import Control
from tests.sdk.python_bench import PUBLIC_CLIENT_ID
from tests.sdk.site import Pages, Site

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node

pytestmark = pytest.mark.browser

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
    const login = await client.METHOD(CLIENT, location.origin + '/desk', {state: 'kept'});
    const me = await new platform.UsersApi().getUsersMe();
    return {state: login.state, expires: login.tokenExpiryTime, me, address: location.href};
  })().then(
    (value) => { window.outcome = {ok: true, value}; },
    (error) => { window.outcome = {ok: false, value: String(error)}; },
  );
</script>"""

MUTE = """async ([conversation, participant]) => {
  const calls = new platform.ConversationsApi();
  const patch = () => calls.patchConversationsCallParticipant(
    conversation, participant, {muted: true});
  client.setReturnExtendedResponses(true);
  const refused = await patch().catch(({status, headers}) => ({status, headers: {...headers}}));
  const accepted = await patch();
  return {refused, accepted: accepted.status};
}"""

HEAR = """async (topic) => {
  const notifications = new platform.NotificationsApi();
  const channel = await notifications.postNotificationsChannels();
  await notifications.putNotificationsChannelSubscriptions(channel.id, [{id: topic}]);
  const socket = new WebSocket(channel.connectUri);
  window.heard = [];
  socket.onmessage = ({data}) => window.heard.push(JSON.parse(data).topicName);
  await new Promise((resolve) => { socket.onopen = resolve; });
}"""


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without cookies or storage."""
    opened = browser.new_page()
    yield opened
    opened.close()


def pages(node: Node, api: str, method: str) -> Pages:
    """The desk's page, and the browser build of the SDK as it comes."""
    host, port = api.removeprefix("http://").split(":")
    gateway = json.dumps({"host": host, "protocol": "http", "port": int(port)})
    text = PAGE.replace("GATEWAY", gateway).replace("CLIENT", json.dumps(PUBLIC_CLIENT_ID))
    bundle = node.modules / "purecloud-platform-client-v2" / "dist" / "web-cjs"
    sdk = (bundle / "purecloud-platform-client-v2.min.js").read_bytes()
    return {
        "/desk": ("text/html; charset=utf-8", text.replace("METHOD", method).encode()),
        "/sdk.js": ("text/javascript; charset=utf-8", sdk),
    }


def log_in(page: Page, address: str) -> None:
    """Open the desk, be sent to the login and back: the state came back, and no secret stayed."""
    page.goto(f"{address}/desk")
    page.wait_for_function("() => window.outcome", timeout=20_000)
    outcome: dict[str, Any] = page.evaluate("() => window.outcome")
    assert outcome["ok"], outcome
    assert outcome["value"]["me"]["username"].startswith("agent")
    assert outcome["value"]["state"] == "kept"
    assert outcome["value"]["address"].rstrip("#") == f"{address}/desk"


@pytest.mark.parametrize("method", ["loginPKCEGrant", "loginImplicitGrant"])
@pytest.mark.parametrize("one_origin", [True, False], ids=["one-origin", "across-origins"])
def test_a_login_goes_round(
    server: ThreadedServer,
    node: Node,
    page: Page,
    control: Control,
    method: str,
    *,
    one_origin: bool,
) -> None:
    control.policies(allow_implicit_grant=True)
    made: Pages = {}
    with Site(made, behind=server.url if one_origin else None) as site:
        made.update(pages(node, site.url if one_origin else server.url, method))
        log_in(page, site.url)


def test_a_mute_across_origins_shows_the_wait_of_a_429_and_is_heard_on_the_socket(
    server: ThreadedServer, node: Node, page: Page, control: Control
) -> None:
    line = control.call("agent")
    with Site(pages(node, server.url, "loginPKCEGrant")) as site:
        log_in(page, site.url)
        page.evaluate(HEAR, line.topic)
        control.fault("patchConversationsCallParticipant", kind="reply", status=429, retryAfterS=3)
        answer = page.evaluate(MUTE, [line.conversation_id, line.participant_id])
        assert answer["refused"]["status"] == 429
        assert answer["refused"]["headers"]["retry-after"] == "3"
        assert answer["refused"]["headers"]["inin-correlation-id"]
        assert answer["accepted"] == 202
        page.wait_for_function("(topic) => window.heard.includes(topic)", arg=line.topic)


TUTORIAL = """<!doctype html><meta charset="utf-8"><title>The tutorial</title>
<script type="module">
  import { PlatformClient } from "API/_offhook/v1/tutorial.mjs";
  const platformClient = PlatformClient();
  await platformClient.AuthClient.login(
    {grantType: "password", username: "agent", password: "agent-password"});
  const client = await platformClient.WebRtcApi.getWebRtcClient();
  const heard = new Promise((resolve) => client.on("muteChanged", resolve));
  await platformClient.WebRtcApi.postWebRtcClientMute(client.id, {muted: true});
  window.outcome = (await heard).muted;
</script>"""


def test_the_tutorials_example_runs_on_the_module_that_the_mock_serves(
    server: ThreadedServer, page: Page, control: Control
) -> None:
    control.policies(allow_password_grant=True)
    text = TUTORIAL.replace("API", server.url).encode()
    with Site({"/": ("text/html; charset=utf-8", text)}) as site:
        page.goto(site.url)
        page.wait_for_function("() => window.outcome === true", timeout=20_000)
    assert server.devices()[0].muted
