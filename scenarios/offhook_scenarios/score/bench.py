"""Where a probe is played: a mock of its own, a few clients, and hands to make trouble with.

Everything happens on the running loop, simulated or real; the loop's clock is the clock.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, runtime_checkable

import msgspec

from offhook.domain.inputs import DropSockets, StartCall
from offhook.faults.kinds import AbortFault, PushCloseFault, ReplyFault
from offhook.faults.kinds import Fault as FaultKind
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.oauth.inputs import ExpireToken
from offhook.server import MockServer
from offhook.settings import DEFAULT, OrgSettings, UserSettings
from offhook_scenarios.adapters.adapter import Adapter, Belief, Config
from offhook_scenarios.score.seen import SOCKETS, Arrival, Press, Seen, read_arrivals

MakeClient = Callable[[int], Adapter]
START_WITHIN_S = 30.0
STOP_WITHIN_S = 10.0
SETTLE_S = 2.0
"""From the last client's start to the trouble."""
FLOOD = 400
"""Requests of one client on average at which a probe ends: it floods."""
PLENTY = 1_000_000_000
"""The mock's own limits are out of the way, unless a probe sets them."""
_TOLD = 160
OnHost = Callable[[str], AbstractContextManager[None]]
Target = frozenset[str] | None
"""Operations that a fault hits; None: any but control."""


@runtime_checkable
class Counting(Protocol):
    """An adapter that knows how many requests its client believes to have sent."""

    @property
    def attempts(self) -> int:
        """HTTP requests since the start, token requests included, handshakes left out."""


class FloodError(Exception):
    """The clients send more than any server must bear."""


