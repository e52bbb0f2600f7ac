"""The official Python SDK for the tests: pointed at a mock, and a log-in as a browser does it."""

from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

NAME = "PureCloudPlatformClientV2"
VERSION = version(NAME)
SEEN = f"observed behaviour of {NAME} {VERSION} against a mock"

CLIENT_ID = "offhook-server"
CLIENT_SECRET = "offhook-secret"
PUBLIC_CLIENT_ID = "offhook-desktop"
REDIRECT = "http://127.0.0.1:9/callback"
"""Nobody listens there: the tests read the code off the redirect themselves."""


def load() -> ModuleType:
    """The SDK. It carries no types, so it is loaded by name."""
    return import_module(NAME)


class Desktop:
    """A client of the SDK under its three settings of address; closes its connections."""

    def __init__(self, sdk: ModuleType, client: Any) -> None:
        self.sdk = sdk
        self.client = client

    def api(self, name: str) -> Any:
        """An API class, `UsersApi` for one, on this client."""
        return getattr(self.sdk, name)(self.client)

    def close(self) -> None:
        """Close the pooled connections, which the SDK itself never does."""
        if self.client.http_client is not None:
            self.client.http_client.rest_client.pool_manager.clear()


def authorize(url: str, **query: str) -> dict[str, str]:
    """What the login sends back in the query of the redirect."""
    answer = httpx.get(
        f"{url}/oauth/authorize",
        params={"redirect_uri": REDIRECT, "response_type": "code", **query},
        follow_redirects=False,
    )
    assert answer.status_code == httpx.codes.FOUND, answer.text
    back = urlsplit(answer.headers["location"])
    return {name: values[0] for name, values in parse_qs(back.query).items()}
