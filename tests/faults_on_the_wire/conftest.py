"""A plain client over real sockets. It knows the mock by HTTP alone, faults and clock included."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from offhook import DEFAULT, ManualClock, MockServer, OrgSettings, Policies
from offhook.policies import MuteAnswer

ASKED_MAX = 500
"""How often the control API is asked whether something has happened."""


class Desk:
    """One user's device, and what a tester does around it."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http
        self.token = ""
        self.token_id = ""
        self.client_id = ""

    async def open(self, user: str = "agent") -> None:
        """Mint a token, open the device, wait until it is connected."""
        minted = await self.control("POST", "/tokens", {"user": user})
        self.token, self.token_id = minted["accessToken"], minted["id"]
        async with self.get("/api/v2/webrtc/clients/me") as answer:
            self.client_id = (await answer.json())["id"]
        await self.advance(1)

    async def control(self, method: str, path: str, body: object = None) -> Any:
        """One request to the control API."""
        address = f"{self.url}/_offhook/v1{path}"
        async with self.http.request(method, address, json=body) as answer:
            text = await answer.text()
            assert answer.status < 300, text
            return json.loads(text) if text else None

    async def fault(self, kind: str, /, operation: str | None = None, **more: Any) -> str:
        """Create a rule; `skip`, `times` and `match` are the rule's, the rest is the fault's."""
        match = {"operation": operation, **more.pop("match", {})}
        often: dict[str, Any] = {name: more.pop(name) for name in ("skip", "times") if name in more}
        rule: dict[str, Any] = {"match": match, "fault": {"kind": kind, **more}, **often}
        return str((await self.control("POST", "/faults", rule))["id"])

    async def bites(self, rule_id: str) -> int:
        """How often a rule was carried out."""
        return int((await self.control("GET", f"/faults/{rule_id}"))["bites"])

    async def decided(self, rule_id: str) -> None:
        """Until the rule has decided about something: the request is at the server."""
        for _ in range(ASKED_MAX):
            if (await self.control("GET", f"/faults/{rule_id}"))["decidedAt"] is not None:
                return
        raise AssertionError("the rule never decided about anything")

    async def bitten(self, rule_id: str) -> None:
        """Until the rule was carried out."""
        for _ in range(ASKED_MAX):
            if await self.bites(rule_id):
                return
        raise AssertionError("the rule never bit")

    async def advance(self, seconds: float) -> None:
        """Move the mock's clock."""
        await self.control("POST", "/clock/advance", {"seconds": seconds})

    async def muted(self) -> bool:
        """Whether the mute took effect, by the mock's own state."""
        state = await self.control("GET", "/state")
        return next(bool(it["muted"]) for it in state["devices"] if it["id"] == self.client_id)

    @property
    def headers(self) -> dict[str, str]:
        """The credentials of every request."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> Any:
        """A request to read."""
        return self.http.get(self.url + path, headers=self.headers)

    async def mute(self, muted: bool = True) -> tuple[int, Any, Any]:  # noqa: FBT001, FBT002 - the wish itself.
        """Ask for a mute: status, headers, body."""
        path = f"{self.url}/api/v2/webrtc/clients/{self.client_id}/mute"
        async with self.http.post(path, headers=self.headers, json={"muted": muted}) as answer:
            return answer.status, answer.headers, await answer.text()

    async def listen(self) -> aiohttp.ClientWebSocketResponse:
        """An event socket of the device, its first frame read."""
        path = f"{self.url}/api/v2/webrtc/clients/{self.client_id}/events?role=device"
        ws = await self.http.ws_connect(path, headers=self.headers, autoping=False)
        assert (await ws.receive_json())["type"] == "subscribed"
        return ws


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The agent's desk. Mutes are answered with a body, so that answers can be cut."""
    policies = Policies(mute_answer=MuteAnswer.MINIMAL, heartbeat_s=3600)
    settings = OrgSettings(users=DEFAULT.users, clients=DEFAULT.clients, policies=policies)
    async with (
        MockServer(settings, seed=1, clock=ManualClock()) as server,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http,
    ):
        desk = Desk(server.url, http)
        await desk.open()
        yield desk
        assert not server.errors
