"""The desk in a search: states of the real protocol, and what each signal makes of them."""

from collections.abc import Callable

from msgspec.structs import replace

from offhook_client.models import Shown
from offhook_client.protocol import step
from offhook_client.signals import Order, Signal
from offhook_client.state import Setup, State, shown
from offhook_scenarios.search.parts import Memo, Parts

SIGNAL_BITS = 20
UNTIRING = Setup(reassertions=1_000)
"""No time passes in a search, so a desk that gave up after five re-assertions would be no finding;
and their ages are forgotten, because this one never looks at them."""


class Desks:
    """Every state that was met, every signal that came, and the orders that were given."""

    def __init__(
        self, setup: Setup, *, bits: int, mark: Callable[[State], int] = lambda _state: 0
    ) -> None:
        self.setup = setup
        self.states = Parts[State]("states of the desk", bits=bits, mark=mark)
        self.signals = Parts[Signal]("signals", bits=SIGNAL_BITS)
        self.orders = Parts[tuple[Order, ...]]("orders of the desk", bits=SIGNAL_BITS)
        self.orders.number(())
        self.after: Memo[tuple[int, int]] = Memo(self._step)
        """By `state << SIGNAL_BITS | signal`: the state after it, and the orders (0: none)."""
        self.shown: Memo[Shown] = Memo(lambda state: shown(setup, self.states.values[state]))

    def number(self, state: State) -> int:
        """The number of a state, its age aside."""
        return self.states.number(replace(state, reassertion_ages_s=()))

    def _step(self, key: int) -> tuple[int, int]:
        state = self.states.values[key >> SIGNAL_BITS]
        signal = self.signals.values[key & (1 << SIGNAL_BITS) - 1]
        after, orders = step(self.setup, state, signal)
        return self.number(after), self.orders.number(orders)
