"""The works of one client, laid open before it starts: where a mutant gets its bug.

Nothing here touches a module or a class of the client: two clients in one process, one of
them a mutant, do not notice each other.
"""

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, ParamSpec, TypeVar

import msgspec

from offhook_client import protocol
from offhook_client.aio import Account
from offhook_client.desk import Desk
from offhook_client.events import EventSocket
from offhook_client.models import Belief, Shown
from offhook_client.reconciler import Reconciler
from offhook_client.signals import Order, Signal
from offhook_client.state import Rules, Setup, State, believe

P = ParamSpec("P")
R = TypeVar("R")

NEVER_S = 1e6
"""What no session lasts."""

Step = Callable[[Setup, State, Signal, float], tuple[State, tuple[Order, ...]]]
Handler = Callable[[Setup, State, Any, list[Order]], State]


def grafted(function: Callable[P, R], **names: object) -> Callable[P, R]:
    """A copy of `function` that finds these where it looks for names of its module.

    So a bug deep inside takes one line for each function on the way to it. A name that the
    function does not look up fails at once: the client has changed, and the mutant must follow.
    """
    assert isinstance(function, FunctionType), f"{function!r} is written in no Python"
    strange = names.keys() - set(function.__code__.co_names)
    assert not strange, f"{function.__qualname__} uses no {', '.join(sorted(strange))}"
    copy = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def swap(thing: object, kind: type) -> None:
    """Make `thing` one of `kind`, a subclass of what it is."""
    assert issubclass(kind, type(thing)), f"{kind.__name__} is no {type(thing).__name__}"
    thing.__class__ = kind


class MutantReconciler(Reconciler):
    """The protocol with other functions."""

    step: Step = staticmethod(protocol.step)
    show: Callable[[Setup, State], Shown] | None = None

    @property
    def belief(self) -> Belief:
        """The public picture, as the mutant paints it."""
        belief = believe(self.setup, self.state)
        if self.show is None:
            return belief
        return msgspec.structs.replace(belief, shown=self.show(self.setup, self.state))

    def receive(self, signal: Signal, *, now: float) -> None:
        """As its parent does, with this one's step."""
        grafted(Reconciler.receive, step=self.step)(self, signal, now=now)


class Works:
    """An account and its desk, built and not started."""

    def __init__(self, account: Account, desk: Desk) -> None:
        self.account = account
        self.desk = desk
        self.http = account._http
        self.tokens = account._tokens
        self.caller = account.caller
        self.sender = desk._sender
        self.device = desk._device
        self.tasks = desk._tasks
        swap(desk._reconciler, MutantReconciler)
        assert isinstance(desk._reconciler, MutantReconciler)
        self.reconciler: MutantReconciler = desk._reconciler

    @property
    def state(self) -> State:
        """What the desk knows now."""
        return self.reconciler.state

    def sockets(self, kind: type[EventSocket]) -> None:
        """Every event socket of the desk is of this kind."""
        settle_in = grafted(Desk._settle_in, EventSocket=kind)
        vars(self.desk)["_settle_in"] = MethodType(settle_in, self.desk)

    def rules(self, **rules: bool) -> None:
        """Take rules of the protocol away."""
        setup = self.reconciler.setup
        changed = msgspec.structs.replace(setup.rules, **rules)
        assert changed != Rules(), f"no rule is taken away by {rules}"
        self.reconciler.setup = msgspec.structs.replace(setup, rules=changed)

    def step(self, **names: object) -> None:
        """The protocol's step finds these where it looks for its parts."""
        self.reconciler.step = grafted(protocol.step, **names)

    def handle(self, handlers: dict[type[Signal], Handler]) -> None:
        """These signals are handled so."""
        self.step(_HANDLERS={**protocol._HANDLERS, **handlers})

    def show(self, show: Callable[[Setup, State], Shown]) -> None:
        """The screen says this."""
        self.reconciler.show = show

    def options(self, **options: object) -> None:
        """The client is this patient."""
        self.http.options = msgspec.structs.replace(self.http.options, **options)
