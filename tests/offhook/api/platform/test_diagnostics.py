"""What clients tell of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform


@pytest.mark.parametrize("what", ["trace", "newrelic/insights"])
@pytest.mark.parametrize("body", [None, {"traces": []}, [1, 2]])
def test_everything_is_taken(platform: Platform, what: str, body: object) -> None:
    assert platform.ask(f"POST /api/v2/diagnostics/{what}", body) == (202, None)
