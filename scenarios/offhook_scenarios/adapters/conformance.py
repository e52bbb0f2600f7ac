"""Whether a client speaks the adapter protocol: one run against a mock that is well.

It judges the translation, not the client: a client that passes may lie in every session, and is
then found out for what it shows, and not for what its adapter forgot to say.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

import msgspec

from offhook.domain.inputs import ForceMute
from offhook.domain.views import DeviceView
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart, Shown
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.messages import Advance, Hello
from offhook_scenarios.adapters.remote import STOP_WITHIN_S, ClientBrokeError, RemoteClient
from offhook_scenarios.stage import PLATFORM, TUTORIAL

DONE_WITHIN_S = 10.0
SHOWN_WITHIN_S = 15.0
"""For news of another hand, and for a client that was restarted."""


class Verdict(StrEnum):
    """Of one rule, and of all."""

    OK = "ok"
    BROKEN = "broken"
    NOT_JUDGED = "not judged"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, and what came of it."""

    rule: str
    verdict: Verdict
    why: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule, in order."""

    hello: Hello
    rows: tuple[Row, ...]
    log: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Broken when one rule is."""
        broken = any(row.verdict is Verdict.BROKEN for row in self.rows)
        return Verdict.BROKEN if broken else Verdict.OK


class BrokenError(Exception):
    """A rule is broken; the message says how."""


class Bench:
    """A mock, a client before it, and what the client says."""

    def __init__(self, server: MockServer, client: RemoteClient) -> None:
        self.server = server
        self.client = client
        self.belief = UNAWARE
        self._news = asyncio.Event()

    def tell(self, belief: Belief) -> None:
        """The client shows this from now on."""
        self.belief = belief
        self._news.set()

    def device(self) -> DeviceView:
        """The agent's newest device."""
        devices = self.server.org.devices()
        if not devices:
            raise BrokenError("it has not opened a device")
        return devices[-1]

    async def done(self, verb: Awaitable[object]) -> None:
        """Wait for a command's `done`."""
        try:
            await asyncio.wait_for(verb, DONE_WITHIN_S)
        except TimeoutError:
            raise BrokenError(f"there was no done within {DONE_WITHIN_S:g} s") from None

    async def shows(self, *words: Shown) -> None:
        """Wait until the client shows one of these."""
        try:
            async with asyncio.timeout(SHOWN_WITHIN_S):
                while self.belief.shown not in words:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise BrokenError(
                f"it says {self.belief.shown}, and not {' or '.join(words)}, after "
                f"{SHOWN_WITHIN_S:g} s"
            ) from None

    async def press(self, *, muted: bool) -> None:
        """The button, until mock and screen agree."""
        await self.done(self.client.set_mute(muted))
        if self.device().muted is not muted:
            raise BrokenError(f"the mock is {'live' if muted else 'muted'} after its done")
        await self.shows(Shown.MUTED if muted else Shown.LIVE)


async def _start(bench: Bench) -> None:
    await bench.done(bench.client.start(Config(api=bench.server.url), bench.tell))
    await bench.shows(Shown.MUTED, Shown.LIVE)


async def _press(bench: Bench) -> None:
    await bench.press(muted=True)
    await bench.press(muted=False)


async def _press_twice(bench: Bench) -> None:
    both = (bench.client.set_mute(True), bench.client.set_mute(False))
    await bench.done(asyncio.gather(*both))


async def _observe(bench: Bench) -> None:
    await bench.done(bench.client.observe())


async def _other_hand(bench: Bench) -> None:
    muted = not bench.device().muted
    bench.server.receive(ForceMute(device_id=bench.device().id, muted=muted))
    await bench.shows(Shown.MUTED if muted else Shown.LIVE)


async def _later_version(bench: Bench) -> None:
    bench.client.send(b'{"offhook":"of_a_later_version","id":1000000,"what":["it","is"]}')
    await asyncio.sleep(0.5)
    if bench.client.broke is not None:
        raise BrokenError("it ended")


async def _advance(bench: Bench) -> None:
    await bench.done(bench.client.ask(lambda number: Advance(id=number, seconds=0.001)))


def _restart(kind: Restart) -> Callable[[Bench], Awaitable[None]]:
    async def restart(bench: Bench) -> None:
        await bench.done(bench.client.restart(kind))
        await bench.shows(Shown.MUTED if bench.device().muted else Shown.LIVE)

    return restart


