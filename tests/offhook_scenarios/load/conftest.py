"""A mock that limits nobody, and what it saw."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping

import msgspec
import pytest

from offhook.server import MockServer
from offhook.settings import DEFAULT

PLENTY = 1_000_000_000


class Mock:
    """A server, and its requests by operation: counted, because a journal forgets."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.url = server.url
        self.seen = Counter[str]()
        server.org.journal.follow(self._note)

    def _note(self, kind: str, _at: float, facts: Mapping[str, object]) -> None:
        if kind == "exchange" and not str(facts["path"]).startswith("/_offhook/"):
            self.seen[str(facts["operation"])] += 1


@pytest.fixture
async def mock() -> AsyncIterator[Mock]:
    """On the test's own loop."""
    policies = DEFAULT.policies.changed(
        {"rate_per_token": PLENTY, "rate_per_user": PLENTY, "rate_per_user_and_client": PLENTY}
    )
    settings = msgspec.structs.replace(DEFAULT, policies=policies)
    async with MockServer(settings, seed=1) as server:
        yield Mock(server)
