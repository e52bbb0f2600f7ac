"""The packages of the desk in Node, installed once for all tests, in a folder git ignores."""

from pathlib import Path

import pytest

from offhook_scenarios.adapters.node import Node, install

INSTALLED = Path(__file__).resolve().parents[1] / "sdk" / "node" / "installed"


@pytest.fixture(scope="session")
def node() -> Node:
    """A Node with the official JavaScript SDK."""
    return install(INSTALLED)
