"""Whether the mock is there."""

from collections.abc import Callable
from typing import Any

import offhook


def test_the_mock_tells_that_it_is_there_and_which_it_is(ask: Callable[..., Any]) -> None:
    assert ask("GET", "/health") == {
        "status": "ok",
        "version": offhook.__version__,
        "org": "Offhook",
    }
