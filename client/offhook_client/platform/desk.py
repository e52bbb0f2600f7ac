"""A desk on the platform dialect: all calls of one user, and one microphone.

async with Account(url, grant) as account, PlatformDesk(account.caller) as desk:
    await desk.set_mute(muted=True)

Each live call has a protocol of its own, the same as a device of the tutorial's dialect; the
microphone is one. Everything that is shown was read by `GET …/conversations/calls`, after
whatever last gave reason to doubt it: a 202, an event, a gap (see `reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from offhook_client import signals
from offhook_client.calls import Caller
from offhook_client.errors import (
    ClientError,
    ClosedError,
    MuteConflictError,
    OvertakenError,
)
from offhook_client.front import Front
from offhook_client.gate import MicrophoneGate
from offhook_client.models import Belief, Gate, Link
from offhook_client.platform import picture, reading
from offhook_client.platform.call import LiveCall
from offhook_client.platform.channel_socket import ChannelSocket
from offhook_client.platform.models import Call, Leg, own_leg
from offhook_client.platform.pace import DEFAULT, Pace
from offhook_client.platform.reader import Reader
from offhook_client.platform.user import User
from offhook_client.signals import Order, Outcome, SendMute, Signal
from offhook_client.state import Setup
from offhook_client.tasks import Tasks


class PlatformDesk(Front):
    """Everything is called on the loop that the desk runs on.

    `caller`: of an `Account`, entered, with a grant that logs a user in. `muted` is a first wish
    (None: take over what calls say). `microphone` is told to cut or open the local track.
    """

    def __init__(
        self,
        caller: Caller,
        *,
        muted: bool | None = None,
        microphone: Callable[[Gate], None] | None = None,
        pace: Pace = DEFAULT,
    ) -> None:
        super().__init__(caller.http)
        self._caller = caller
        options = caller.http.options
        self._setup = Setup(
            reassertions=options.reassertions,
            reassertion_window_s=options.reassertion_window_s,
        )
        self._gate = MicrophoneGate(microphone)
        self._wish = muted
        self._number = 0
        """Of the person's last wish."""
        self._calls: dict[str, LiveCall] = {}
        self._link = Link.DOWN
        self._signals: list[tuple[LiveCall, Signal]] = []
        self._tasks = Tasks(self._stop)
        self._user = User(caller)
        self._reader = Reader(
            self._user, pace, self._tasks, calls=self._calls.values, take=self._take
        )
        self._socket = ChannelSocket(caller, self._user, self, pace)
        self._told: Mapping[str, Belief] = {}
        """The calls as they were last told."""
        self.belief = self._believed()

    @property
    def calls(self) -> Mapping[str, Belief]:
        """What is held for true of each live call, by conversation id."""
        return {each.id: each.belief for each in self._calls.values()}

    @property
    def channel_id(self) -> str | None:
        """The notification channel in use."""
        return self._socket.channel_id

    # Life.

    async def start(self) -> None:
        """Find out who the user is; channel, socket and calls follow on their own.

        Raises `RefusedError`, `LoginRefusedError` or `UnreachableError`; and what has ended the
        desk, if anything has: an ended one never begins again.
        """
        self._check_not_ended()
        deadline = self._http.now() + self._http.options.interactive_deadline_s
        await self._user.find(deadline=deadline)
        self._check_not_ended()
        self._tasks.run("socket", self._socket.run)

    async def close(self) -> None:
        """Cut the gate and let go of the socket. Calls go on; the channel expires by itself."""
        self._stop(ClosedError("The desk was closed."))
        await self._socket.leave()
        await self._tasks.close()

    # Wishes.

    def want(self, *, muted: bool) -> int:
        """Say what is wanted of all live calls, and of calls to come; returns at once.

        To mute, the gate is cut before this returns. The number is the wish's. A call to come
        is muted for a wish to mute; for a wish to be live it is left as it comes.
        Raises what has ended the desk, if anything has; its gate is cut then.
        """
        self._check_not_ended()
        self._number = self._next_wish()
        self._wish = muted
        self._waiters.supersede(self._number, muted=muted)
        self._feed(*((call, signals.Toggled(muted=muted)) for call in self._calls.values()))
        return self._number

    def _next_wish(self) -> int:
        return self._number + 1

    def _circumstances(self) -> str:
        return f"link {self._link}, {len(self._calls)} live calls"

    # The listener of the channel's socket.

    def subscribed(self) -> None:
        """Nothing is missed from here on: now is the time to read."""
        self._link = Link.SUBSCRIBING
        self._reader.ask("subscribed", due=True)
        self._feed(*((call, signals.Subscribed(version=None)) for call in self._calls.values()))

    def heard(self, call: Call) -> None:
        """An event: a reason to read, or nothing new."""
        leg = own_leg(call, self._user.id)
        if leg is None:
            return
        self._reader.nudge()
        known = self._calls.get(leg.call_id)
        if known is None:
            if leg.live:
                self._reader.ask("an event of an unknown call", due=True)
        elif not leg.live or leg.participant_id != known.leg.participant_id:
            self._reader.ask(f"an event: the user's part is {leg.state}", due=True)
        else:
            doubt = reading.hint(known.state, leg)
            if isinstance(doubt, signals.Garbled):
                self._http.note("calls", "doubt", f"an event says muted: {leg.muted}")
            self._feed((known, doubt))
        self._settle()

    def garbled(self) -> None:
        """What this frame said is unknown."""
        self._reader.ask("unreadable frame", due=True)
        self._feed(*((call, signals.Garbled()) for call in self._calls.values()))

    def link_lost(self) -> None:
        """Nothing vouches for what is known."""
        if self._failure is None:
            self._link = Link.DOWN
            self._reader.drop()
            self._feed(*((call, signals.LinkLost()) for call in self._calls.values()))

    def gone(self) -> None:
        """Never told: a channel that is gone is replaced by the socket itself."""

    def failed(self, error: ClientError) -> None:
        """The socket will not come back."""
        self._stop(error)

    # The protocols.

    def _feed(self, *news: tuple[LiveCall, Signal]) -> None:
        """Step, then carry out. What is fed meanwhile waits its turn."""
        self._signals.extend(news)
        if len(self._signals) > len(news):
            return
        try:
            while self._signals:
                call, signal = self._signals[0]
                if self._failure is None and self._calls.get(call.id) is call:
                    call.receive(signal, now=self._http.now())
                    for order in call.reconciler.take_orders():
                        self._obey(call, order)
                self._signals.pop(0)
        finally:
            self._signals.clear()
        self._settle()

    def _obey(self, call: LiveCall, order: Order) -> None:
        match order:
            case SendMute():
                send = partial(call.sender.send, order, call.place)
                self._tasks.run(f"mute {call.id}", send)
            case signals.AskSnapshot(reason=reason):
                self._reader.ask(reason)
            case signals.Establish():
                self._forget(call)
                self._reader.ask("the call is over", due=True)
            case signals.Tell(outcome=Outcome.OVERTAKEN):
                self._waiters.fail(OvertakenError("Somebody else set mute after this wish."))
            case signals.Tell(outcome=Outcome.CONFLICT):
                error = MuteConflictError("The mute does not hold; the microphone stays cut.")
                self._waiters.fail(error)
                self._troubles.tell(error)
            case signals.Tell(outcome=Outcome.REFUSED):
                call.refused = True

    def _forget(self, call: LiveCall) -> None:
        del self._calls[call.id]
        self._tasks.cancel(f"mute {call.id}")

    def _settle(self) -> None:
        """After every change: the gate first, then what has to be read, then who is to be told."""
        if self._failure is not None:
            return
        belief = self._believed()
        self._gate.move(belief.gate)
        self._reader.start()
        if (belief, self.calls) != (self.belief, self._told):
            self.belief, self._told = belief, self.calls
            self._changes.tell(belief)
        self._confirm()

    def _confirm(self) -> None:
        wish = self._wish
        if wish is None or self._reader.due or not (self._calls or self._link is Link.LIVE):
            return
        if all(call.holds(muted=wish) for call in self._calls.values()):
            self._waiters.confirm(self._number, self.belief)

    def _believed(self) -> Belief:
        beliefs = [call.belief for call in self._calls.values()]
        return picture.belief(beliefs, link=self._link, wish=self._wish)

    # What was read.

    def _take(self, legs: Mapping[str, Leg]) -> None:
        """What was read holds for every call, also for those that nobody asked about."""
        if self._link is Link.SUBSCRIBING:
            self._link = Link.LIVE
        for call in tuple(self._calls.values()):
            leg = legs.get(call.id)
            if leg is None or not leg.live or leg.participant_id != call.leg.participant_id:
                self._forget(call)
        news: list[tuple[LiveCall, Signal]] = []
        for leg in legs.values():
            known = self._calls.get(leg.call_id)
            if known is not None:
                news.extend((known, signal) for signal in self._news(known, leg))
            elif leg.live:
                news.extend(self._discovered(leg))
        self._feed(*news)

    def _news(self, call: LiveCall, leg: Leg) -> tuple[Signal, ...]:
        call.leg = leg
        if call.refused:
            call.refused = False
            assert call.sender.error is not None
            self._waiters.fail(call.sender.error)
        return reading.read(call.state, leg)

    def _discovered(self, leg: Leg) -> list[tuple[LiveCall, Signal]]:
        """A call begins, for us. A wish to mute comes first, so that it is the first request."""
        call = LiveCall(leg, self._caller, self._waiters, setup=self._setup, report=self._report)
        self._calls[leg.call_id] = call
        look = reading.snapshot(call.state, leg)
        news: list[Signal] = [signals.Established(client_id=call.place, snapshot=look)]
        if self._wish:
            news.insert(0, signals.Toggled(muted=True))
        if self._link is Link.LIVE:
            # The channel was heard before this was read.
            news += [signals.Subscribed(version=None), look]
        return [(call, signal) for signal in news]

    def _report(self, call: LiveCall, signal: Signal) -> None:
        self._reader.nudge()
        self._feed((call, signal))

    # The end.

    def _stop(self, error: ClientError) -> None:
        """End for good: cut, tell, let go. Only the first time counts."""
        if self._failure is not None:
            return
        self._gate.move(Gate.CUT)
        self._failure = error
        self._reader.drop()
        self._tasks.cancel(*(f"mute {call.id}" for call in self._calls.values()))
        if not isinstance(error, ClosedError):
            self._tasks.cancel("socket")
        self._calls.clear()
        self._link = Link.DOWN
        self._waiters.fail(error)
        self.belief = self._believed()
        self._changes.tell(self.belief)
        self._troubles.tell(error)
