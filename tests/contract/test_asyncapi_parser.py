"""The document of the sockets, read by AsyncAPI's own parser, which knows more than its schema."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from offhook.api import asyncapi
from offhook.api.operation import Dialect
from offhook_scenarios.adapters.node import Node, NoNodeError, install

HERE = Path(__file__).with_name("node")
ERROR = 0
"""The parser's severities begin with the worst."""


@pytest.fixture(scope="module")
def node() -> Node:
    try:
        return install(desk=HERE)
    except NoNodeError as error:
        pytest.skip(f"AsyncAPI's parser cannot be had: {error}")


def errors(document: dict[str, Any], node: Node) -> list[str]:
    """What the parser finds wrong."""
    ran = subprocess.run(  # noqa: S603 - a Node that was found, our own script.
        [node.node, str(HERE / "check.js")],
        input=json.dumps(document),
        env=node.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told = json.loads(ran.stdout)
    wrong = [each["message"] for each in told["diagnostics"] if each["severity"] == ERROR]
    assert told["read"] or wrong
    return wrong


@pytest.mark.parametrize(
    "dialects",
    [frozenset(Dialect), frozenset({Dialect.TUTORIAL}), frozenset({Dialect.PLATFORM})],
    ids=["both", "tutorial", "platform"],
)
def test_asyncapis_own_parser_reads_the_document(dialects: frozenset[Dialect], node: Node) -> None:
    assert errors(asyncapi.document(dialects, title="Offhook", version="1.2.3"), node) == []


def test_it_notices_a_message_that_is_not_there(node: Node) -> None:
    document = json.loads(json.dumps(asyncapi.document(Dialect, title="Offhook", version="1.2.3")))
    name = next(iter(document["components"]["messages"]))
    del document["components"]["messages"][name]
    assert any(name in told for told in errors(document, node))
