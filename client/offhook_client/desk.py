"""A desk: one device of one user, kept true.

The shell round `offhook_client.protocol`: it carries out what the protocol orders and reports
what becomes of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from offhook_client import signals
from offhook_client.calls import Caller
from offhook_client.device import Device
from offhook_client.errors import (
    ClientError,
    ClosedError,
    ForcedError,
    MuteConflictError,
    OvertakenError,
    RefusedError,
)
from offhook_client.events import EventSocket
from offhook_client.frames import read_frame, read_view
from offhook_client.front import Front
from offhook_client.gate import MicrophoneGate
from offhook_client.models import ClientView, Frame, Gate, Version
from offhook_client.observers import Observers
from offhook_client.reconciler import Reconciler
from offhook_client.sender import Sender
from offhook_client.signals import Order, Outcome, SendMute, Signal
from offhook_client.state import Setup
from offhook_client.tasks import Tasks


class Desk(Front):
    """One device of one user: says what is true, keeps the microphone honest.

    Made by `Account.desk`. Everything is called on the loop that the desk runs on.
    """

    def __init__(
        self,
        caller: Caller,
        *,
        device_id: str,
        instance: str,
        muted: bool | None,
        microphone: Callable[[Gate], None] | None,
    ) -> None:
        super().__init__(caller.http)
        self.device_id = device_id
        self.instance = instance
        """The name under which this desk numbers its intents."""
        self._device = Device(caller, device_id)
        self._caller = caller
        self._first_wish = muted
        self._gate = MicrophoneGate(microphone)
        options = caller.http.options
        setup = Setup(
            reassertions=options.reassertions,
            reassertion_window_s=options.reassertion_window_s,
            poll_s=options.poll_s,
        )
        self._reconciler = Reconciler(setup, now=self._http.now())
        self.belief = self._reconciler.belief
        self._signals: list[Signal] = []
        self._timer: asyncio.TimerHandle | None = None
        self._tasks = Tasks(self._stop)
        self._socket: EventSocket | None = None
        self._client_id: str | None = None
        """Of the device that was established last."""
        self._sender = Sender(
            caller,
            self._waiters,
            instance=instance,
            report=self._feed,
            is_wanted=lambda order: self._reconciler.state.wants(order),  # noqa: PLW0108 - of then.
        )
        self._frames = Observers[Frame]()

    # Life.

    async def start(self) -> None:
        """Establish the session and return once it is, the event socket following on its own.

        Raises `RefusedError`, `LoginRefusedError` or `UnreachableError`; and what has ended the
        desk, if anything has: an ended one never begins again.
        """
        self._check_not_ended()
        deadline = self._http.now() + self._http.options.interactive_deadline_s
        view = await self._device.read(deadline=deadline)
        self._check_not_ended()
        if view is None:
            raise RefusedError(
                404, "not.found", "The user has no WebRTC client: no licence, or another state."
            )
        if self._first_wish is not None:
            self._feed(signals.Toggled(muted=self._first_wish))
        self._settle_in(view)

    async def close(self) -> None:
        """Cut the gate and let go of the socket. The session on the server stays."""
        self._stop(ClosedError("The desk was closed."))
        if self._socket is not None:
            await self._socket.leave()
        await self._tasks.close()

    async def delete(self) -> None:
        """End the session on the server, then close. A session that is gone already is success."""
        client_id = self.belief.client_id
        await self.close()
        if client_id is not None:
            deadline = self._http.now() + self._http.options.interactive_deadline_s
            await self._device.delete(client_id, deadline=deadline)

    # Wishes.

    def want(self, *, muted: bool) -> int:
        """Say what is wanted and return at once; to mute, the gate is cut before this returns.

        The number is the wish's generation. Beliefs tell how it goes. Raises what has ended the
        desk, if anything has; its gate is cut then.
        """
        self._check_not_ended()
        generation = self._next_wish()
        self._waiters.supersede(generation, muted=muted)
        self._feed(signals.Toggled(muted=muted))
        return generation

    def _next_wish(self) -> int:
        return self._reconciler.state.generation + 1

    def _circumstances(self) -> str:
        return f"link {self.belief.link}, device {self.belief.status}"

    # What comes and goes on the socket.

    def on_frame(self, observer: Callable[[Frame], None]) -> Callable[[], None]:
        """Call `observer` with each frame of the event socket, as it came. Returns unsubscribe."""
        return self._frames.add(observer)

    async def report(self, report: object) -> None:
        """Send a report of the device up the socket: native mute, headset mute, audio level."""
        if self._socket is not None:
            await self._socket.send(report)

    # The listener of the event socket.

    def since(self) -> Version | None:
        """From where replay is asked for: what was heard without a gap."""
        return self._reconciler.state.heard

    def dialling(self) -> None:
        """The socket is about to be opened."""
        self._feed(signals.Dialling())

    def frame(self, frame: Frame) -> None:
        """A frame has come."""
        self._feed(read_frame(frame, self.instance))
        self._frames.tell(frame)

    def garbled(self) -> None:
        """A frame has come that cannot be read."""
        self._feed(signals.Garbled())

    def link_lost(self) -> None:
        """The socket is closed or held for dead."""
        if self._failure is None:
            self._tasks.cancel("read")
            self._feed(signals.LinkLost())

    def gone(self) -> None:
        """The device is no more."""
        self._feed(signals.Gone())

    def failed(self, error: ClientError) -> None:
        """The socket will not come back."""
        self._stop(error)

    # The protocol.

    def _feed(self, signal: Signal) -> None:
        """Step, then carry out. What is fed meanwhile waits its turn."""
        self._signals.append(signal)
        if len(self._signals) > 1:
            return
        try:
            while self._signals:
                if self._failure is None:
                    self._reconciler.receive(self._signals[0], now=self._http.now())
                    self._carry_out()
                self._signals.pop(0)
        finally:
            self._signals.clear()

    def _carry_out(self) -> None:
        for order in self._reconciler.take_orders():
            self._obey(order)
        self._arm()
        self._announce()

    def _obey(self, order: Order) -> None:
        match order:
            case signals.MoveGate(position=position):
                self._gate.move(position)
            case SendMute():
                client_id = self._reconciler.state.client_id
                assert client_id is not None
                self._tasks.run("mute", partial(self._sender.send, order, client_id))
            case signals.AskSnapshot(reason=reason):
                self._http.note("desk", "resync", reason)
                self._tasks.run("read", self._read)
            case signals.Establish():
                self._tasks.cancel("mute", "read", "socket")
                self._tasks.run("establish", self._establish)
            case signals.Tell(outcome=outcome, generation=generation):
                self._end_wish(outcome, generation)

    def _end_wish(self, outcome: Outcome, generation: int) -> None:
        match outcome:
            case Outcome.CONFIRMED:
                self._waiters.confirm(generation, self._reconciler.belief)
            case Outcome.OVERTAKEN:
                self._waiters.fail(
                    OvertakenError("Somebody else set mute after this wish."), generation=generation
                )
            case Outcome.FORCED | Outcome.REFUSED:
                refusal = self._sender.error
                if outcome is Outcome.FORCED and isinstance(refusal, RefusedError):
                    refusal = ForcedError(refusal.status, refusal.code, refusal.message)
                assert refusal is not None
                self._waiters.fail(refusal, generation=generation)
            case Outcome.CONFLICT:
                error = MuteConflictError("The mute does not hold; the microphone stays cut.")
                self._waiters.fail(error)
                self._troubles.tell(error)

    def _announce(self) -> None:
        belief = self._reconciler.belief
        if belief != self.belief:
            self.belief = belief
            self._changes.tell(belief)

    # Tasks.

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._reconciler.next_deadline()
        if deadline is not None:
            self._timer = asyncio.get_running_loop().call_at(deadline, self._wake)

    def _wake(self) -> None:
        self._reconciler.handle_timer(now=self._http.now())
        self._carry_out()

    def _settle_in(self, view: ClientView) -> None:
        again, self._client_id = view.id == self._client_id, view.id
        snapshot = read_view(view)
        self._feed(signals.Established(client_id=view.id, snapshot=snapshot, again=again))
        socket = EventSocket(self._http, self._caller.tokens, view.id, self)
        if again and self._socket is not None:
            socket.follow(self._socket)
        self._socket = socket
        self._tasks.run("socket", socket.run)

    async def _establish(self) -> None:
        self._settle_in(await self._device.read_until_there())

    async def _read(self) -> None:
        view = await self._device.read_patiently()
        if view is None or view.id != self._reconciler.state.client_id:
            self._feed(signals.Gone())
        else:
            self._feed(read_view(view))

    def _stop(self, error: ClientError) -> None:
        """End for good: cut, tell, let go. Only the first time counts."""
        if self._failure is not None:
            return
        self._gate.move(Gate.CUT)
        self._reconciler.receive(signals.LinkLost(), now=self._http.now())
        self._reconciler.take_orders()
        self._reconciler.state = replace(self._reconciler.state, gate=Gate.CUT)
        self._failure = error
        if self._timer is not None:
            self._timer.cancel()
        self._tasks.cancel("mute", "read", "establish")
        if not isinstance(error, ClosedError):
            self._tasks.cancel("socket")
        self._waiters.fail(error)
        self._announce()
        self._troubles.tell(error)
