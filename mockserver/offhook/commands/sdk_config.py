"""`offhook sdk-config`: the lines that point an official SDK at a running mock."""

import json
import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

import click

URL = "http://127.0.0.1:8089"
"""Where `offhook serve` listens unless it is told otherwise."""

SERVICE = {"clientId": "offhook-server", "clientSecret": "offhook-secret"}
USER = {"clientId": "offhook-desktop"}
"""The OAuth clients of the default org: `offhook serve` prints them at start."""

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(:[0-9]+)?")

_PYTHON = """\
import PureCloudPlatformClientV2

PureCloudPlatformClientV2.configuration.host = "{url}"
client = PureCloudPlatformClientV2.api_client.ApiClient()

# As a service:
client.get_client_credentials_token("{service[clientId]}", "{service[clientSecret]}")

# As a user, by the code with which {url}/oauth/authorize redirects back:
# client.get_pkce_token("{user[clientId]}", verifier, code, redirect_uri)

# As a user, by a token of POST {url}/_offhook/v1/tokens {{"user": "agent"}}:
# client.access_token = access_token
"""

_JAVASCRIPT = """\
const platformClient = require("purecloud-platform-client-v2");

const client = platformClient.ApiClient.instance;
client.setGateway({{ host: "{host}", protocol: "{protocol}", port: {port} }});

// As a service, on Node:
const login = client.loginClientCredentialsGrant("{service[clientId]}", "{service[clientSecret]}");

// As a user, in a browser:
// const login = client.loginPKCEGrant("{user[clientId]}", window.location.href);

// As a user, by a token of POST {protocol}://{host}:{port}/_offhook/v1/tokens {{"user": "agent"}}:
// client.setAccessToken(accessToken);
"""


def _whole(parts: SplitResult) -> bool:
    if parts.scheme not in {"http", "https"} or _AUTHORITY.fullmatch(parts.netloc) is None:
        return False
    try:
        return parts.port != 0
    except ValueError:
        return False


def _origin(_: click.Context, __: click.Parameter, value: str) -> str:
    """The URL without the slash at its end; the mock serves everything at its root."""
    parts = urlsplit(value)
    if not _whole(parts) or parts.path.strip("/") or parts.query or parts.fragment:
        raise click.BadParameter(f"{value!r} is no origin; right is {URL}, for one.")
    return f"{parts.scheme}://{parts.netloc}"


def _gateway(url: str) -> dict[str, object]:
    """What `setGateway` takes. Its port must be said (wire contract §1.2)."""
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    return {"host": host, "protocol": parts.scheme, "port": port}


SDKS: dict[str, tuple[str, Callable[[str], dict[str, object]]]] = {
    "python": (_PYTHON, lambda url: {"host": url}),
    "javascript": (_JAVASCRIPT, _gateway),
}
"""SDK → (the lines, the settings of address that are filled in)."""


@click.command("sdk-config")
@click.argument("sdk", type=click.Choice(list(SDKS)))
@click.option("--url", default=URL, callback=_origin, show_default=True, help="Where the mock is.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for machines.")
def sdk_config(sdk: str, *, url: str, as_json: bool) -> None:
    """Print the lines that point an official SDK at a running mock.

    They log in by the OAuth clients of the default org.

    \b
    Examples:
      offhook sdk-config python
      offhook sdk-config javascript --url http://127.0.0.1:9000
      offhook sdk-config python --json

    Exit codes: 0 printed, 2 usage, 3 the surroundings do not allow it.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    text, settings = SDKS[sdk]
    given = settings(url)
    lines = text.format(url=url, service=SERVICE, user=USER, **given)
    if not as_json:
        click.echo(lines, nl=False)
        return
    told = {
        "sdk": sdk,
        "url": url,
        "settings": given,
        "login": {"service": SERVICE, "user": USER},
        "lines": lines.splitlines(),
    }
    click.echo(json.dumps(told, indent=2))
