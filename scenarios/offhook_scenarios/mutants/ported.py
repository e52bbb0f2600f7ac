"""Mutants that port public bugs: mute state that goes wrong elsewhere."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from msgspec.structs import replace

from offhook_client import facts, protocol, signals, wishes
from offhook_client.desk import Desk
from offhook_client.events import End, EventSocket
from offhook_client.http import Reply
from offhook_client.models import ClientView, Link, Source
from offhook_client.models import Gate as ClientGate
from offhook_client.sender import Sender
from offhook_client.signals import Order, SendMute
from offhook_client.state import Fact, Setup, State
from offhook_client.tokens import Token
from offhook_scenarios.adapters.adapter import Belief, Config, Ending, Gate
from offhook_scenarios.mutants.habits import Page
from offhook_scenarios.mutants.mutant import Mutant, MutantDesk
from offhook_scenarios.mutants.steps import cut, force, mute, plan, restart, unmute
from offhook_scenarios.mutants.works import Works, grafted, swap
from offhook_scenarios.oracles.finding import Invariant


class SyncUnmutes(MutantDesk):
    """Every five seconds it writes its own last word over what the server holds."""

    wanted = False

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        self.run(self._sync())

    async def set_mute(self, muted: bool) -> Ending:
        self.wanted = muted
        return await super().set_mute(muted)

    async def _sync(self) -> None:
        while True:
            await asyncio.sleep(5.0)
            observed = self.works.state.observed
            if observed is not None and observed.muted != self.wanted:
                await self.post(self.wanted)


class BlurFlips(Page):
    """The window loses focus some seconds after a press, and what was there before is sent."""

    async def set_mute(self, muted: bool) -> Ending:
        before = self.picture
        ending = await super().set_mute(muted)
        if before is not None:
            self.run(self._blur(before))
        return ending

    async def _blur(self, before: bool) -> None:
        await asyncio.sleep(4.0)
        await self.post(before)


class _Rejoins(MutantDesk, ABC):
    """Does `rejoin` each time the socket is live again after it was down."""

    _was = Link.DOWN
    _joined = False

    def paint(self, belief: Belief) -> Belief:
        link = self.works.desk.belief.link
        if link is Link.LIVE and self._was is not Link.LIVE:
            if self._joined:
                self.run(self.rejoin())
            self._joined = True
        self._was = link
        return super().paint(belief)

    @abstractmethod
    async def rejoin(self) -> None:
        """What a page does that has joined again."""


class JoinsWithLobby(_Rejoins):
    """Sends the choice of the lobby, which was: not muted."""

    async def rejoin(self) -> None:
        await self.post(False)


class SendsOwnAgain(_Rejoins):
    """Sends the agent's last press again, whoever has set mute since."""

    wanted: bool | None = None

    async def set_mute(self, muted: bool) -> Ending:
        self.wanted = muted
        return await super().set_mute(muted)

    async def rejoin(self) -> None:
        if self.wanted is not None:
            await self.post(self.wanted)


class OpensTheMicrophone(JoinsWithLobby):
    """As one who joins anew: not muted; the button still says what was pressed last."""

    pressed: Belief | None = None

    async def set_mute(self, muted: bool) -> Ending:
        ending = await super().set_mute(muted)
        self.pressed = self._screen
        return ending

    def paint(self, belief: Belief) -> Belief:
        return replace(
            self.pressed or super().paint(belief),
            gate=Gate.UNKNOWN,
            switch=Gate.UNKNOWN,
            version=None,
        )


def gate_stays_cut(works: Works) -> None:
    """Once a supervisor has set mute, the local switch is never opened again."""

    def gate(setup: Setup, state: State) -> ClientGate:
        external = state.desired is not None and state.desired.source is Source.EXTERNAL
        touched = state.observed is not None and state.observed.cause == "admin"
        return ClientGate.CUT if external and touched else protocol._gate(setup, state)

    works.step(_gate=gate)


