"""A desk on the platform dialect: a mock on a manual clock, a session, a channel to listen on."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest

import offhook
from offhook.domain.inputs import Input


class PlatformDesk:
    """What the tests of the platform dialect hold in their hands."""

    def __init__(self, mock: offhook.MockServer, session: aiohttp.ClientSession) -> None:
        self.mock = mock
        self.session = session
        self.tokens: dict[str, str] = {}
        self.ws: aiohttp.ClientWebSocketResponse | None = None

    def user_id(self, name: str = "agent") -> str:
        user = self.mock.org.find_user(name)
        assert user is not None
        return user.id

    def receive(self, item: Input[Any]) -> Any:
        return self.mock.receive(item)

    async def ask(
        self, method: str, path: str, body: object = None, *, user: str | None = "agent"
    ) -> tuple[int, Any]:
        """Status and decoded body; `user` None asks with a token of client credentials."""
        key = user or ""
        if key not in self.tokens:
            self.tokens[key] = self.mock.token(user) if user else await self._service_token()
        headers = {"Authorization": f"Bearer {self.tokens[key]}"}
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        async with self.session.request(method, path, data=data, headers=headers) as answer:
            text = await answer.read()
            return answer.status, msgspec.json.decode(text) if text else None

    async def _service_token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": "offhook-server",
            "client_secret": "offhook-secret",
        }
        async with self.session.post("/oauth/token", data=form) as answer:
            token = (await answer.json())["access_token"]
        assert isinstance(token, str)
        return token

    async def listen(self, *suffixes: str) -> aiohttp.ClientWebSocketResponse:
        """A channel's socket, subscribed to the agent's topics."""
        _, channel = await self.ask("POST", "/api/v2/notifications/channels")
        path = f"/api/v2/notifications/channels/{channel['id']}/subscriptions"
        topic = f"v2.users.{self.user_id()}?{'&'.join(suffixes)}"
        status, _ = await self.ask("PUT", path, [{"id": topic}])
        assert status == 200
        self.ws = await self.session.ws_connect(channel["connectUri"])
        return self.ws


@pytest.fixture
async def desk() -> AsyncIterator[PlatformDesk]:
    async with (
        offhook.MockServer(seed=1, clock=offhook.ManualClock()) as mock,
        aiohttp.ClientSession(mock.url) as session,
    ):
        made = PlatformDesk(mock, session)
        yield made
        if made.ws is not None:
            await made.ws.close()
