"""Whatever happens: the gate is never open while muted is desired, and the last wish is kept."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhook.domain.channel_inputs import AnnounceClosing
from offhook.domain.errors import DomainError
from offhook.domain.inputs import ChangeCall, DropSockets, StartCall
from offhook.faults.kinds import AbortFault, PushDropFault, PushHoldFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.policies import Policies
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_client.aio import Account
from offhook_client.models import Gate, Shown
from offhook_client.options import Options
from offhook_client.platform.desk import PlatformDesk
from offhook_client.platform.pace import Pace
from offhook_client.tokens import CodeGrant

QUICK = Options(
    backoff_base_s=0.005,
    backoff_cap_s=0.02,
    reconnect_first_s=0.005,
    reconnect_cap_s=0.02,
    restart_spread_s=0.01,
    close_timeout_s=0.2,
    budget_floor_per_s=100.0,
)
PACE = Pace(ping_s=0.05, pong_s=1.0, patience_s=0.02, audit_s=0.05)
EVENT = "conversations.calls"
PATCH = "patchConversationsCallParticipant"
READ = "getConversationsCalls"


class Walk:
    """A desk, its mock, and what may happen to them."""

    def __init__(self, server: MockServer, account: Account) -> None:
        self.server = server
        self.desk = PlatformDesk(account.caller, microphone=self._move, pace=PACE)
        self.wanted = False
        self.broken = ""
        self.actions: dict[str, Callable[[], object]] = {
            "mute": lambda: self.want(muted=True),
            "unmute": lambda: self.want(muted=False),
            "another mutes": lambda: self._other(muted=True),
            "another unmutes": lambda: self._other(muted=False),
            "a call begins": self._begin,
            "a call ends": lambda: self._change(state="ended"),
            "the socket breaks": lambda: server.receive(DropSockets(device_id=None, code=1006)),
            "maintenance": lambda: server.receive(AnnounceClosing(channel_id=None)),
            "an event is lost": lambda: self._fault(EVENT, PushDropFault()),
            "an event is held": lambda: self._fault(EVENT, PushHoldFault(frames=2)),
            "a request is lost": lambda: self._fault(PATCH, AbortFault(when=When.BEFORE)),
            "an answer is lost": lambda: self._fault(PATCH, AbortFault(when=When.AFTER)),
            "202 and nothing": lambda: self._fault(PATCH, ReplyFault(status=202, body="")),
            "a token is refused": lambda: self._fault(READ, ReplyFault(status=401)),
            "a read fails": lambda: self._fault(READ, ReplyFault(status=503)),
        }

    def _move(self, gate: Gate) -> None:
        if gate is Gate.OPEN and self.wanted:
            self.broken = "the gate was opened while muted was desired"

    def want(self, *, muted: bool) -> None:
        self.wanted = muted
        self.desk.want(muted=muted)
        if muted and self.desk.gate is Gate.OPEN:
            self.broken = "the gate was still open after the click"

    def calls(self) -> list[str]:
        views = self.server.org.conversations()
        return [each.id for each in views if each.legs[0].state == "connected"]

    def _begin(self) -> None:
        user = self.server.org.find_user("agent")
        assert user is not None
        self.server.receive(StartCall(user_id=user.id))

    def _other(self, *, muted: bool) -> None:
        self._change(muted=muted)

    def _change(self, **fields: Any) -> None:
        calls = self.calls()
        if calls:
            with contextlib.suppress(DomainError):
                self.server.receive(ChangeCall(conversation_id=calls[-1], **fields))

    def _fault(self, operation: str, fault: Any) -> None:
        spec = RuleSpec(match=Match(operation=operation), fault=fault)
        self.server.faults.add(spec, id=f"rule-{len(self.server.faults.rules())}")


async def walk(names: list[str], pauses: list[int]) -> None:
    policies = Policies().changed({"connect_delay_s": 0.0, "rate_per_token": 100_000})
    policies = policies.changed({"rate_per_user_and_client": 100_000})
    made = type(DEFAULT)(users=DEFAULT.users, clients=DEFAULT.clients, policies=policies)
    async with (
        MockServer(made, seed=3) as server,
        Account(
            server.url, CodeGrant(login_hint="agent"), options=QUICK, rng=random.Random(1)
        ) as account,
    ):
        steps = Walk(server, account)
        assert set(steps.actions) == set(NAMES)
        steps.actions["a call begins"]()
        async with steps.desk as desk:
            for name, pause in zip(names, pauses, strict=False):
                steps.actions[name]()
                for _ in range(pause):
                    await asyncio.sleep(0)
            server.faults.clear()
            steps.wanted = True
            await desk.set_mute(muted=True, deadline_s=20.0)
            shown = Shown.MUTED if steps.calls() else Shown.UNKNOWN
            async with asyncio.timeout(20.0):
                async for belief in desk.beliefs():
                    if belief.shown is shown and set(desk.calls) == set(steps.calls()):
                        break
            views = [server.org.conversation(each) for each in steps.calls()]
            assert all(view is not None and view.legs[0].muted for view in views)
            assert desk.gate is Gate.CUT
        assert steps.broken == ""
        assert server.errors == ()


NAMES = [
    "mute",
    "unmute",
    "another mutes",
    "another unmutes",
    "a call begins",
    "a call ends",
    "the socket breaks",
    "maintenance",
    "an event is lost",
    "an event is held",
    "a request is lost",
    "an answer is lost",
    "202 and nothing",
    "a token is refused",
    "a read fails",
]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(NAMES), min_size=3, max_size=14),
    st.lists(st.integers(0, 40), min_size=14, max_size=14),
)
def test_whatever_happens_the_last_mute_is_carried_out_and_the_gate_never_lies(
    names: list[str], pauses: list[int]
) -> None:
    asyncio.run(walk(names, pauses))
