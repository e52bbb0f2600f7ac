"""Mutants of the page round the client: habits of the browser.

The client below is in order. The page keeps a picture of its own, as pages do, and has no
switch of its own between microphone and line.
"""

import asyncio
import contextlib
from collections.abc import Callable
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from offhook_client.errors import ClientError
from offhook_client.events import CLOSE_CODES, EventSocket
from offhook_client.events import Ending as SocketEnding
from offhook_client.models import Belief as ClientBelief
from offhook_client.models import Frame
from offhook_scenarios.adapters.adapter import Belief, Config, Ending, Gate, Shown
from offhook_scenarios.mutants.mutant import Mutant, MutantDesk
from offhook_scenarios.mutants.steps import (
    MUTE,
    answered,
    asleep,
    cut,
    force,
    half_open,
    headset,
    held_up,
    mute,
    news_twice,
    plan,
    unmute,
)
from offhook_scenarios.mutants.works import Works, grafted
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"
_CERTAIN = frozenset({Shown.MUTED, Shown.LIVE})


class Page(MutantDesk):
    """Keeps a picture: what was certain last, until it paints it over by itself."""

    picture: bool | None = None

    def paint(self, belief: Belief) -> Belief:
        """What is certain becomes the picture; what is not is shown as it is."""
        if belief.shown in _CERTAIN:
            self.picture = belief.shown is Shown.MUTED
        return replace(belief, gate=Gate.UNKNOWN, switch=Gate.UNKNOWN, version=None)

    def paint_over(self, *, muted: bool) -> None:
        """The page itself changes what is shown."""
        self.picture = muted
        self.say(self._pictured(self._screen))

    def _pictured(self, belief: Belief) -> Belief:
        """The picture, whatever the client believes; doubt is shown as ever."""
        shown = belief.shown
        if self.picture is not None and shown is not Shown.UNKNOWN:
            shown = Shown.MUTED if self.picture else Shown.LIVE
        return replace(belief, shown=shown, gate=Gate.UNKNOWN, switch=Gate.UNKNOWN, version=None)


class Optimistic(Page):
    """Shows the wish at once, and never takes it back."""

    async def set_mute(self, muted: bool) -> Ending:
        self.paint_over(muted=muted)
        return await super().set_mute(muted)

    def paint(self, belief: Belief) -> Belief:
        return self._pictured(super().paint(belief))


class OptimisticRollback(Page):
    """Shows the wish at once; if it fails, what was shown before the press is shown again."""

    async def set_mute(self, muted: bool) -> Ending:
        before = self.picture
        self.paint_over(muted=muted)
        reply = await self.post(muted)
        if reply.trouble is not None and before is not None:
            self.paint_over(muted=before)
        return Ending.OK if reply.trouble is None else Ending.FAILED


class FetchNeverThrows(Page):
    """Takes any answer for success, as `fetch` does not throw for 403 or 503."""

    async def set_mute(self, muted: bool) -> Ending:
        await self.post(muted)
        self.paint_over(muted=muted)
        return Ending.OK


class StaleClosure(Page):
    """The handler of the button sees the state of the first render for ever."""

    async def set_mute(self, muted: bool) -> Ending:
        rendered = self.__dict__.setdefault("_rendered", self.picture)
        return await super().set_mute(not rendered)


class _Reducer(Page):
    """Its picture is turned round by each event, by each of its subscriptions."""

    subscriptions = 1

    def paint(self, belief: Belief) -> Belief:
        if self.picture is None:
            return super().paint(belief)
        return self._pictured(belief)

    def lay_open(self, works: Works) -> None:
        super().lay_open(works)
        for _ in range(self.subscriptions):
            works.desk.on_frame(self._hear)

    def _hear(self, frame: Frame) -> None:
        if frame.type == "muteChanged" and self.picture is not None:
            self.paint_over(muted=not self.picture)


class EventToggles(_Reducer):
    """Counts an event as a change, so one that comes twice turns the picture round."""


class DoubleEffect(_Reducer):
    """Its effect ran twice, as in React's strict mode, and the first was never cleaned up."""

    subscriptions = 2


_STORE: "WeakKeyDictionary[asyncio.AbstractEventLoop, list[Page]]" = WeakKeyDictionary()
"""One for each world, so that sessions that follow each other share nothing."""


