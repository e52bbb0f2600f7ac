"""The official Python SDK for the tests: pointed at a mock, and a log-in as a browser does it."""

import json
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


UNKNOWN_VALUE = "outdated_sdk_version"
"""What the SDK puts in place of an enum value that it does not know."""


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

    def read(self, body: object, model: str) -> Any:
        """JSON as the SDK's model of that name: an event's body, for one."""
        return self.client.deserialize(_Answer(json.dumps(body)), model)

    def close(self) -> None:
        """Close the pooled connections, which the SDK itself never does."""
        if self.client.http_client is not None:
            self.client.http_client.rest_client.pool_manager.clear()


class _Answer:
    """What the SDK's deserializer takes for an answer."""

    def __init__(self, data: str) -> None:
        self.data = data

    def getheader(self, _name: str) -> str:
        return "application/json"


def unknown_values(model: Any, path: str = "") -> list[str]:
    """Where in a model the SDK met an enum value that it does not know."""
    if isinstance(model, list):
        return [p for n, each in enumerate(model) for p in unknown_values(each, f"{path}[{n}]")]
    if isinstance(model, dict):
        return [p for name, each in model.items() for p in unknown_values(each, f"{path}.{name}")]
    if hasattr(model, "attribute_map"):
        inner = {name: getattr(model, name) for name in model.attribute_map}
        return unknown_values(inner, path)
    return [path] if model == UNKNOWN_VALUE else []


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
