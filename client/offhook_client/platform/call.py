"""One live call of a desk: its protocol, its sender, and who is told what becomes of them."""

from collections.abc import Callable

from offhook_client.calls import Caller
from offhook_client.models import Belief
from offhook_client.platform.models import Leg
from offhook_client.platform.participants import ParticipantSender, place
from offhook_client.reconciler import Reconciler
from offhook_client.signals import Signal
from offhook_client.state import Progress, Setup, State
from offhook_client.waiting import Waiters


class LiveCall:
    """A call in which the person can be heard. To the protocol, a device of its own."""

    def __init__(
        self,
        leg: Leg,
        caller: Caller,
        waiters: Waiters,
        *,
        setup: Setup,
        report: Callable[["LiveCall", Signal], None],
    ) -> None:
        self.leg = leg
        """As it was last read."""
        self.place = place(leg.call_id, leg.participant_id)
        self.reconciler = Reconciler(setup, now=caller.http.now())
        self.sender = ParticipantSender(
            caller,
            waiters,
            instance="",
            report=lambda signal: report(self, signal),
            is_wanted=lambda order: self.state.wants(order),  # noqa: PLW0108 - the state of then.
        )
        self.accepted_at: float | None = None
        """Since when a 202 waits to be seen, in the loop's time; None when none does."""
        self.refused = False
        """The last wish was refused. That the call is over would explain it."""

    @property
    def id(self) -> str:
        """The conversation's."""
        return self.leg.call_id

    @property
    def state(self) -> State:
        """What the protocol knows."""
        return self.reconciler.state

    @property
    def belief(self) -> Belief:
        """What is held for true of this call alone."""
        return self.reconciler.belief

    def receive(self, signal: Signal, *, now: float) -> None:
        """Something has happened; what to do about it is in `reconciler.take_orders`."""
        self.reconciler.receive(signal, now=now)
        if self.state.progress is not Progress.PROCESSED:
            self.accepted_at = None
        elif self.accepted_at is None:
            self.accepted_at = now

    def holds(self, *, muted: bool) -> bool:
        """This wish is a fact here, as read."""
        state = self.state
        if state.pending or state.desired is None or state.observed is None:
            return False
        return state.desired.muted == muted == state.observed.muted
