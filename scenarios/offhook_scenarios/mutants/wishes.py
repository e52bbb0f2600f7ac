"""Mutants that treat a press wrongly: lose it, race with it, never end it."""

import asyncio

from msgspec.structs import replace

from offhook_client import signals
from offhook_client.desk import Desk
from offhook_client.gate import MicrophoneGate
from offhook_client.http import Reply
from offhook_client.models import Belief as ClientBelief
from offhook_client.models import Gate as ClientGate
from offhook_client.models import Link
from offhook_client.sender import Sender
from offhook_client.signals import SendMute
from offhook_client.tasks import Tasks, Work
from offhook_client.waiting import Waiters
from offhook_scenarios.adapters.adapter import Belief, Ending, Gate, Shown
from offhook_scenarios.mutants.mutant import Mutant, MutantDesk
from offhook_scenarios.mutants.steps import (
    MUTE,
    answered,
    cut,
    force,
    mute,
    news_late,
    plan,
    refused,
    slow,
    unmute,
)
from offhook_scenarios.mutants.works import Works, swap
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"
_OWN = "our own"


def no_serialize(works: Works) -> None:
    """A press is sent at once, beside the one before it, and without a number."""
    count = 0

    class Beside(Tasks):
        def run(self, name: str, work: Work) -> None:
            nonlocal count
            count += name == "mute"
            super().run(f"mute {count}" if name == "mute" else name, work)

    class Anonymous(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            self._instance, known = f"{self._instance}-{order.generation}", self._instance
            try:
                return await super()._attempt(replace(order, if_match=None), client_id)
            finally:
                self._instance = known

    class Hasty(Desk):
        def want(self, *, muted: bool) -> int:
            self._reconciler.state = replace(self._reconciler.state, flight=None)
            return super().want(muted=muted)

    swap(works.tasks, Beside)
    swap(works.sender, Anonymous)
    swap(works.desk, Hasty)


def superseded_hangs(works: Works) -> None:
    """A wish that a later one took the place of is never ended."""

    class Forgets(Waiters):
        def supersede(self, generation: int, *, muted: bool) -> None:
            return

    swap(works.desk._waiters, Forgets)
    works.options(interactive_deadline_s=1e6)


def drops_offline(works: Works) -> None:
    """A press while the socket is down goes nowhere."""

    class Drops(Desk):
        async def set_mute(self, *, muted: bool, deadline_s: float | None = None) -> ClientBelief:
            if self.belief.link is Link.DOWN:
                return self.belief
            return await super().set_mute(muted=muted, deadline_s=deadline_s)

    swap(works.desk, Drops)


def first_unmute_lost(works: Works) -> None:
    """The first unmute after a reconnect is thought done without being sent."""
    fresh = False

    class Notes(Desk):
        def link_lost(self) -> None:
            nonlocal fresh
            fresh = True
            super().link_lost()

    class Loses(Sender):
        async def send(self, order: SendMute, client_id: str) -> None:
            nonlocal fresh
            if fresh and not order.muted:
                fresh = False
                self._report(signals.Accepted(generation=order.generation, version=order.if_match))
                return
            await super().send(order, client_id)

    swap(works.desk, Notes)
    swap(works.sender, Loses)


def stuck_after_outage(works: Works) -> None:
    """A mute that was under way when the link broke is under way for ever."""
    broken = False

    class Notes(Desk):
        def link_lost(self) -> None:
            nonlocal broken
            broken = True
            super().link_lost()

    class Stuck(Sender):
        async def send(self, order: SendMute, client_id: str) -> None:
            if broken:
                await asyncio.Event().wait()
            await super().send(order, client_id)

    swap(works.desk, Notes)
    swap(works.sender, Stuck)


def skips_what_seems_so(works: Works) -> None:
    """A press that agrees with what is believed is not sent."""
    works.rules(always_send=False)


def remembers_remote_mute(works: Works) -> None:
    """A press is compared with what was last sent, and skipped when it is the same."""
    sent: bool | None = None

    class Skips(Desk):
        async def set_mute(self, *, muted: bool, deadline_s: float | None = None) -> ClientBelief:
            nonlocal sent
            if sent is muted:
                return self.belief
            sent = muted
            return await super().set_mute(muted=muted, deadline_s=deadline_s)

    swap(works.desk, Skips)


class CutsWhenConfirmed(MutantDesk):
    """The local switch is cut when the server has muted, and not when mute is pressed."""

    def paint(self, belief: Belief) -> Belief:
        if belief.shown is Shown.MUTING and self._screen.microphone is Gate.OPEN:
            return replace(belief, gate=Gate.OPEN, switch=Gate.OPEN)
        return super().paint(belief)


def track_stays_open(works: Works) -> None:
    """A call brings a track of its own: what cuts the microphone cuts the one of before."""

    class FirstTrack(MicrophoneGate):
        _opened = False

        def move(self, position: ClientGate) -> None:
            if not self._opened:
                super().move(position)
            self._opened = self._opened or position is ClientGate.OPEN

    swap(works.desk._gate, FirstTrack)


class DoneIsFailed(MutantDesk):
    """A 204 has no body, reading it raises, and whoever pressed is told that it failed."""

    async def set_mute(self, muted: bool) -> Ending:
        ending = await super().set_mute(muted)
        return Ending.FAILED if ending is Ending.OK else ending


class FailureIsOvertaken(MutantDesk):
    """Whatever goes wrong is told as somebody else's doing, and shown as unknown."""

    _told = False

    async def set_mute(self, muted: bool) -> Ending:
        self._told = False
        ending = await super().set_mute(muted)
        self._told = ending is Ending.FAILED
        self.say(self.paint(self._screen))
        return Ending.OVERTAKEN if self._told else ending

    def paint(self, belief: Belief) -> Belief:
        pending = belief.shown in {Shown.MUTING, Shown.UNMUTING}
        return replace(belief, shown=Shown.UNKNOWN) if self._told and pending else belief


class _OpensAgain(MutantDesk):
    """Opens its switch again, and says so, until the next certain word."""

    _opened = False

    def paint(self, belief: Belief) -> Belief:
        self._opened = self._opened and belief.shown in {Shown.MUTING, Shown.UNKNOWN}
        return replace(belief, gate=Gate.OPEN, switch=Gate.OPEN) if self._opened else belief

    def open_again(self) -> None:
        """Sound passes from now on."""
        self._opened = self._screen.shown in {Shown.MUTING, Shown.UNKNOWN}
        self.say(self.paint(self._screen))


_PATIENCE_S = 2.0


class GateRestored(_OpensAgain):
    """A mute that is not confirmed in time is taken back here, while it is pursued there."""

    async def set_mute(self, muted: bool) -> Ending:
        if muted and self._screen.microphone is Gate.OPEN:
            self.run(self._take_back())
        return await super().set_mute(muted)

    async def _take_back(self) -> None:
        await asyncio.sleep(_PATIENCE_S)
        self.open_again()


class OpensInDoubt(_OpensAgain):
    """When the link is lost it would rather have the agent heard than cut off."""

    def paint(self, belief: Belief) -> Belief:
        if belief.shown is Shown.UNKNOWN and self.works.state.link is Link.DOWN:
            self._opened = True
        return super().paint(belief)


MUTANTS = (
    Mutant(
        name="no_serialize",
        bug="a press is sent at once, beside the one before it, and the two race",
        ports=_STUDY,
        patch=no_serialize,
        caught_by=(Invariant.I14,),
        plan=plan(slow(1, MUTE, 1, when="request"), mute(1.1), unmute(1.2)),
    ),
    Mutant(
        name="superseded_hangs",
        bug="whoever pressed before somebody pressed again is never told how it ended",
        ports=_OWN,
        patch=superseded_hangs,
        caught_by=(Invariant.I9,),
        plan=plan(mute(1), unmute(1)),
    ),
    Mutant(
        name="drops_offline",
        bug="a press while the socket is down never reaches the server",
        ports="LiveKit for JavaScript: mutes made while disconnected were lost",
        link="https://github.com/livekit/client-sdk-js/pull/289",
        patch=drops_offline,
        caught_by=(Invariant.I14, Invariant.I9),
        plan=plan(cut(1), mute(1)),
    ),
    Mutant(
        name="first_unmute_lost",
        bug="the first unmute after a reconnect has no effect",
        ports="LiveKit for Android: the first unmute after reconnecting does nothing",
        link="https://github.com/livekit/client-sdk-android/issues/109",
        patch=first_unmute_lost,
        caught_by=(Invariant.I14, Invariant.I9),
        plan=plan(mute(1), cut(2), unmute(5)),
    ),
    Mutant(
        name="stuck_after_outage",
        bug="after an outage the microphone shows one state for ever, and cannot be changed",
        ports="LiveKit for Flutter: wrong state after a network outage, and no way to change it",
        link="https://github.com/livekit/client-sdk-flutter/issues/962",
        patch=stuck_after_outage,
        caught_by=(Invariant.I1, Invariant.I9, Invariant.I14),
        plan=plan(cut(1), mute(4)),
    ),
    Mutant(
        name="skips_what_seems_so",
        bug="a press that agrees with what is believed is not sent, though the belief may be old",
        ports="Amazon Connect Streams: after hold and resume, unmute does nothing",
        link="https://github.com/amazon-connect/amazon-connect-streams/issues/705",
        patch=skips_what_seems_so,
        caught_by=(Invariant.I14, Invariant.I9),
        plan=plan(mute(1), news_late(2, 3), force(2.1, muted=False), mute(3)),
    ),
    Mutant(
        name="remembers_remote_mute",
        bug="its idea of the remote mute is what it sent last, and a press that agrees is skipped",
        ports="Webex for JavaScript: the idea of remote mute drifts, and unmute is skipped",
        link="https://github.com/webex/webex-js-sdk/pull/3797",
        patch=remembers_remote_mute,
        caught_by=(Invariant.I14, Invariant.I9),
        plan=plan(mute(1), force(3, muted=False), mute(5)),
    ),
    Mutant(
        name="cuts_when_confirmed",
        bug="the local switch waits for the server's word, and does not cut when mute is pressed",
        ports=_OWN,
        page=CutsWhenConfirmed,
        caught_by=(Invariant.I2,),
        plan=plan(slow(1, MUTE, 2, when="request"), mute(1.1)),
    ),
    Mutant(
        name="track_stays_open",
        bug="the switch cuts a track that is in use no more, and says that it has cut",
        ports=_OWN,
        patch=track_stays_open,
        caught_by=(Invariant.I2,),
        plan=plan(slow(1, MUTE, 2, when="request"), mute(1.1)),
    ),
    Mutant(
        name="gate_restored",
        bug="the local switch opens again when a mute is not confirmed within two seconds",
        ports=_OWN,
        page=GateRestored,
        caught_by=(Invariant.I2,),
        plan=plan(slow(1, MUTE, 4, when="request"), mute(1.1)),
    ),
    Mutant(
        name="opens_in_doubt",
        bug="the local switch opens when the link is lost, also while mute is wanted",
        ports=_OWN,
        page=OpensInDoubt,
        caught_by=(Invariant.I2,),
        plan=plan(refused(1, 5), cut(1), mute(1.1)),
    ),
    Mutant(
        name="done_is_failed",
        bug="an answer without a body is told as a failure, though the mute is done",
        ports="a habit of the browser: response.json() of a 204 raises",
        page=DoneIsFailed,
        caught_by=(Invariant.I9,),
        plan=plan(news_late(1, 3), mute(1.1)),
    ),
    Mutant(
        name="failure_is_overtaken",
        bug="whatever goes wrong is told as overtaken by somebody else, and nobody was there",
        ports=_OWN,
        page=FailureIsOvertaken,
        caught_by=(Invariant.I9,),
        plan=plan(answered(1, MUTE, 503, times=None, lasts_s=15), mute(1.1)),
    ),
)
