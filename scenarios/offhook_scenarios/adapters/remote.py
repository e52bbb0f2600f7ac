"""A client in any language under judgement: the five verbs over the adapter protocol.

The client says who it is (`hello`), then what it shows (`belief`) whenever that changes. What
it cannot do it is not asked for. It may end at any moment: that is the finding of a crash.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from functools import partial

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Ending, Restart
from offhook_scenarios.adapters.client_log import ClientLog
from offhook_scenarios.adapters.link import Link, LinkError, OpenLink
from offhook_scenarios.adapters.messages import (
    Advance,
    Credentials,
    Done,
    Hello,
    MessageError,
    Observe,
    RestartNow,
    Said,
    SetMute,
    Start,
    Stop,
    ToClient,
    read,
    written,
)

HELLO_WITHIN_S = 10.0
DIAL_WITHIN_S = 60.0
"""For a person to start the client that dials."""
START_WITHIN_S = 20.0
"""For logging in and showing the microphone, on a mock that is well."""
STOP_WITHIN_S = 2.0
"""A client that has not ended by then is killed."""
TICK_S = 0.1
"""How far the time of a client with `clock: shared` is moved at once."""
AGAIN_AFTER_S = 1.0
"""Whoever starts a program that does not come up tries again."""
BELIEFS_MAX = 10_000
"""As many changes as no person could follow: a client that says more runs in a circle."""


class ClientBrokeError(Exception):
    """The client ended, or broke the protocol, in the middle of a session. A finding."""


class StartRefusedError(LinkError):
    """The client could not start on a mock that was well; the message is in its own words."""


class RemoteClient:
    """Adapter of a client behind a link. `owned`: its process is started and ended by us.

    Started once, as every adapter.
    """

    def __init__(
        self,
        open_link: OpenLink,
        *,
        name: str,
        seed: int = 0,
        owned: bool = True,
    ) -> None:
        self.name = name
        self.log = ClientLog()
        self.hello: Hello | None = None
        """What the client said of itself, once it has."""
        self.broke: str | None = None
        """How it broke; None when it did not, or was asked to end before."""
        self.killed = False
        """Whether it had to be, because it did not end when it was asked to."""
        self._open_link = open_link
        self._seed = seed
        self._owned = owned
        self._run: _Run | None = None
        self._belief = UNAWARE
        self._tell: Callable[[Belief], None] = lambda _belief: None
        self._config: Config | None = None
        self._ticking: asyncio.Task[None] | None = None

    @property
    def can(self) -> frozenset[Ability]:
        """What the client said, and what can be done to a process without its help."""
        said = frozenset() if self.hello is None else frozenset(self.hello.can)
        return said | ({Ability.PROCESS} if self._owned else set())

    @property
    def clock(self) -> str:
        """`own` or `shared`, once it has said so."""
        return "own" if self.hello is None else self.hello.clock

    async def greet(self) -> Hello:
        """Bring the client up to its hello. Raises `LinkError`, also after ten seconds."""
        if self._run is None:
            self._run = await self._open()
        assert self.hello is not None, "an open run has said hello"
        return self.hello

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Log in and show. Raises `LinkError` and `ClientBrokeError`."""
        self._config, self._tell = config, tell
        await self.greet()
        if self.clock == "shared":
            self._ticking = asyncio.create_task(self._tick())
        await self._begin()

    async def set_mute(self, muted: bool) -> Ending | None:  # noqa: FBT001 - the Protocol's signature.
        """The button. Not pressed where the client cannot. What fails goes to the log."""
        if Ability.SET_MUTE not in self.can:
            return None
        return (await self.ask(lambda number: SetMute(id=number, muted=muted))).ending

    async def observe(self) -> Belief:
        """What the client believes now, or last said where it cannot be asked."""
        if Ability.OBSERVE in self.can and self._run is not None:
            await self.ask(lambda number: Observe(id=number))
        return self._belief

    async def restart(self, kind: Restart, *, lasts_s: float = 0.0) -> None:
        """By the client; of a process, by ending it and starting another one, until it is up."""
        command = partial(_restart, kind, lasts_s)
        if kind is not Restart.PROCESS:
            await self.ask(command)
            return
        run = self._run
        assert run is not None, "a restart before the start"
        self._run = None
        if self._owned:
            await run.close()
        else:
            await run.end(command)
        self.believe(UNAWARE)
        await asyncio.sleep(lasts_s)
        while not await self._is_up_again():
            continue

    async def _is_up_again(self) -> bool:
        """Start another run. One that the network keeps from starting is none, and no finding."""
        self._run = run = await self._open()
        try:
            await self._begin()
        except (StartRefusedError, ClientBrokeError):
            self._run = self.broke = None
            await run.close()
            await asyncio.sleep(AGAIN_AFTER_S)
            return False
        return True

    async def stop(self) -> None:
        """End the client. Raises `ClientBrokeError` when it had broken before it was asked to."""
        run, self._run = self._run, None
        if self._ticking is not None:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking
        if run is None:
            return
        await run.end(lambda number: Stop(id=number))
        if self.broke is not None:
            raise ClientBrokeError(self.broke)

    async def _open(self) -> "_Run":
        run = _Run(self)
        patience_s = HELLO_WITHIN_S if self._owned else DIAL_WITHIN_S
        try:
            async with asyncio.timeout(_of_the_wall(patience_s)):
                run.link = await self._open_link(run)
            patience_s = HELLO_WITHIN_S
            async with asyncio.timeout(_of_the_wall(patience_s)):
                self.hello = await run.greeting
        except TimeoutError:
            await run.close()
            raise LinkError(
                f"{self.name} did not say hello within {patience_s:g} s{self._last_words()}"
            ) from None
        except ClientBrokeError as error:
            await run.close()
            raise LinkError(f"{self.name} {error} before its hello{self._last_words()}") from None
        except LinkError as error:
            await run.close()
            if not self.log.written:
                raise
            raise LinkError(f"{str(error).removesuffix('.')}{self._last_words()}") from None
        except BaseException:
            await run.close()
            raise
        return run

    async def _begin(self) -> None:
        config = self._config
        assert config is not None, "set by start"
        try:
            async with asyncio.timeout(_of_the_wall(START_WITHIN_S)):
                done = await self.ask(partial(_start, config, self._seed))
        except TimeoutError:
            raise StartRefusedError(
                f"{self.name} was not done with its start within {START_WITHIN_S:g} s"
                f"{self._last_words()}"
            ) from None
        if done.error is not None:
            raise StartRefusedError(f"{self.name} could not start: {done.error}")

    async def ask(self, make: Callable[[int], ToClient]) -> Done:
        """Send the command that `make` makes of a number, until done. Raises `ClientBrokeError`."""
        assert self._run is not None, "a command before the start"
        return await self._run.ask(make)

    def send(self, line: bytes) -> None:
        """Send a line that waits for nothing."""
        assert self._run is not None, "a line before the start"
        assert self._run.link is not None, "an open run has a link"
        self._run.link.send(line)

    async def _tick(self) -> None:
        """The client's time follows the loop's, and waits for the client."""
        loop = asyncio.get_running_loop()
        then = loop.time()
        while True:
            await asyncio.sleep(TICK_S)
            now = loop.time()
            seconds, then = now - then, now
            if self._run is not None:
                # A run that ends takes its time with it, and the next one begins anew.
                with contextlib.suppress(ClientBrokeError):
                    await self.ask(partial(_advance, seconds))

    def _last_words(self) -> str:
        told = self.log.telling()
        return ", and wrote nothing." if told is None else f": it wrote: {told}"

    def believe(self, belief: Belief) -> None:
        """It shows this from now on."""
        if belief != self._belief:
            self._belief = belief
            self._tell(belief)


