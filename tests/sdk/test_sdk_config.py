"""The lines that `offhook sdk-config` prints point the real SDKs at a mock, as they stand."""

import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner
from tests.sdk.control import Control
from tests.sdk.python_bench import Desktop

from offhook.commands.sdk_config import sdk_config
from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


def printed(language: str, url: str) -> str:
    """What a person copies."""
    result = CliRunner().invoke(sdk_config, [language, "--url", url])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_lines_for_python_log_in(
    server: ThreadedServer,
    control: Control,
    python_sdk: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(python_sdk.configuration, "host", python_sdk.configuration.host)
    names: dict[str, object] = {}
    exec(printed("python", server.url), names)  # noqa: S102 - lines of ours, as a user pastes them.
    made = Desktop(python_sdk, names["client"])
    assert made.api("OrganizationApi").get_organizations_me().name
    assert control.statuses("postOauthToken") == [200]
    made.close()


def test_the_lines_for_javascript_log_in(
    server: ThreadedServer, control: Control, node: Node, tmp_path: Path
) -> None:
    script = tmp_path / "lines.js"
    script.write_text(
        printed("javascript", server.url)
        + "login.then(() => new platformClient.OrganizationApi().getOrganizationsMe())"
        + ".then((organization) => console.log(organization.name));\n",
        encoding="utf-8",
    )
    ran = subprocess.run(  # noqa: S603 - a script of ours.
        [node.node, str(script)],
        env=node.environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == server.state()["name"]
    assert control.statuses("postOauthToken") == [200]