async def _stop(bench: Bench) -> None:
    await bench.client.stop()
    if bench.client.killed:
        raise BrokenError(f"it was still there after {STOP_WITHIN_S:g} s, and was killed")


Rule = tuple[str, str | None, Callable[[Bench], Awaitable[None]]]
RULES: tuple[Rule, ...] = (
    ("start: it logs in, shows the microphone, and says done", None, _start),
    ("set_mute: the mock follows, then done, and the belief says so", Ability.SET_MUTE, _press),
    ("set_mute: two at once are both done", Ability.SET_MUTE, _press_twice),
    ("observe: done", Ability.OBSERVE, _observe),
    ("belief: said of its own accord when another hand sets mute", None, _other_hand),
    ("a message of a later version is passed over", None, _later_version),
    ("advance: done", "clock: shared", _advance),
    ("restart reload: done, and shows what is so", Ability.RELOAD, _restart(Restart.RELOAD)),
    ("restart process: shows what is so", Ability.PROCESS, _restart(Restart.PROCESS)),
    ("restart sleep: done, and shows what is so", Ability.SLEEP, _restart(Restart.SLEEP)),
    ("stop: it ends within 2 s", None, _stop),
)
"""What is asked in its order, what the client must be able to for it, and how it is tried."""


def try_conformance(make: Callable[[int], RemoteClient]) -> Report:
    """Try every rule, on a loop of its own. Raises `LinkError` when no client says hello."""
    return asyncio.run(_try(make(1)))


async def _try(client: RemoteClient) -> Report:
    # Well, and ready: a press while a device initializes would be refused.
    policies = DEFAULT.policies.changed({"allow_password_grant": True, "connect_delay_s": 0})
    settings = msgspec.structs.replace(DEFAULT, policies=policies)
    async with MockServer(settings, seed=1) as server:
        hello = await client.greet()
        stage = PLATFORM if hello.dialect == "platform" else TUTORIAL
        stage.furnish(server, Config(api=server.url).username)
        rows = [Row(rule="hello: within 10 s, as the protocol has it", verdict=Verdict.OK)]
        bench = Bench(server, client)
        over = False
        try:
            for rule, needs, attempt in RULES:
                rows.append(await _row(bench, rule, needs, attempt, over=over))
                over = over or client.broke is not None or rows[1].verdict is not Verdict.OK
        finally:
            await _end(client)
    return Report(hello=hello, rows=tuple(rows), log=client.log.tail())


async def _row(
    bench: Bench,
    rule: str,
    needs: str | None,
    attempt: Callable[[Bench], Awaitable[None]],
    *,
    over: bool,
) -> Row:
    if over:
        return Row(rule=rule, verdict=Verdict.NOT_JUDGED, why="the client had failed before")
    able = needs is None or needs in {*bench.client.can, f"clock: {bench.client.clock}"}
    if not able:
        return Row(rule=rule, verdict=Verdict.NOT_JUDGED, why=f"it does not say {needs}")
    try:
        await attempt(bench)
    except (BrokenError, LinkError) as error:
        return Row(rule=rule, verdict=Verdict.BROKEN, why=str(error))
    except ClientBrokeError as error:
        return Row(rule=rule, verdict=Verdict.BROKEN, why=f"the client {error}")
    return Row(rule=rule, verdict=Verdict.OK)


async def _end(client: RemoteClient) -> None:
    try:
        await client.stop()
    except ClientBrokeError:
        return  # Told in its row.


def lines(report: Report) -> list[str]:
    """For people."""
    hello = report.hello
    told = [
        f"{hello.name} {hello.version}".rstrip() + f": {hello.dialect} dialect, {hello.clock} clock"
    ]
    for row in report.rows:
        why = f": {row.why}" if row.why else ""
        told.append(f"  {row.verdict:<11}{row.rule}{why}")
    if report.verdict is Verdict.BROKEN and report.log:
        told += ["Its log:", *(f"  | {line}" for line in report.log[-10:])]
    told.append(f"The adapter protocol, version 1: {report.verdict}.")
    return told


def document(report: Report) -> dict[str, Any]:
    """For programs."""
    found: dict[str, Any] = msgspec.to_builtins(report)
    return {**found, "verdict": report.verdict.value}