def _start(config: Config, seed: int, number: int) -> Start:
    return Start(
        id=number,
        api=config.api,
        login=config.api,
        user=config.username,
        credentials=Credentials(
            password=config.password,
            client_id=config.client_id,
            client_secret=config.client_secret,
        ),
        device=config.device,
        seed=seed,
    )


def _restart(kind: Restart, lasts_s: float, number: int) -> RestartNow:
    return RestartNow(id=number, kind=kind, lasts_s=lasts_s)


def _advance(seconds: float, number: int) -> Advance:
    return Advance(id=number, seconds=seconds)


def _of_the_wall(seconds: float) -> float:
    """So much of the wall's time in the loop's: a process does not run faster on a fast loop."""
    return seconds * float(getattr(asyncio.get_running_loop(), "speed", 1.0))


class _Run:
    """One run of the client, from its hello to its end. The receiver of its link."""

    def __init__(self, client: RemoteClient) -> None:
        self._client = client
        self._beliefs = 0
        self.link: Link | None = None
        self.greeting: asyncio.Future[Hello] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Done]] = {}
        self._numbers = itertools.count(1)
        self._over = asyncio.Event()
        self._stopping = False
        self._how = ""

    async def ask(self, make: Callable[[int], ToClient]) -> Done:
        """Send a command and wait until it is done. Raises `ClientBrokeError`."""
        assert self.link is not None, "a command before the hello"
        if self._over.is_set():
            raise ClientBrokeError(self._how)
        number = next(self._numbers)
        done: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting[number] = done
        try:
            self.link.send(written(make(number)))
            answer = await done
        finally:
            del self._waiting[number]
        if answer.error is not None:
            self._client.log.add(f"(a command failed: {answer.error})".encode())
        return answer

    async def end(self, make: Callable[[int], ToClient]) -> None:
        """Ask it to end, and see that it does."""
        self._stopping = True
        if self.link is not None and not self._over.is_set():
            self.link.send(written(make(next(self._numbers))))
            try:
                await asyncio.wait_for(self._over.wait(), _of_the_wall(STOP_WITHIN_S))
            except TimeoutError:
                self._client.killed = True
        await self.close()

    async def close(self) -> None:
        """Without a word."""
        self._stopping = True
        if self.link is not None:
            await self.link.close()
        if self.greeting.done() and not self.greeting.cancelled():
            self.greeting.exception()  # Whoever waited for it has gone.
        self.greeting.cancel()

    # The receiver.

    def heard(self, line: bytes) -> None:
        """A message or a line of the log."""
        if self._over.is_set():
            return
        try:
            message = read(line)
        except MessageError as error:
            self._break(f"said what is no message of the protocol: {error}")
            return
        match message:
            case None:
                self.noted(line)
            case Hello() if not self.greeting.done():
                self.greeting.set_result(message)
            case Hello():
                self._break("said hello twice")
            case _ if not self.greeting.done():
                self._break(f"said {line.decode(errors='replace')[:200]}")
            case Said():
                self._said(message)
            case Done():
                self._done(message)

    def noted(self, line: bytes) -> None:
        """A line of the log."""
        self._client.log.add(line)

    def ended(self, how: str) -> None:
        """The client is gone."""
        self._break(how)

    def _said(self, said: Said) -> None:
        if self._stopping:
            return
        self._beliefs += 1
        if self._beliefs > BELIEFS_MAX:
            self._break(f"said what it believes {BELIEFS_MAX} times")
            return
        self._client.believe(
            Belief(shown=said.shown, gate=said.gate, device_id=said.call, version=said.version)
        )

    def _done(self, message: Done) -> None:
        waiting = self._waiting.get(message.id)
        if waiting is None:
            # A press that the harness gave up may be answered yet.
            self.noted(f"(done with {message.id}, for which nobody waits)".encode())
        elif not waiting.done():
            waiting.set_result(message)

    def _break(self, how: str) -> None:
        """Whoever waits waits no longer. After a stop it is as it should be."""
        if self._over.is_set():
            return
        self._over.set()
        self._how = how
        if not self._stopping and self.greeting.done():
            self._client.broke = how
        if not self.greeting.done():
            self.greeting.set_exception(ClientBrokeError(how))
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ClientBrokeError(how))
