"""Why a request was refused."""

from collections.abc import Callable
from typing import Any

Ask = Callable[..., Any]


def test_a_refusal_is_explained_by_its_context(ask: Ask) -> None:
    refusal = ask("GET", "/api/v2/users/me", status=401)
    why = ask("GET", f"/why/{refusal['contextId']}")
    assert "getUsersMe" in str(why)
    assert "401" in str(why)


def test_what_was_not_refused_has_no_explanation(ask: Ask) -> None:
    assert "nothing" in ask("GET", "/why/nothing", status=404)["message"]