class OneStore(Page):
    """All desks of the process share one store: what is heard at one is shown at all."""

    def lay_open(self, works: Works) -> None:
        super().lay_open(works)
        _STORE.setdefault(asyncio.get_running_loop(), []).append(self)
        works.desk.on_frame(self._hear)

    def _hear(self, frame: Frame) -> None:
        if frame.type == "muteChanged" and frame.muted is not None:
            for page in _STORE[asyncio.get_running_loop()]:
                page.paint_over(muted=frame.muted)


class OwnEcho(Page):
    """Takes what the user's own headset did for an echo of itself, and shows nothing of it."""

    def paint(self, belief: Belief) -> Belief:
        observed = self.works.state.observed
        if observed is not None and observed.cause in {"headset", "native"}:
            return self._pictured(belief)
        return super().paint(belief)


class OutvotesHeadset(MutantDesk):
    """What was pressed on the screen last counts, whatever was pressed on the headset since."""

    _wanted: bool | None = None

    def lay_open(self, works: Works) -> None:
        super().lay_open(works)
        works.desk.on_change(self._look)

    async def set_mute(self, muted: bool) -> Ending:
        self._wanted = muted
        return await super().set_mute(muted)

    def _look(self, belief: ClientBelief) -> None:
        if belief.observed and belief.cause == "headset" and self._wanted is False:
            self.works.desk.want(muted=False)


_WORDS = {"self": "you", "admin": "a supervisor"}


class UnknownCauseRaises(Page):
    """Its handler of events looks the cause up in a table that does not have them all."""

    def lay_open(self, works: Works) -> None:
        super().lay_open(works)
        works.desk.on_frame(self._hear)

    def _hear(self, frame: Frame) -> None:
        if frame.type == "muteChanged" and frame.cause is not None:
            self.note = _WORDS[frame.cause]


class LockKept(Page):
    """A press takes a lock, and a press that fails does not give it back."""

    async def set_mute(self, muted: bool) -> Ending:
        lock = self.__dict__.setdefault("_lock", asyncio.Lock())
        await lock.acquire()
        with contextlib.suppress(ClientError):
            await self.works.desk.set_mute(muted=muted)
            lock.release()
            return Ending.OK
        return Ending.FAILED


_A_SLEEP_S = 5.0


class WakeResends(Page):
    """When it wakes from sleep it sends what it showed before."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        self.run(self._watch())

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, picture = loop.time(), self.picture
            await asyncio.sleep(1.0)
            slept = loop.time() - at > _A_SLEEP_S
            if slept and picture is not None:
                await self.post(picture)


class TwoTabs(MutantDesk):
    """A second tab opens, and for as long as it stays each takes the device back at once."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        self.run(self._second_tab(config.device))

    def lay_open(self, works: Works) -> None:
        super().lay_open(works)
        works.sockets(_TakesBack)

    async def _second_tab(self, device: str) -> None:
        await asyncio.sleep(1.0)
        other = self.works.account.desk(device)
        Works(self.works.account, other).sockets(_TakesBack)
        await other.start()
        await asyncio.sleep(5.0)
        await other.close()


class _TakesBack(EventSocket):
    _listen = grafted(EventSocket._listen, CLOSE_CODES={**CLOSE_CODES, 4409: SocketEnding.RENEW})


class BusyWait(MutantDesk):
    """A press looks again and again whether the device is connected, and lets no time pass."""

    async def set_mute(self, muted: bool) -> Ending:
        while self.works.desk.belief.status != "connected":  # noqa: ASYNC110 - the bug itself.
            await asyncio.sleep(0)
        return await super().set_mute(muted)


def throttled_timers(works: Works) -> None:
    """The timers of a page in the background run once a minute, and pings with them."""
    works.options(ping_interval_s=60.0, ping_timeout_s=60.0, silence_s=240.0)


