"""The desk on the JavaScript SDK: what it shows, and when it is wrong."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from offhook.domain.inputs import ForceMute, OpenDevice, StartCall
from offhook.faults.kinds import PushCloseFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_scenarios.adapters.adapter import Belief, Config, Gate, Shown
from offhook_scenarios.adapters.javascript import JavascriptDesk
from offhook_scenarios.adapters.node import Node
from offhook_scenarios.adapters.remote import StartRefusedError

AT_ONCE = msgspec.structs.replace(
    DEFAULT, policies=DEFAULT.policies.changed({"connect_delay_s": 0})
)
SOCKET = "getChannelSocket"
PATCH = "patchConversationsCallParticipant"


class Watch:
    """What the desk tells, and a wait for a belief."""

    def __init__(self) -> None:
        self.told: list[Shown] = []
        self._news = asyncio.Event()

    def __call__(self, belief: Belief) -> None:
        assert belief.gate is Gate.UNKNOWN
        self.told.append(belief.shown)
        self._news.set()

    async def until(self, shown: Shown) -> None:
        async with asyncio.timeout(20):
            while not self.told or self.told[-1] is not shown:
                self._news.clear()
                await self._news.wait()


class Bench:
    """A mock with a call on Ada's device, and the desk before it."""

    def __init__(self, server: MockServer, desk: JavascriptDesk) -> None:
        self.server = server
        self.desk = desk
        self.watch = Watch()
        agent = server.org.find_user("agent")
        assert agent is not None
        self.device_id = server.receive(OpenDevice(user_id=agent.id, name="default")).id
        server.receive(StartCall(device_id=self.device_id))

    async def start(self) -> None:
        await self.desk.start(Config(api=self.server.url), self.watch)

    async def reconnected(self) -> None:
        """Wait until the desk has a second socket."""
        journal = self.server.org.journal
        async with asyncio.timeout(20):
            while len(journal.entries(kind="exchange", operation=SOCKET)) < 2:  # noqa: ASYNC110 - as below.
                await asyncio.sleep(0.01)  # A handshake changes nothing that could be awaited.

    def fault(self, operation: str, fault: ReplyFault | PushCloseFault) -> None:
        spec = RuleSpec(match=Match(operation=operation), fault=fault)
        self.server.faults.add(spec, id=operation)

    @property
    def muted(self) -> bool:
        device = self.server.org.device(self.device_id)
        assert device is not None
        return device.muted


@pytest.fixture
async def bench(node: Node) -> AsyncIterator[Bench]:
    desk = JavascriptDesk(node)
    async with MockServer(AT_ONCE) as server:
        try:
            yield Bench(server, desk)
        finally:
            await desk.stop()
        assert not server.errors


async def test_it_shows_the_call_that_is_there_and_mutes_it(bench: Bench) -> None:
    await bench.start()
    assert bench.watch.told == [Shown.LIVE]
    await bench.desk.set_mute(True)
    assert bench.muted
    assert (await bench.desk.observe()).shown is Shown.MUTED
    assert bench.watch.told == [Shown.LIVE, Shown.MUTED]


async def test_it_follows_the_event_of_a_supervisor(bench: Bench) -> None:
    await bench.start()
    bench.server.receive(ForceMute(device_id=bench.device_id, muted=True, actor=None))
    await bench.watch.until(Shown.MUTED)


async def test_an_error_leaves_the_screen_as_it_was(bench: Bench) -> None:
    await bench.start()
    bench.fault(PATCH, ReplyFault(status=429, retry_after_s=1))
    await bench.desk.set_mute(True)
    assert (await bench.desk.observe()).shown is Shown.LIVE
    assert not bench.muted


async def test_without_a_call_it_knows_nothing_and_says_so(node: Node) -> None:
    desk, watch = JavascriptDesk(node), Watch()
    async with MockServer(AT_ONCE) as server:
        await desk.start(Config(api=server.url), watch)
        await desk.set_mute(True)
        assert (await desk.observe()).shown is Shown.UNKNOWN
        await desk.stop()
    assert watch.told == []


async def test_what_happens_while_its_socket_is_gone_it_never_learns(bench: Bench) -> None:
    await bench.start()
    bench.fault("conversations.calls", PushCloseFault(code=1001))
    bench.server.receive(ForceMute(device_id=bench.device_id, muted=True, actor=None))
    await bench.reconnected()
    assert (await bench.desk.observe()).shown is Shown.LIVE
    assert bench.muted
    bench.server.receive(ForceMute(device_id=bench.device_id, muted=False, actor=None))
    bench.server.receive(ForceMute(device_id=bench.device_id, muted=True, actor=None))
    await bench.watch.until(Shown.MUTED)


async def test_a_failed_login_is_the_desks_own_words(node: Node) -> None:
    desk = JavascriptDesk(node)
    async with MockServer(AT_ONCE) as server:
        with pytest.raises(StartRefusedError, match="access_denied"):
            await desk.start(Config(api=server.url, username="nobody"), Watch())
        await desk.stop()


async def test_it_says_which_sdk_it_is_made_of(bench: Bench) -> None:
    hello = await bench.desk.greet()
    assert (hello.name, hello.version, hello.dialect) == (
        JavascriptDesk.NAME,
        "262.0.0",
        "platform",
    )
