"""One org and everything that stands round it: what a listener belongs to.

api.resolve, api.apply ──▶ Tenancy ──▶ Org
                              │
     OperationTable · StubBook · FaultBook · Whys · IdempotencyStore · ClockControl
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from offhook.api.definition import ApiDefinition
from offhook.api.exchange import Request
from offhook.api.idempotency import IdempotencyStore
from offhook.api.operation import Dialect, Operation
from offhook.api.stand_in import refuse_modelled, stand_in
from offhook.api.table import OperationTable, Place
from offhook.api.targets import check_target
from offhook.domain.durable import Durable
from offhook.domain.errors import DomainError
from offhook.domain.frozen import thaw
from offhook.domain.input_log import RESET, RESTART, SNAPSHOT, InputLog, replay
from offhook.domain.org import Org
from offhook.faults.book import MAX_RULES, FaultBook
from offhook.faults.rule import Rule, RuleSpec
from offhook.journal import Journal
from offhook.settings import OrgSettings
from offhook.stubs import Placed, Stub, StubBook
from offhook.unmodelled import Unmodelled
from offhook.why import Whys


class ClockControl(Protocol):
    """What the control API may ask of the clock. Moving it is the shell's (`Advance`)."""

    @property
    def mode(self) -> str:
        """`system` or `manual`."""

    @property
    def speed(self) -> float:
        """How many seconds of the org pass in a second of the loop."""

    @property
    def paused(self) -> bool:
        """Whether the org's time stands still."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""

    def pause(self) -> None:
        """Let the org's time stand still; pausing twice is once."""

    def resume(self) -> None:
        """Let it pass again; resuming twice is once."""


class Trace(Protocol):
    """What writes a journal down as it grows."""

    def follow(self, journal: Journal) -> None:
        """There is another journal from now on."""


class Tenancy:
    """An org, its faults, its explanations and the operations by which it is reached."""

    def __init__(
        self,
        settings: OrgSettings,
        *,
        seed: int,
        now: float,
        operations: Sequence[Operation],
        dialects: frozenset[Dialect],
        clock: ClockControl,
        control_key: str | None = None,
        definition: ApiDefinition | None = None,
        table: OperationTable | None = None,
    ) -> None:
        """`table` is that of the same operations and dialects, where one has been made before."""
        self.settings = settings
        self.seed = seed
        self.clock = clock
        self.control_key = control_key
        """What control requests must send as `Offhook-Key`; None asks for none."""
        self.table = OperationTable(operations, dialects) if table is None else table
        self.definition = definition
        self.unmodelled = Unmodelled()
        self.log: InputLog | None = None
        """Where the org's inputs are kept; None: nowhere."""
        self._trace: Trace | None = None
        self._begin(now=now)

    def _begin(self, *, now: float) -> None:
        self.org = Org(self.settings, seed=self.seed, now=now)
        if self._trace is not None:
            self._trace.follow(self.org.journal)
        self.faults = FaultBook()
        self.whys = Whys()
        self.idempotency = IdempotencyStore()
        self.stubs = StubBook()
        for stub in self.settings.stubs:
            self.add_stub(stub, declared=True)

    def add_stub(self, stub: Stub, *, declared: bool = False) -> Placed:
        """Let a stub answer from now on. Raises `StubError`, naming an operation in its way.

        A `declared` one comes back with a reset, its count at 0; the others go with it.
        """
        refuse_modelled(stub, self.table)
        return self.stubs.add(stub, id=self.org.entropy.id("stub"), declared=declared).placed()

    def add_fault(self, spec: RuleSpec) -> Rule:
        """Lay a fault rule behind those that are there.

        Raises `DomainError`: 404 for a rule on what can never come, 409 when there are too many.
        """
        check_target(spec, self.table, overridden=self.stubs.overriding)
        if len(self.faults) >= MAX_RULES:
            raise DomainError(
                "general.conflict",
                f"There are {MAX_RULES} fault rules, which is the most: delete some first.",
            )
        return self.faults.add(spec, id=self.org.entropy.id("fault"))

    def find(self, request: Request) -> tuple[Place | None, Mapping[str, str]]:
        """The place of a request and the parameters of its path; None when there is none."""
        place, path = self.table.find(request.path) or (None, dict[str, str]())
        if self.definition is None and not self.stubs:
            return place, path
        shapes = None if self.definition is None else self.definition.shape
        found = stand_in(request, place, stubs=self.stubs, table=self.table, shapes=shapes)
        return (place, path) if found is None else found

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that are served."""
        return self.table.operations

    def reset(self, *, now: float) -> None:
        """Begin again: the org as it was declared, the same seed, no faults, nothing remembered.

        Only `unmodelled` goes on: it is of the whole run. The caller closes the sockets of the
        old org with 1012.
        """
        self._begin(now=now)
        self._log_anew(RESET, now=now)

    def follow(self, trace: Trace) -> None:
        """From now on write down the journal, also that of the org after a reset."""
        self._trace = trace
        trace.follow(self.org.journal)

    def keep(self, log: InputLog) -> None:
        """From now on note every input in `log`."""
        self.log = log
        self.org.log = log.took

    def live_again(
        self, entries: Iterable[tuple[float, str, bytes]], drawn: Mapping[str, int]
    ) -> None:
        """Let the org live through a log. Its sockets are still there; nobody is behind them.

        `drawn`: how often each stream of chance had been drawn from in the end.
        """

        def begin(kind: str, at: float, body: bytes) -> Org:
            if kind == RESET:
                self._begin(now=at)
            elif kind == SNAPSHOT:
                self.org = thaw(body)
            else:
                self._lose_all(now=at)
            return self.org

        replay(entries, begin, self.org)
        self.org.entropy.go_on_from(drawn)

    def durables(self) -> dict[str, Durable]:
        """What outlives the process beside the org, by the name of its rows."""
        return {
            "fault": self.faults,
            "stub": self.stubs,
            "idempotency": self.idempotency,
            "window": self.org.limiter,
        }

    def _log_anew(self, kind: str, *, now: float) -> None:
        if self.log is not None:
            self.org.log = self.log.took
            self.log.began_anew(kind, now)

    def restart(self, *, now: float) -> None:
        """Go on as after a crash that lost all state: devices, calls, tokens, what was sent twice.

        What a test laid out stays (faults, stubs), and so does the journal. Epochs, ids and
        secrets go on, so that nothing new looks like something old.
        """
        self._lose_all(now=now)
        self._log_anew(RESTART, now=now)

    def _lose_all(self, *, now: float) -> None:
        before = self.org
        self.org = Org(self.settings, seed=self.seed, now=now, journal=before.journal)
        self.org.entropy.go_on_after(before.entropy)
        self.org.journal.record("restart", at=now)
        self.idempotency = IdempotencyStore()

    def next_deadline(self) -> float | None:
        """When `handle_timer` is due; None when nothing is."""
        return self.org.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """Let happen what is due."""
        self.org.handle_timer(now=now)
