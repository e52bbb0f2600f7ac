"""The naive desk does what the tutorial's code does, to the second."""

import asyncio
from collections.abc import Callable, Coroutine

import msgspec
import pytest

from offhook.domain.inputs import DropSockets, ForceMute, PushEvent
from offhook.domain.views import DeviceView, Status
from offhook.faults.kinds import AbortFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_scenarios.adapters.adapter import Belief, Config, Restart, Shown
from offhook_scenarios.adapters.naive import NaiveDesk, RefusedError, retry_with_backoff
from offhook_scenarios.loop import loop_factory

WITH_PASSWORDS = msgspec.structs.replace(
    DEFAULT, policies=DEFAULT.policies.changed({"allow_password_grant": True})
)


class Naps:
    """Stands for `asyncio.sleep` and remembers what it was asked for."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    taken = Naps()
    monkeypatch.setattr("offhook_scenarios.adapters.naive.asyncio.sleep", taken)
    return taken


class Answers:
    """A request whose answers are listed: a status that is an error, or None for success."""

    def __init__(self, *answers: int | None) -> None:
        self.left = list(answers)

    async def __call__(self) -> str:
        status = self.left.pop(0)
        if status is not None:
            raise RefusedError(status)
        return "done"


@pytest.mark.parametrize(
    ("answers", "waits"), [([None], []), ([429, None], [1]), ([429, 429, None], [1, 2])]
)
async def test_a_429_is_tried_again_after_one_and_two_seconds(
    naps: Naps, answers: list[int | None], waits: list[float]
) -> None:
    assert await retry_with_backoff(Answers(*answers)) == "done"
    assert naps.taken == waits


@pytest.mark.parametrize(
    ("answers", "waits"), [([429, 429, 429, None], [1, 2]), ([401], []), ([429, 503], [1])]
)
async def test_the_third_429_and_every_other_error_is_final(
    naps: Naps, answers: list[int | None], waits: list[float]
) -> None:
    with pytest.raises(RefusedError):
        await retry_with_backoff(Answers(*answers))
    assert naps.taken == waits


class Watched:
    """A naive desk before a mock, on a fast loop, and what it told."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.desk = NaiveDesk()
        self.told: list[Belief] = []
        self.news = asyncio.Event()
        server.on_change(self.news.set)

    def hear(self, belief: Belief) -> None:
        self.told.append(belief)
        self.news.set()

    @property
    def device(self) -> DeviceView:
        return self.server.org.devices()[0]

    @property
    def shown(self) -> list[Shown]:
        return [belief.shown for belief in self.told]

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                self.news.clear()
                await self.news.wait()


def play(script: Callable[[Watched], Coroutine[None, None, None]]) -> None:
    """Run `script` with a desk that is connected, twenty times as fast as the wall."""

    async def main() -> None:
        async with MockServer(WITH_PASSWORDS, seed=1) as server:
            watched = Watched(server)
            await watched.desk.start(Config(api=server.url), watched.hear)
            await watched.until(
                lambda: server.org.sockets() and watched.device.status is Status.CONNECTED
            )
            await script(watched)
            await watched.desk.stop()

    with asyncio.Runner(loop_factory=loop_factory(20)) as runner:
        runner.run(main())


def test_it_shows_what_it_read_then_what_was_answered() -> None:
    async def script(watched: Watched) -> None:
        assert watched.shown == [Shown.LIVE]
        await watched.desk.set_mute(True)
        assert watched.shown == [Shown.LIVE, Shown.MUTED]
        assert (await watched.desk.observe()).device_id == watched.device.id

    play(script)


def test_it_believes_events() -> None:
    async def script(watched: Watched) -> None:
        watched.server.receive(ForceMute(device_id=watched.device.id, muted=True))
        await watched.until(lambda: watched.shown == [Shown.LIVE, Shown.MUTED])

    play(script)


@pytest.mark.parametrize("fault", [ReplyFault(status=503), AbortFault()])
def test_an_error_leaves_the_screen_as_it_was(fault: ReplyFault | AbortFault) -> None:
    async def script(watched: Watched) -> None:
        rule = RuleSpec(match=Match(operation="postWebrtcClientMute"), fault=fault)
        watched.server.faults.add(rule, id="f")
        await watched.desk.set_mute(True)
        assert watched.shown == [Shown.LIVE]

    play(script)


def test_it_comes_back_after_a_second_and_reads_nothing_anew() -> None:
    async def script(watched: Watched) -> None:
        server, device = watched.server, watched.device
        server.receive(DropSockets(device_id=device.id, code=1006))
        server.receive(ForceMute(device_id=device.id, muted=True))
        await watched.until(lambda: not server.org.sockets())
        await watched.until(server.org.sockets)
        server.receive(ForceMute(device_id=device.id, muted=False))
        server.receive(ForceMute(device_id=device.id, muted=True))
        await watched.until(lambda: watched.shown[-1] is Shown.MUTED)
        assert watched.shown == [Shown.LIVE, Shown.MUTED]

    play(script)


def test_an_error_while_it_comes_back_leaves_it_deaf() -> None:
    async def script(watched: Watched) -> None:
        server, device = watched.server, watched.device
        rule = RuleSpec(fault=ReplyFault(status=401), match=Match(operation="getWebrtcClientsMe"))
        server.faults.add(rule, id="f")
        server.receive(DropSockets(device_id=device.id, code=1006))
        await watched.until(lambda: server.faults.rules()[0].bites == 1)
        await asyncio.sleep(5)
        assert server.org.sockets() == ()

    play(script)


def test_what_breaks_its_listening_is_not_hidden() -> None:
    async def script(watched: Watched) -> None:
        server, device = watched.server, watched.device
        server.receive(PushEvent(device_id=device.id, body=b'{"type": "muteChanged"}'))
        await asyncio.sleep(1)

    with pytest.raises(KeyError, match="muted"):
        play(script)


async def test_it_cannot_be_reloaded_and_says_so() -> None:
    with pytest.raises(AssertionError, match="cannot restart by reload"):
        await NaiveDesk().restart(Restart.RELOAD)
