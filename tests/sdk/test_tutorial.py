"""The tutorial's JavaScript runs: on Node from a file, in a browser from the mock itself."""

import json
import subprocess
from pathlib import Path

import httpx
from tests.sdk.control import Control
from tests.sdk.node_bench import HERE

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


def test_the_example_runs_on_node(
    server: ThreadedServer, control: Control, node: Node, tmp_path: Path
) -> None:
    control.policies(allow_password_grant=True)
    module = tmp_path / "tutorial.mjs"
    module.write_bytes(httpx.get(f"{server.control_url}/tutorial.mjs").content)
    ran = subprocess.run(  # noqa: S603 - a script of ours.
        [node.node, str(HERE / "tutorial_example.mjs"), str(module), server.url],
        env=node.environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == {
        "heard": [True, False],
        "statuses": [204, 204],
        "between": True,
        "after": False,
        "refused": {"name": "ApiError", "status": 404, "told": True},
    }
    assert server.devices() == () or server.devices()[0].status.value in (
        "terminating",
        "terminated",
    )
