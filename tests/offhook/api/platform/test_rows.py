"""How rows of the platform dialect are written."""

from offhook.api.answer import empty_answer
from offhook.api.operation import Dialect
from offhook.api.platform.rows import ACCEPTED, path_id, refused, row
from offhook.api.schemas import ErrorBody


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
