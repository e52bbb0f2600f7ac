"""Troubled sessions with a guest, each with a run of the client and a mock of its own.

All at once, since they pass in the wall's time: a verdict comes when the longest has ended.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from offhook.adapters.loop import loop_factory
from offhook.domain.errors import OffhookError
from offhook.domain.evidence import Evidence
from offhook.settings import DEFAULT, OrgSettings
from offhook_scenarios.adapters.adapter import Ability
from offhook_scenarios.adapters.guest import Guest, MakeGuest
from offhook_scenarios.adapters.messages import Hello
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.run import play_with
from offhook_scenarios.sessions.session import Press, Session
from offhook_scenarios.stage import PLATFORM, TUTORIAL
from offhook_scenarios.together import together
from offhook_scenarios.verdict import EXPOSURE_BUDGET_S

COMING_UP = 4
"""How many clients are brought up at one time: each may keep a processor busy for a while."""


class SpeedError(OffhookError):
    """The client's clock is its own, so that the mock's must not run faster."""


class GuestPlay(msgspec.Struct, frozen=True, kw_only=True):
    """One session with one run of the client."""

    outcome: Outcome
    broke: str | None = None
    """How the client broke in it; None when it did not."""
    log: tuple[str, ...] = ()
    """The last lines that it logged."""

    @property
    def found(self) -> bool:
        """Whether there is something against the client."""
        return bool(self.invariants)

    @property
    def advisory(self) -> bool:
        """Whether what was found rests on trouble that is only assumed. A crash never does."""
        return self.broke is None and self.outcome.session.evidence is Evidence.ASSUMED

    @property
    def invariants(self) -> frozenset[str]:
        """The numbers of what did not hold; a client that broke is none that left all tidy."""
        verdict = self.outcome.verdict
        lies = () if verdict is None else (stretch.lie.invariant for stretch in verdict.lies)
        return frozenset((*lies, *(() if self.broke is None else ("I10",))))


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that came of a guest, in the order of the sessions."""

    hello: Hello
    seed: int
    speed: float
    budget_s: float
    plays: tuple[GuestPlay, ...]

    @property
    def found(self) -> tuple[GuestPlay, ...]:
        """What there is against the client: the shortest session first, the advisory last."""
        found = (play for play in self.plays if play.found)
        return tuple(sorted(found, key=lambda play: (play.advisory, play.outcome.session.length_s)))

    @property
    def failed(self) -> tuple[GuestPlay, ...]:
        """Where the machinery failed, so that nothing was judged."""
        return tuple(
            play
            for play in self.plays
            if play.broke is None and play.outcome.result is Result.ERROR
        )

    @property
    def judged(self) -> tuple[GuestPlay, ...]:
        """Where there was something to judge."""
        return tuple(
            play
            for play in self.plays
            if play.broke is not None or play.outcome.verdict is not None
        )


def try_guest(
    make: MakeGuest,
    sessions: Sequence[Session],
    *,
    seed: int = 1,
    speed: float = 1.0,
    at_once: int = 12,
    budget_s: float = EXPOSURE_BUDGET_S,
    org: OrgSettings = DEFAULT,
    done: Callable[[GuestPlay], None] = lambda _play: None,
) -> Tried:
    """Play them all, on a loop of their own. `done` hears of each as it comes.

    Raises `LinkError` when there is no client to judge, and `SpeedError`.
    """
    with asyncio.Runner(loop_factory=loop_factory(speed)) as runner:
        plays = _Plays(make, seed=seed, speed=speed, budget_s=budget_s, org=org, done=done)
        return runner.run(plays.run(sessions, at_once=at_once))


class _Plays:
    def __init__(
        self,
        make: MakeGuest,
        *,
        seed: int,
        speed: float,
        budget_s: float,
        org: OrgSettings,
        done: Callable[[GuestPlay], None],
    ) -> None:
        self._make = make
        self._seed = seed
        self._speed = speed
        self._budget_s = budget_s
        self._org = org
        self._done = done
        self._doors = asyncio.Semaphore(COMING_UP)

    async def run(self, sessions: Sequence[Session], *, at_once: int) -> Tried:
        """The first guest comes alone: without it there is nothing to play."""
        first = self._make(self._seed)
        try:
            hello = await first.greet()
            _check_speed(hello, self._speed)
        except BaseException:
            await first.stop()
            raise
        room = asyncio.Semaphore(at_once)
        guests = [first, *(self._make(self._seed) for _ in sessions[1:])]

        async def one(session: Session, guest: Guest) -> GuestPlay:
            async with room:
                play = await self._play(session, guest, hello)
            self._done(play)
            return play

        plays = await together(map(one, sessions, guests))
        return Tried(
            hello=hello,
            seed=self._seed,
            speed=self._speed,
            budget_s=self._budget_s,
            plays=plays,
        )

    async def _play(self, session: Session, guest: Guest, hello: Hello) -> GuestPlay:
        why_not = _why_not(session, hello)
        if why_not is not None:
            await guest.stop()
            return GuestPlay(outcome=Outcome(session=session, desk=hello.name, not_played=why_not))
        try:
            async with self._doors:
                await guest.greet()
        except OffhookError as error:
            await guest.stop()
            outcome = Outcome(session=session, desk=hello.name, error=str(error))
            return GuestPlay(outcome=outcome, log=guest.log.tail())
        outcome = await play_with(
            lambda: guest,
            session,
            hello.name,
            stage=PLATFORM if hello.dialect == "platform" else TUTORIAL,
            seed=self._seed,
            budget_s=self._budget_s,
            org=self._org,
        )
        if guest.broke is not None:
            how = f"the client {guest.broke}"
            outcome = Outcome(session=session, desk=hello.name, error=how)
        return GuestPlay(outcome=outcome, broke=guest.broke, log=guest.log.tail())


def _check_speed(hello: Hello, speed: float) -> None:
    if speed != 1 and hello.clock != "shared":
        raise SpeedError(
            f"{hello.name} says that its clock is its own: a mock that runs {speed:g} times as "
            "fast would find faults that are not there."
        )


def _why_not(session: Session, hello: Hello) -> str | None:
    """Why a session cannot be played with such a client; what its dialect lacks `stage` knows."""
    presses = any(isinstance(step, Press) for step in session.script)
    if presses and Ability.SET_MUTE not in hello.can:
        return "the client cannot be told to mute (set_mute)"
    return None
