"""Every operation of the platform dialect is a method of the SDKs: its name, path and verb."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from tests.sdk.node_bench import PACKAGE

from offhook.api.operation import Dialect
from offhook.server import OPERATIONS
from offhook_scenarios.adapters.node import Node

METHOD = re.compile(
    r"^\t(\w+)\([^\n]*\) \{ ?\n(?:(?!^\t\}).)*?callApi\(\s*'([^']+)',\s*'(\w+)'",
    re.DOTALL | re.MULTILINE,
)
"""A method of the JavaScript SDK: its name, the path and the verb that it calls."""

NOT_IN_THE_SDKS = {
    "getChannelSocket": "the WebSocket that connectUri names",
    "getUsersAlertingleader": "asked for by the streaming client",
    "patchAppsUserConnection": "asked for by the streaming client",
    "postConversationsCallsCommunicationMetadata": "asked for by the WebRTC SDK",
    "postDiagnosticsNewrelicInsights": "asked for by the WebRTC SDK",
    "postDiagnosticsTrace": "asked for by the WebRTC SDK",
    "putUsersAlertingleader": "asked for by the streaming client",
}
"""Operations without a method, and who asks for them."""

ASKED_WITH_HEAD = {"headNotificationsChannel"}
"""Rows for GET whose method in the SDKs is HEAD, which every GET answers."""

NAMED_OTHERWISE_IN_PYTHON = {"getPresenceDefinitions0": "getPresenceDefinitions"}
"""Where the two SDKs disagree; ours is the JavaScript SDK's name."""

PLATFORM = [
    each
    for each in OPERATIONS
    if Dialect.PLATFORM in each.dialects and each.path.startswith(("/api/v2/", "/channels/"))
]


@pytest.fixture(scope="module")
def methods(node: Node) -> dict[str, tuple[str, str]]:
    """Every method of the JavaScript SDK: verb and path."""
    folder = node.modules / PACKAGE / "src" / PACKAGE / "api"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.js")))
    return {name: (verb, path) for name, path, verb in METHOD.findall(text)}


def test_the_methods_are_found(methods: dict[str, tuple[str, str]]) -> None:
    assert methods["getUsersMe"] == ("GET", "/api/v2/users/me")
    assert len(methods) > 3000


def test_every_operation_is_the_method_of_its_name(methods: dict[str, tuple[str, str]]) -> None:
    for each in PLATFORM:
        if each.id not in NOT_IN_THE_SDKS:
            verb = "HEAD" if each.id in ASKED_WITH_HEAD else each.method
            assert methods.get(each.id) == (verb, each.path), each.id
    assert not set(NOT_IN_THE_SDKS) & set(methods), "the SDK knows these by now"
    assert set(NOT_IN_THE_SDKS) <= {each.id for each in PLATFORM}


def test_the_python_sdk_has_the_same_methods(python_sdk: ModuleType) -> None:
    apis = [value for name, value in vars(python_sdk).items() if name.endswith("Api")]
    known = {name.replace("_", "").lower() for api in apis for name in vars(api)}
    missing = {
        each.id
        for each in PLATFORM
        if each.id not in NOT_IN_THE_SDKS
        and NAMED_OTHERWISE_IN_PYTHON.get(each.id, each.id).lower() not in known
    }
    assert not missing
