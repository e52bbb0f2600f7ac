"""The protocol as an object that lives in time: `receive`, `next_deadline`, `take_orders`."""

from offhook_client.models import Belief
from offhook_client.protocol import next_deadline_in_s, step
from offhook_client.signals import Order, Signal, Timer
from offhook_client.state import Setup, State, believe


class Reconciler:
    """Holds the state of one desk. Times are the loop's, in seconds."""

    def __init__(self, setup: Setup, *, now: float) -> None:
        self.setup = setup
        self.state = State()
        self._at = now
        self._orders: list[Order] = []

    @property
    def belief(self) -> Belief:
        """The public picture."""
        return believe(self.setup, self.state)

    def receive(self, signal: Signal, *, now: float) -> None:
        """Something has happened. What to do about it waits in `take_orders`."""
        elapsed_s = max(0.0, now - self._at)
        self.state, orders = step(self.setup, self.state, signal, elapsed_s)
        self._at = max(self._at, now)
        self._orders.extend(orders)

    def next_deadline(self) -> float | None:
        """When `handle_timer` has something to do."""
        in_s = next_deadline_in_s(self.state)
        return None if in_s is None else self._at + in_s

    def handle_timer(self, *, now: float) -> None:
        """Meet the deadline, even when the clock wakes a hair early."""
        deadline = self.next_deadline()
        if deadline is None:
            return
        self.receive(Timer(), now=max(now, deadline))
        later = self.next_deadline()
        assert later is None or later > deadline, f"what was due at {deadline} was not met"

    def take_orders(self) -> tuple[Order, ...]:
        """What to do, in this order. Asking empties it."""
        orders = tuple(self._orders)
        self._orders.clear()
        return orders
