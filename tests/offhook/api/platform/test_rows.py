"""How rows of the platform dialect are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook.api.answer import empty_answer
from offhook.api.operation import Dialect
from offhook.api.platform.rows import ACCEPTED, path_id, refused, row
from offhook.api.schemas import ErrorBody

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform


def test_a_row_is_the_platforms_alone_and_wants_a_token() -> None:
    made = row("x", "GET /api/v2/x/{id}", "An x.", lambda _: empty_answer(202), outcomes={})
    assert (made.method, made.path) == ("GET", "/api/v2/x/{id}")
    assert made.dialects == {Dialect.PLATFORM}
    assert not made.access.public
    assert made.access.scope is made.access.permission is None


def test_commands_are_accepted_with_nothing_and_refusals_have_the_error_body() -> None:
    assert ACCEPTED.body is None
    assert refused("no").body is ErrorBody
    assert path_id("id", "It.").required


@pytest.mark.parametrize(
    ("asker", "may_look", "may_act"), [("agent", 200, 200), ("second", 200, 403), (None, 200, 200)]
)
def test_everybody_may_look_at_a_user_and_few_may_act_for_one(
    platform: Platform, asker: str | None, may_look: int, may_act: int
) -> None:
    path = f"/api/v2/users/{platform.id('agent')}/presences/purecloud"
    assert platform.ask(f"GET {path}", user=asker)[0] == may_look
    assert platform.ask(f"PATCH {path}", {"message": "x"}, user=asker)[0] == may_act