class Bench:
    """One probe's surroundings. Made on the loop; `run` once.

    `on_wire`: time is real, so the probes watch for shorter.
    """

    def __init__(
        self,
        make: MakeClient,
        *,
        clients: int,
        seed: int,
        policies: dict[str, object],
        on_wire: bool,
        on_host: OnHost | None = None,
    ) -> None:
        self._make = make
        self._on_wire = on_wire
        self._on_host = on_host
        self._loop = asyncio.get_running_loop()
        self._users = [f"agent-{number + 1}" for number in range(clients)]
        host = "server" if on_host is not None else "127.0.0.1"
        with self._at("server"):
            self.server = MockServer(_settings(self._users, policies), seed=seed, host=host)
        self._seed = seed
        self._adapters: list[Adapter] = []
        self._presses: list[tuple[Press, asyncio.Task[None]]] = []
        self._began = 0.0
        self._broken: str | None = None

    async def run(self, probe: str, play: Callable[["Bench"], Coroutine[Any, Any, None]]) -> Seen:
        """Start the clients, let `play` make trouble, stop them, and say what was seen.

        Never raises for what a client does.
        """
        with self._at("server"):
            await self.server.start()
        try:
            await self._play(play)
            ended = self.server.clock.now()
            await self._stop()
        finally:
            await self.server.stop()
        assert not self.server.errors, f"the mock broke: {self.server.errors[0].facts}"
        arrivals = self._arrivals()
        return Seen(
            probe=probe,
            clients=len(self._users),
            began=self._began,
            ended=ended,
            arrivals=tuple(a for a in arrivals if self._began <= a.at <= ended),
            presses=tuple(press for press, _ in self._presses),
            believed=self._believed(),
            received=sum(arrival.operation not in SOCKETS for arrival in arrivals),
            broken=self._broken,
        )

    # What probes do.

    @property
    def clients(self) -> range:
        """The numbers of the clients."""
        return range(len(self._users))

    def press(self, *, muted: bool) -> None:
        """Somebody presses at every client; nobody waits for it."""
        for number in self.clients:
            press = Press(at=self.server.clock.now(), client=number)
            task = self._task(number, self._pressing(number, press, muted=muted))
            self._presses.append((press, task))

    async def watch(self, seconds: float, *, wire_s: float | None = None) -> None:
        """Let time pass, `wire_s` of it where it is real. Raises `FloodError`."""
        left = wire_s if self._on_wire and wire_s is not None else seconds
        while left > 0:
            await asyncio.sleep(min(left, 1.0))
            left -= 1.0
            limit = FLOOD * len(self._users)
            # The journal holds more than requests; it is only read where it might matter.
            if self.server.org.journal.seq > limit and (count := self._count()) > limit:
                raise FloodError(f"flooded: {count} requests of {len(self._users)} clients")

    def reply(self, target: Target, status: int, **fields: Any) -> "Laid":
        """From now on `target` is answered so: the fields of a `reply` fault."""
        return self._lay(target, ReplyFault(status=status, **fields))

    def abort(self, target: Target, when: When) -> "Laid":
        """From now on the connection breaks instead."""
        return self._lay(target, AbortFault(when=when))

    def close_every_socket_at_its_first_frame(self) -> "Laid":
        """From now on an event socket is cut as soon as it is open."""
        return self._lay(None, PushCloseFault(code=1006))

    def cut_sockets(self) -> None:
        """Every event socket that is open is cut."""
        self.server.receive(DropSockets(device_id=None, code=1006))

    def expire_tokens(self) -> None:
        """Every access token ends now."""
        for token in self.server.org.oauth.tokens():
            self.server.receive(ExpireToken(token_id=token.id))

    # The machinery.

    async def _play(self, play: Callable[["Bench"], Coroutine[Any, Any, None]]) -> None:
        self._began = self.server.clock.now()
        self._adapters = [self._make(self._seed + number) for number in self.clients]
        starts = [
            self._task(number, self._start(number, adapter))
            for number, adapter in enumerate(self._adapters)
        ]
        failed = [
            error
            for error in await asyncio.gather(*starts, return_exceptions=True)
            if isinstance(error, BaseException)
        ]
        if failed:
            self._broken = f"did not start: {_told(failed[0])}"
            return
        await asyncio.sleep(SETTLE_S)
        self._began = self.server.clock.now()
        try:
            await play(self)
        except FloodError as error:
            self._broken = str(error)

    async def _start(self, number: int, adapter: Adapter) -> None:
        username = self._users[number]
        user = self.server.org.find_user(username)
        assert user is not None, f"the org has no user {username}"
        self.server.receive(StartCall(user_id=user.id))
        config = Config(api=self.server.url, username=username, password=f"{username}-password")
        async with asyncio.timeout(START_WITHIN_S):
            await adapter.start(config, _heard)

    async def _pressing(self, number: int, press: Press, *, muted: bool) -> None:
        await self._adapters[number].set_mute(muted)
        press.ended_at = self.server.clock.now()

    async def _stop(self) -> None:
        for _, task in self._presses:
            task.cancel()
        stops = [
            self._task(number, self._stopping(adapter))
            for number, adapter in enumerate(self._adapters)
        ]
        tasks = [*(task for _, task in self._presses), *stops]
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception) and self._broken is None:
                self._broken = f"broke: {_told(result)}"

    @staticmethod
    async def _stopping(adapter: Adapter) -> None:
        async with asyncio.timeout(STOP_WITHIN_S):
            await adapter.stop()

    def _task(self, number: int, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that lives on the host of a client."""
        with self._at(f"client-{number + 1}"):
            return asyncio.create_task(work)

    def _at(self, host: str) -> AbstractContextManager[None]:
        return nullcontext() if self._on_host is None else self._on_host(host)

    def _lay(self, target: Target, fault: FaultKind) -> "Laid":
        rules = []
        for operation in sorted(target) if target is not None else [None]:
            spec = RuleSpec(match=Match(operation=operation), fault=fault, times=None)
            rules.append(self.server.tenancy.add_fault(spec).id)
        return Laid(self.server, rules)

    def _count(self) -> int:
        return sum(1 for _ in self.server.org.journal.entries(kind="exchange"))

    def _arrivals(self) -> tuple[Arrival, ...]:
        numbers = {}
        for number, username in enumerate(self._users):
            user = self.server.org.find_user(username)
            assert user is not None, f"the org has no user {username}"
            numbers[user.id] = number
        owners = {
            token.id: numbers[token.user_id]
            for token in self.server.org.oauth.tokens()
            if token.user_id in numbers
        }
        channels = {
            channel.id: numbers[user_id]
            for user_id in numbers
            for client in self.server.settings.clients
            for channel in self.server.org.channels(user_id, client.id)
        }
        return read_arrivals(self.server.org.journal.entries(), owners | channels)

    def _believed(self) -> int | None:
        counting = [adapter for adapter in self._adapters if isinstance(adapter, Counting)]
        if not counting or len(counting) < len(self._adapters):
            return None
        return sum(adapter.attempts for adapter in counting)


class Laid:
    """Faults that are laid out, until `lift`."""

    def __init__(self, server: MockServer, rules: list[str]) -> None:
        self._server = server
        self._rules = rules

    def lift(self) -> None:
        """Take them away."""
        for rule_id in self._rules:
            self._server.faults.remove(rule_id)


def _heard(_belief: Belief) -> None:
    """What a client believes is not asked here."""


def _told(error: BaseException) -> str:
    """Its name and what it says, short enough for a line: it may quote what a client wrote."""
    text = " ".join(str(error).split()).rstrip(".")
    if len(text) > _TOLD:
        text = f"{text[: _TOLD // 2]} … {text[-_TOLD // 2 :]}"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _settings(users: list[str], policies: dict[str, object]) -> OrgSettings:
    wide = {
        "allow_password_grant": True,
        "rate_per_token": PLENTY,
        "rate_per_user": PLENTY,
        "rate_per_user_and_client": PLENTY,
    }
    return msgspec.structs.replace(
        DEFAULT,
        policies=DEFAULT.policies.changed({**wide, **policies}),
        users=tuple(
            UserSettings(username=name, password=f"{name}-password", name=name) for name in users
        ),
    )
