"""A desk of the agent on the platform dialect, beside a mock whose every part can be reached."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from msgspec import structs

from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.views import ConversationView
from offhook.faults.kinds import PushDropFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import MockServer
from offhook_client.aio import Account
from offhook_client.models import Belief, Gate, Shown
from offhook_client.platform.desk import PlatformDesk
from offhook_client.platform.pace import Pace
from offhook_client.tokens import Grant

QUICK = Pace(ping_s=0.05, pong_s=0.5, patience_s=0.05, audit_s=3600.0, renewal_s=3600.0)
"""Without audits: what is found is found by the rule under test."""

WAIT_S = 20.0
"""Only a broken test waits so long."""


class Floor:
    """A mock, a desk, and what a test does to them."""

    def __init__(self, server: MockServer, account: Account, **options: Any) -> None:
        self.server = server
        self.decisions = account.decisions
        self._news = asyncio.Event()
        self.decisions._notify = lambda _: self._news.set()
        self.desk = desk = PlatformDesk(account.caller, **options)
        self.beliefs: list[Belief] = []
        self.lies: list[str] = []
        desk.on_change(self._watch)

    def _watch(self, belief: Belief) -> None:
        self.beliefs.append(belief)
        if belief.gate is Gate.OPEN and belief.desired is not False:
            self.lies.append(f"open while {belief.desired} is desired")

    @property
    def user_id(self) -> str:
        user = self.server.org.find_user("agent")
        assert user is not None
        return user.id

    def begin(self, **fields: Any) -> ConversationView:
        """A call begins at the agent's softphone."""
        return self.server.receive(StartCall(user_id=self.user_id, **fields))

    async def live(self) -> ConversationView:
        """A live call, and a desk that shows it so."""
        call = self.begin()
        await self.desk.start()
        await self.shows(Shown.LIVE)
        return call

    def change(self, call: ConversationView, **fields: Any) -> None:
        """Other hands change a call: another tab with `actor`, else control."""
        self.server.receive(ChangeCall(conversation_id=call.id, **fields))

    def other_tab(self, call: ConversationView, *, muted: bool) -> None:
        self.change(call, muted=muted, actor=self.user_id)

    def muted(self, call: ConversationView) -> bool:
        """What is true."""
        view = self.server.org.conversation(call.id)
        assert view is not None
        return view.legs[0].muted

    def fault(self, operation: str, kind: Any, *, skip: int = 0, times: int | None = 1) -> None:
        spec = RuleSpec(match=Match(operation=operation), fault=kind, skip=skip, times=times)
        self.server.faults.add(spec, id=f"{operation}-{len(self.server.faults.rules())}")

    def deafen(self) -> None:
        """From now on no event about a call comes through."""
        self.fault("conversations.calls", PushDropFault(), times=None)

    def bitten(self) -> bool:
        """There are faults, and each has bitten."""
        rules = self.server.faults.rules()
        return bool(rules) and all(rule.bites > 0 for rule in rules)

    def asked(self, operation: str) -> int:
        """How often this operation was asked for."""
        return len(self.server.org.journal.entries(kind="exchange", operation=operation))

    async def until(self, wanted: Callable[[Belief], object]) -> Belief:
        """The first belief, from now on, that is as wanted."""
        async with asyncio.timeout(WAIT_S):
            async for belief in self.desk.beliefs():
                if wanted(belief):
                    return belief
        raise AssertionError("the desk was closed")

    async def shows(self, shown: Shown) -> Belief:
        return await self.until(lambda belief: belief.shown is shown)

    async def noted(self, reason: str, *, times: int = 1) -> None:
        """The desk has decided something for this reason, so often."""
        async with asyncio.timeout(WAIT_S):
            while sum(each.reason == reason for each in self.decisions.entries()) < times:
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def pace() -> Pace:
    """The desk's times, for tests to change."""
    return QUICK


@pytest.fixture
def hurried() -> Pace:
    """With an audit all the time."""
    return structs.replace(QUICK, audit_s=0.02)


Open = Callable[..., Awaitable[Floor]]


@pytest.fixture
async def floor_of(serve: Any, login: Any) -> AsyncIterator[Open]:
    """Makes floors with these policies; no desk on any may have lied about its gate."""
    floors: list[Floor] = []

    async def make(
        *,
        pace: Pace = QUICK,
        grant: Grant | None = None,
        muted: bool | None = None,
        **policies: Any,
    ) -> Floor:
        server = serve(**policies)
        await server.start()
        account = login(server, grant)
        await account.start()
        floors.append(Floor(server, account, muted=muted, pace=pace))
        return floors[-1]

    yield make
    for each in floors:
        await each.desk.close()
        assert each.lies == []


@pytest.fixture
async def floor(floor_of: Open) -> Floor:
    """A floor whose desk has not started yet."""
    return await floor_of()
