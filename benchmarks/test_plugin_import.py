"""What the plugin costs every run of pytest, used or not: a fresh interpreter that imports it.

Beside the floor, pytest alone, and a peer, pytest-httpserver.
"""

import resource
import subprocess
import sys
import time
from functools import partial

from benchmarks.peers.harness import ENVIRONMENT, Cost, Ratio, Turns

MODULES = {
    "offhook": "offhook.pytest_plugin",
    "pytest-httpserver": "pytest_httpserver.pytest_plugin",
    "pytest": "pytest",
}


def _import(module: str) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", f"import pytest, {module}"]
    subprocess.run(command, check=True, env=ENVIRONMENT)  # noqa: S603 - one of the table.
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def test_beside_pytest_and_a_peer(turns: Turns) -> None:
    costs = turns.play({name: partial(_import, module) for name, module in MODULES.items()})
    for name in ("offhook", "pytest-httpserver"):
        pairs = zip(costs[name], costs["pytest"], strict=True)
        ratio = Ratio.of([plugin.busy_s / alone.busy_s for plugin, alone in pairs])
        turns.tell(f"import pytest and {name}", f"{ratio} times pytest alone, by processor time")
