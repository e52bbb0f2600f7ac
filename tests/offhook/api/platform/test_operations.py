"""The rows of the platform dialect."""

from offhook.api.operation import Dialect
from offhook.api.platform.operations import OPERATIONS
from offhook.api.platform.rows import PLATFORM


def test_ids_are_unique_and_the_paths_the_platforms() -> None:
    ids = [row.id for row in OPERATIONS]
    assert len(ids) == len(set(ids))
    for row in OPERATIONS:
        assert Dialect.PLATFORM in row.dialects
        assert row.path.startswith(("/api/v2/", "/channels/")), row.path
        assert not row.path.startswith("/api/v2/webrtc"), "only the tutorial knows these"


def test_nothing_that_only_the_tutorial_knows_leaks_into_it() -> None:
    for row in OPERATIONS:
        names = {param.name.lower() for param in row.params}
        assert not names & {"if-match", "idempotency-key", "offhook-intent"}, row.id
        # `getUsersMe` is the tutorial's too, and keeps its scope: users.py says why.
        assert row.access.scope is None or row.dialects != PLATFORM, row.id
        headers = {name for outcome in row.outcomes.values() for name in outcome.headers}
        assert "ETag" not in headers, row.id


def test_both_dialects_have_one_operation_in_common() -> None:
    assert [row.id for row in OPERATIONS if row.dialects != PLATFORM] == ["getUsersMe"]
