"""The bench itself: where Node has to come from a wheel it is as good, and no host is named."""

import re
import subprocess
from pathlib import Path

from tests.sdk.node_bench import HERE, OLDEST_NODE, Driver, Node, wheel_node


def test_the_node_of_the_wheel_runs_the_sdk_and_brings_an_npm(node: Node, tmp_path: Path) -> None:
    found, npm, version = wheel_node()
    assert int(version.removeprefix("v").split(".")[0]) >= OLDEST_NODE
    asked = subprocess.run([*npm, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - found above.
    assert re.match(r"\d+\.", asked.stdout)
    driver = Driver([found, str(HERE / "driver.js")], env=node.environment(tmp_path))
    try:
        assert len(driver.get("client.generatePKCECodeVerifier", 128)) == 128
    finally:
        driver.close()


def test_the_lock_names_no_host_to_install_from() -> None:
    assert '"resolved"' not in (HERE / "package-lock.json").read_text(encoding="utf-8")
