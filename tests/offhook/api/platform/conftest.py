"""Two desks on the platform dialect.

`desk` is a mock on a manual clock, a session, a channel to listen on; `platform` is the core
alone, requests in, status and JSON out.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest

import offhook
from offhook.api import oauth
from offhook.api.operation import Dialect
from offhook.api.platform.operations import OPERATIONS
from offhook.domain.directory import Directory
from offhook.domain.inputs import Input

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk


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


class Platform:
    """The platform as one user after the other sees it. `None` is a service token."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._bearers: dict[str | None, str] = {}

    @property
    def directory(self) -> Directory:
        return self.desk.tenancy.org.directory

    def id(self, user: str = "agent") -> str:
        """The id of a user."""
        found = self.desk.tenancy.org.find_user(user)
        assert found is not None
        return found.id

    def bearer(self, user: str | None = "agent") -> str:
        """The header of a token that the user keeps."""
        if user not in self._bearers:
            self._bearers[user] = self.desk.bearer(user)
        return self._bearers[user]

    def ask(
        self, place: str, body: object = None, *, user: str | None = "agent"
    ) -> tuple[int, Any]:
        """`place` is method, path and query; returns the status and the body, None when empty."""
        method, _, target = place.partition(" ")
        path, _, query = target.partition("?")
        answer = self.desk.ask(
            method,
            path,
            query=query,
            body=b"" if body is None else json.dumps(body).encode(),
            headers={"Authorization": self.bearer(user), "Content-Type": "application/json"},
        )
        return answer.status, json.loads(answer.body) if answer.body else None

    def get(self, target: str, *, user: str | None = "agent") -> Any:
        """What a GET that must succeed reads."""
        status, body = self.ask(f"GET {target}", user=user)
        assert status == 200, body
        return body

    def refused(
        self, place: str, body: object = None, *, user: str | None = "agent"
    ) -> tuple[int, str]:
        """Status and code of a refusal."""
        status, answer = self.ask(place, body, user=user)
        return status, answer["code"]


@pytest.fixture
def platform(make_desk: type[Desk]) -> Platform:
    return Platform(
        make_desk((*OPERATIONS, *oauth.OPERATIONS), dialects=frozenset({Dialect.PLATFORM}))
    )