def id_of_old_page(works: Works) -> None:
    """Mutes go to the device of the first page for ever, and nobody looks at the answers."""
    known: list[str] = []

    class Notes(Desk):
        def _settle_in(self, view: ClientView) -> None:
            known.append(view.id)
            super()._settle_in(view)

    class Old(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            reply = await super()._attempt(order, known[0])
            return replace(reply, trouble=None)

    swap(works.desk, Notes)
    swap(works.sender, Old)


def listener_of_old_socket(works: Works) -> None:
    """The listener stays with the first socket: what the later ones tell, nobody hears."""
    dials = 0

    class Bound(EventSocket):
        def _hand_over(self, text: str | bytes) -> None:
            if dials == 1 or "subscribed" in str(text):
                super()._hand_over(text)

        async def _dial(self, token: Token) -> End:
            nonlocal dials
            dials += 1
            return await super()._dial(token)

    works.sockets(Bound)


def reset_is_a_wish(works: Works) -> None:
    """That the server has unmuted on a reconnect counts as somebody's wish."""

    def is_claim(fact: Fact, *, gesture: bool) -> bool:
        return fact.cause == "default-reset" or wishes.is_claim(fact, gesture=gesture)

    hear = grafted(facts._hear, is_claim=is_claim)
    take = grafted(facts._take_snapshot, is_claim=is_claim, _OTHER_HANDS={"default-reset"})
    works.handle(
        {
            signals.MuteEvent: grafted(facts.event, _hear=hear),
            signals.Snapshot: grafted(facts.snapshot, _take_snapshot=take),
        }
    )


def never_reasserts(works: Works) -> None:
    """A mute that the server has undone on a reconnect is not sent again."""

    def reconcile(setup: Setup, state: State, orders: list[Order]) -> State:
        return protocol._reconcile(setup, state, orders) if state.pending else state

    works.step(_reconcile=reconcile)


_STREAMS = "https://github.com/amazon-connect/amazon-connect-streams/issues/"

MUTANTS = (
    Mutant(
        name="sync_unmutes",
        bug="a routine that keeps both sides in step writes its own side over a supervisor's mute",
        ports="Amazon Connect Streams: the panel unmutes agents seconds after a mute by the API",
        link=_STREAMS + "785",
        page=SyncUnmutes,
        caught_by=(Invariant.I7,),
        plan=plan(force(1, muted=True)),
    ),
    Mutant(
        name="blur_flips",
        bug="when the window loses focus, what was shown before the last press is sent",
        ports="Amazon Connect Streams: mute flips back when the window loses focus",
        link=_STREAMS + "857",
        page=BlurFlips,
        caught_by=(Invariant.I14,),
        plan=plan(mute(1)),
    ),
    Mutant(
        name="gate_stays_cut",
        bug="after a supervisor's hand the button says live, and the local switch stays cut",
        ports="Amazon Connect Streams: the button says unmuted, and the agent cannot be heard",
        link=_STREAMS + "911",
        patch=gate_stays_cut,
        caught_by=(Invariant.I3, Invariant.I1),
        plan=plan(force(1, muted=False)),
    ),
    Mutant(
        name="id_of_old_page",
        bug="mutes go to the device that the first page had, and the 404 is not looked at",
        ports="Amazon Connect Streams: mute fails in silence after a refresh of the page",
        link=_STREAMS + "75",
        patch=id_of_old_page,
        caught_by=(Invariant.I14, Invariant.I9, Invariant.I1),
        plan=plan(restart(1, 2, keeps_state=False), mute(15)),
    ),
    Mutant(
        name="listener_of_old_socket",
        bug="the listener stays with the first socket, and hears nothing of the later ones",
        ports="Amazon Connect Streams: the mute listener stops after a refresh",
        link=_STREAMS + "953",
        patch=listener_of_old_socket,
        caught_by=(Invariant.I1, Invariant.I3),
        plan=plan(cut(1), force(4, muted=True)),
    ),
    Mutant(
        name="joins_with_lobby",
        bug="each reconnect sends the choice of the lobby, and not what was pressed since",
        ports="Stream Video for JavaScript: a reconnect restored the lobby's settings",
        link="https://github.com/GetStream/stream-video-js/pull/694",
        page=JoinsWithLobby,
        caught_by=(Invariant.I14,),
        plan=plan(mute(1), cut(3)),
    ),
    Mutant(
        name="sends_own_again",
        bug="each reconnect sends the agent's last press again, over a supervisor's mute",
        ports="Element Call: a reconnection forgets the mutes that others have set",
        link="https://github.com/element-hq/element-call/issues/3170",
        page=SendsOwnAgain,
        caught_by=(Invariant.I7,),
        plan=plan(unmute(1), force(3, muted=True), cut(5)),
    ),
    Mutant(
        name="opens_the_microphone",
        bug="a reconnect opens a muted microphone, and the button still says muted",
        ports="BigBlueButton: reconnecting opens a muted microphone",
        link="https://github.com/mconf/bigbluebutton/issues/247",
        page=OpensTheMicrophone,
        caught_by=(Invariant.I2,),
        plan=plan(mute(1), cut(3)),
    ),
    Mutant(
        name="never_reasserts",
        bug="a mute that the server undid on a reconnect is not sent again",
        ports="BigBlueButton: the intent to be muted must be sent again on each reconnect",
        link="https://github.com/bigbluebutton/bigbluebutton/pull/25271",
        patch=never_reasserts,
        caught_by=(Invariant.I14, Invariant.I1),
        plan=plan(mute(1), cut(3), drop_grace_s=0.01, mute_after_reconnect="reset"),
    ),
    Mutant(
        name="reset_is_a_wish",
        bug="that the server unmuted on a reconnect counts as somebody's wish",
        ports="Amazon Connect Streams: repeated unmutes during conferences",
        link=_STREAMS + "820",
        patch=reset_is_a_wish,
        caught_by=(Invariant.I14,),
        plan=plan(mute(1), cut(3), drop_grace_s=0.01, mute_after_reconnect="reset"),
    ),
)
