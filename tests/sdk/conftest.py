"""The bench: a running mock, both SDKs as they come, and control over faults and calls."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from tests.sdk import node_bench, python_bench
from tests.sdk.control import Control

import offhook
from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node, install

SETTINGS = msgspec.structs.replace(
    offhook.DEFAULT, policies=offhook.DEFAULT.policies.changed({"connect_delay_s": 0})
)


def pytest_configure(config: pytest.Config) -> None:
    """Only this folder knows the mark."""
    config.addinivalue_line("markers", "browser: needs Debian's package `chromium`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker loads the Python SDK, which takes seconds (under `--dist loadgroup`)."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("sdk"))


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    """A mock of its own, whose devices connect at once. What breaks inside it fails the test."""
    with offhook.serve(SETTINGS) as running:
        yield running
        assert not running.errors, running.errors


@pytest.fixture
def control(server: ThreadedServer) -> Iterator[Control]:
    """Its control API."""
    with Control(server) as found:
        yield found


@pytest.fixture(scope="session")
def python_sdk(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The Python SDK, loaded where it finds no configuration file to read or to watch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        sdk = python_bench.load()
        sdk.configuration.live_reload_config = False
    return sdk


@pytest.fixture
def desktop(
    server: ThreadedServer, python_sdk: ModuleType
) -> Iterator[Callable[..., python_bench.Desktop]]:
    """Makes Python clients of the mock, each as fresh as a new process."""
    made: list[python_bench.Desktop] = []

    def make(access_token: str | None = None) -> python_bench.Desktop:
        client = python_sdk.api_client.ApiClient(host=server.url)
        if access_token is not None:
            client.access_token = access_token
        made.append(python_bench.Desktop(python_sdk, client))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def ada(
    server: ThreadedServer, desktop: Callable[..., python_bench.Desktop]
) -> python_bench.Desktop:
    """A Python client with Ada's token."""
    return desktop(server.token("agent"))


@pytest.fixture(scope="session")
def node() -> Node:
    """Node with the official JavaScript SDK."""
    return install(node_bench.HERE / "installed")


@pytest.fixture
def js(server: ThreadedServer, node: Node, tmp_path: Path) -> Iterator[node_bench.Driver]:
    """The JavaScript SDK in a Node of its own, its gateway set to the mock."""
    driver = node_bench.Driver(
        [node.node, str(node_bench.HERE / "driver.js")], env=node.environment(tmp_path)
    )
    try:
        host, port = server.url.removeprefix("http://").split(":")
        driver.get("client.setGateway", {"host": host, "protocol": "http", "port": int(port)})
        yield driver
    finally:
        driver.close()
