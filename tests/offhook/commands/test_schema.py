"""`offhook schema`."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from offhook.commands.schema import schema
from offhook.server import OPERATIONS


def document(*words: str, env: dict[str, str] | None = None) -> Any:
    told = CliRunner(env=env).invoke(schema, list(words))
    assert told.exit_code == 0
    return json.loads(told.output)


@pytest.mark.parametrize(
    "words",
    [
        ["openapi"],
        ["openapi", "--dialect", "tutorial"],
        ["openapi", "--dialect", "platform"],
        ["control"],
    ],
)
def test_every_document_is_valid_openapi(words: list[str]) -> None:
    printed = document(*words)
    assert printed["openapi"].startswith("3.1")
    validate(printed)


def test_a_dialect_leaves_out_the_paths_of_the_other() -> None:
    mute = "/api/v2/webrtc/clients/{clientId}/mute"
    assert mute in document("openapi")["paths"]
    assert mute in document("openapi", "--dialect", "tutorial")["paths"]
    assert mute not in document("openapi", "--dialect", "platform")["paths"]
    assert mute not in document("openapi", env={"OFFHOOK_DIALECT": "platform"})["paths"]


def test_the_command_prints_every_operation_that_the_server_serves() -> None:
    printed = {
        operation["operationId"]
        for paths in (document("openapi")["paths"], document("control")["paths"])
        for path in paths.values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert printed == {operation.id for operation in OPERATIONS}


def test_oauth_belongs_to_every_dialect_and_control_to_none() -> None:
    for dialect in ("both", "platform", "tutorial"):
        paths = document("openapi", "--dialect", dialect)["paths"]
        assert "/oauth/token" in paths
        assert not any(path.startswith("/_offhook") for path in paths)
    assert all(path.startswith("/_offhook/v1/") for path in document("control")["paths"])


def test_an_unknown_dialect_is_a_usage_error() -> None:
    assert CliRunner().invoke(schema, ["openapi", "--dialect", "latin"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ([], ["deviceEvents", "notifications"]),
        (["--dialect", "tutorial"], ["deviceEvents"]),
        (["--dialect", "platform"], ["notifications"]),
    ],
)
def test_the_sockets_are_printed_as_asyncapi(words: list[str], channels: list[str]) -> None:
    printed = document("asyncapi", *words)
    assert printed["asyncapi"] == "3.0.0"
    assert list(printed["channels"]) == channels
