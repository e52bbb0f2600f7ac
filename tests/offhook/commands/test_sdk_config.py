"""`offhook sdk-config`. What it prints is run in tests/sdk, by the SDKs themselves."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from offhook.commands.sdk_config import SDKS, SERVICE, URL, USER, sdk_config
from offhook.commands.serve import serve
from offhook.settings import DEFAULT, Grant


def run(*words: str) -> Any:
    return CliRunner().invoke(sdk_config, list(words))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["python"], f'PureCloudPlatformClientV2.configuration.host = "{URL}"'),
        (
            ["python", "--url", "http://localhost:9000/"],
            'PureCloudPlatformClientV2.configuration.host = "http://localhost:9000"',
        ),
        (
            ["javascript"],
            'client.setGateway({ host: "127.0.0.1", protocol: "http", port: 8089 });',
        ),
        (
            ["javascript", "--url", "http://[::1]:9000"],
            'client.setGateway({ host: "[::1]", protocol: "http", port: 9000 });',
        ),
        (
            ["javascript", "--url", "https://mock.example"],
            'client.setGateway({ host: "mock.example", protocol: "https", port: 443 });',
        ),
    ],
)
def test_the_line_that_sets_the_address_is_there(words: list[str], line: str) -> None:
    told = run(*words)
    assert told.exit_code == 0
    assert line in told.output.splitlines()


@pytest.mark.parametrize("sdk", SDKS)
def test_as_json_it_says_the_same(sdk: str) -> None:
    told = json.loads(run(sdk, "--json").output)
    assert (told["sdk"], told["url"]) == (sdk, URL)
    assert "\n".join([*told["lines"], ""]) == run(sdk).output
    assert told["login"] == {"service": SERVICE, "user": USER}


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8089",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:8089/api",
        "http://me@127.0.0.1",
        "http://a'b",
    ],
)
def test_what_is_no_origin_is_a_usage_error(url: str) -> None:
    refused = run("python", "--url", url)
    assert refused.exit_code == 2
    assert f"{url!r} is no origin; right is {URL}, for one." in refused.output


def test_an_sdk_that_it_does_not_know_is_a_usage_error() -> None:
    refused = run("java")
    assert refused.exit_code == 2
    assert "'java' is not one of 'python', 'javascript'" in refused.output


def test_its_defaults_are_those_of_serve_and_of_the_default_org() -> None:
    defaults = {option.name: option.default for option in serve.params}
    assert f"http://{defaults['host']}:{defaults['port']}" == URL
    clients = {client.id: client for client in DEFAULT.clients}
    assert clients[SERVICE["clientId"]].secret == SERVICE["clientSecret"]
    assert Grant.CLIENT_CREDENTIALS in clients[SERVICE["clientId"]].grants
    assert clients[USER["clientId"]].secret is None
