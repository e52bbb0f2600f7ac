"""The lines of `offhook sdk-config` do what they say, in the SDKs themselves."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from tests.sdk import python_bench

from offhook.commands.sdk_config import sdk_config
from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


def lines(sdk: str, server: ThreadedServer) -> str:
    told = CliRunner().invoke(sdk_config, [sdk, "--url", server.url])
    assert told.exit_code == 0
    return told.output


@pytest.fixture
def pasted(server: ThreadedServer, python_sdk: ModuleType) -> Iterator[dict[str, Any]]:
    """The names that the Python lines leave behind; the SDK's own setting is put back."""
    before = python_sdk.configuration.host
    space: dict[str, Any] = {}
    exec(lines("python", server), space)  # noqa: S102 - our own lines.
    yield space
    python_sdk.configuration.host = before
    python_bench.Desktop(python_sdk, space["client"]).close()


def test_the_python_lines_log_in_and_reach_the_mock(
    server: ThreadedServer, python_sdk: ModuleType, pasted: dict[str, Any]
) -> None:
    client = pasted["client"]
    assert client.access_token
    client.access_token = server.token("agent")
    assert python_sdk.UsersApi(client).get_users_me().name == "Ada Agent"


def test_the_javascript_lines_log_in_and_reach_the_mock(
    server: ThreadedServer, node: Node, tmp_path: Path
) -> None:
    script = tmp_path / "pasted.js"
    script.write_text(
        lines("javascript", server)
        + f"""
login.then(() => client.setAccessToken({server.token("agent")!r}))
  .then(() => new platformClient.UsersApi().getUsersMe())
  .then((me) => {{ console.log(me.name); process.exit(0); }});
""",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603 - a script of ours.
        [node.node, str(script)],
        env=node.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("Ada Agent\n", 0), done.stderr
    assert [entry.facts["status"] for entry in server.journal(operation="postOauthToken")] == [200]
