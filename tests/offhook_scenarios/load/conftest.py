"""A mock that limits nobody, and what it saw."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping

import msgspec
import pytest

from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_scenarios.load import user

PLENTY = 1_000_000_000


class Mock:
    """A server, and its requests by operation: counted, because a journal forgets."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.url = server.url
        self.seen = Counter[str]()
        server.org.journal.follow(self._note)

    async def saw(self, count: int, operation: str | None = None) -> None:
        """Wait until so many requests have come, of one operation or of all."""
        async with asyncio.timeout(30):
            while (self.seen[operation] if operation else self.seen.total()) < count:  # noqa: ASYNC110 - a count has no event.
                await asyncio.sleep(0.005)

    def _note(self, kind: str, _at: float, facts: Mapping[str, object]) -> None:
        if kind == "exchange" and not str(facts["path"]).startswith("/_offhook/"):
            self.seen[str(facts["operation"])] += 1


@pytest.fixture
async def mock(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mock]:
    """On the test's own loop. Its devices are connected at once, and no user waits for that."""
    monkeypatch.setattr(user, "_SETTLE_S", 0.0)
    limits = ("rate_per_token", "rate_per_user", "rate_per_user_and_client")
    policies = DEFAULT.policies.changed({"connect_delay_s": 0, **dict.fromkeys(limits, PLENTY)})
    settings = msgspec.structs.replace(DEFAULT, policies=policies)
    async with MockServer(settings, seed=1) as server:
        yield Mock(server)
