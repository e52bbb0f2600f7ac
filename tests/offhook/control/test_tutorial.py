"""The module of the tutorial's names, as it is served; tests/sdk/test_tutorial.py runs it."""

from typing import Any

import pytest
from tests.offhook.control.conftest import ask_raw

from offhook.control.tutorial import MODULE


def test_it_is_served_as_javascript(tenancy: Any) -> None:
    answer = ask_raw(tenancy, "GET", "/tutorial.mjs", b"")
    assert answer.status == 200
    assert ("Content-Type", "text/javascript; charset=utf-8") in answer.headers
    assert answer.body == MODULE


@pytest.mark.parametrize("name", ["PlatformClient", "AuthClient", "WebRtcApi", "WebRtcClient"])
def test_it_exports_the_tutorials_names(name: str) -> None:
    assert any(
        f"export {kind} {name}".encode() in MODULE for kind in ("class", "const", "function")
    )