MUTANTS = (
    Mutant(
        name="optimistic",
        bug="the wish is shown before the server agrees, and never taken back",
        ports=_STUDY,
        page=Optimistic,
        caught_by=(Invariant.I2, Invariant.I3),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30), mute(1.1)),
    ),
    Mutant(
        name="optimistic_rollback",
        bug="a wish that fails is taken back to what was shown before it, over anything newer",
        ports="a habit of the browser: the optimistic update that rolls back",
        page=OptimisticRollback,
        caught_by=(Invariant.I1, Invariant.I3),
        plan=plan(
            held_up(1, 3, "POST /api/v2/webrtc"),
            answered(1, MUTE, 503),
            mute(1.1),
            force(2, muted=True),
        ),
    ),
    Mutant(
        name="fetch_never_throws",
        bug="any answer is taken for success, for fetch does not throw for a 503",
        ports="a habit of the browser: fetch without a look at response.ok",
        page=FetchNeverThrows,
        caught_by=(Invariant.I1, Invariant.I2),
        plan=plan(answered(1, MUTE, 503), mute(1.1)),
    ),
    Mutant(
        name="stale_closure",
        bug="the button's handler sees the state of the first render, and sends the same for ever",
        ports="a habit of the browser: the stale closure",
        page=StaleClosure,
        caught_by=(Invariant.I14,),
        plan=plan(mute(1), unmute(3)),
    ),
    Mutant(
        name="event_toggles",
        bug="an event is counted as a change, so one that comes twice turns the screen round",
        ports="a habit of the browser: a reducer that toggles",
        page=EventToggles,
        caught_by=(Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(news_twice(1), force(1.1, muted=True)),
    ),
    Mutant(
        name="double_effect",
        bug="an effect that ran twice hears every event twice, and toggles twice",
        ports="a habit of the browser: React's strict mode, and an effect without a clean-up",
        link="https://react.dev/reference/react/StrictMode",
        page=DoubleEffect,
        caught_by=(Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(force(1, muted=True)),
    ),
    Mutant(
        name="wrong_device",
        bug="all desks of the process share one store, so another's event changes the screen",
        ports=_STUDY,
        page=OneStore,
        caught_by=(Invariant.I11, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(force(1, muted=True, desk=2), desks=2),
    ),
    Mutant(
        name="own_echo",
        bug="what the user's own hands did elsewhere is taken for an echo, and not shown",
        ports="Amazon Connect Streams: a settings tab unmutes while the button still says muted",
        link="https://github.com/amazon-connect/amazon-connect-streams/issues/387",
        page=OwnEcho,
        caught_by=(Invariant.I2, Invariant.I1),
        plan=plan(mute(1), headset(3, muted=False)),
    ),
    Mutant(
        name="outvotes_headset",
        bug="what was pressed on the screen last counts, over a mute on the headset since",
        ports="our own",
        page=OutvotesHeadset,
        caught_by=(Invariant.I7,),
        plan=plan(unmute(1), headset(3, muted=True)),
    ),
    Mutant(
        name="unknown_cause_raises",
        bug="a cause that its table of words lacks raises in the handler of events",
        ports="our own",
        page=UnknownCauseRaises,
        caught_by=(Invariant.I10,),
        plan=plan(headset(1, muted=True)),
    ),
    Mutant(
        name="lock_kept",
        bug="a press that fails keeps the lock, and every later press waits for ever",
        ports="our own",
        page=LockKept,
        caught_by=(Invariant.I9, Invariant.I14),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30), mute(1.1), unmute(3)),
    ),
    Mutant(
        name="two_tabs",
        bug="two tabs hold the same device, and each takes it back from the other at once",
        ports="a habit of the browser: two tabs",
        page=TwoTabs,
        caught_by=(Invariant.I6, Invariant.I1),
        plan=plan(),
    ),
    Mutant(
        name="busy_wait",
        bug="a press waits for the device in a circle that lets nothing else happen",
        ports="our own",
        page=BusyWait,
        caught_by=(Invariant.I0,),
        plan=plan(cut(1), mute(1)),
    ),
    Mutant(
        name="wake_resends",
        bug="a page that wakes from sleep sends what it showed before, over a supervisor's mute",
        ports="a habit of the browser: sleep and wake",
        page=WakeResends,
        caught_by=(Invariant.I7,),
        plan=plan(asleep(1, 20), force(5, muted=True)),
    ),
    Mutant(
        name="throttled_timers",
        bug="pings are timers, and those of a page in the background run once a minute",
        ports="a habit of the browser: timers are throttled in the background",
        link="https://developer.chrome.com/blog/timer-throttling-in-chrome-88",
        patch=throttled_timers,
        caught_by=(Invariant.I2, Invariant.I3),
        plan=plan(half_open(1, 50), force(2, muted=True)),
    ),
)
