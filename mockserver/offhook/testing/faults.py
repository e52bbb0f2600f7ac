"""Faults in the hands of a test: planned in one line, and counted."""

from types import TracebackType
from typing import Any, Self

from offhook.domain.errors import DomainError
from offhook.faults.catalogue import read_fault
from offhook.faults.rule import Match, Rule, RuleSpec
from offhook.server import MockServer
from offhook.testing.ask import Ask


class PlannedFault:
    """A fault that a test has planned. As a context manager it is lifted at the end."""

    def __init__(self, ask: Ask, rule: Rule, *, must_bite: bool) -> None:
        self.planned = rule
        """The rule as it was laid out, with its id."""
        self.must_bite = must_bite
        """Whether the test fails when it never bit."""
        self._ask = ask
        self._last = rule

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ask(self._lift)

    @property
    def rule(self) -> Rule:
        """The rule with its accounts, as it stands or as it stood when it was lifted."""
        return self._ask(self.rule_on)

    @property
    def bites(self) -> int:
        """How often it was really carried out."""
        return self.rule.bites

    def rule_on(self, server: MockServer) -> Rule:
        """As `rule`, where the server runs."""
        return server.faults.rule(self.planned.id) or self._last

    def remove(self) -> None:
        """Think better of it: the fault is lifted, and nobody asks whether it bit."""
        self.must_bite = False
        self._ask(self._lift)

    def _lift(self, server: MockServer) -> None:
        self._last = self.rule_on(server)
        server.faults.remove(self.planned.id)


class Faults:
    """The faults of one org."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.planned: list[PlannedFault] = []
        """All that were planned here, also those that are lifted."""

    def add(
        self,
        kind: str,
        operation: str | None = None,
        *,
        client_id: str | None = None,
        token_id: str | None = None,
        skip: int = 0,
        times: int | None = 1,
        must_bite: bool = True,
        **fields: Any,
    ) -> PlannedFault:
        """Plan a fault: `add("reply", "postWebrtcClientMute", status=429, retry_after_s=2)`.

        `kind` and `fields` are those of the catalogue, in snake case. `operation` is an
        operation's id, or an event type for the faults on pushes; None hits any. It bites
        `times` times (None: for ever) after `skip` that pass. Raises `ValueError`, which
        says what is wrong and what there is.
        """
        fault = {"kind": kind} | {_camel(name): value for name, value in fields.items()}
        match = Match(operation=operation, client_id=client_id, token_id=token_id)

        def plan(server: MockServer) -> Rule:
            spec = RuleSpec(match=match, fault=read_fault(fault), skip=skip, times=times)
            return server.tenancy.add_fault(spec)

        try:
            rule = self._ask(plan)
        except DomainError as error:
            raise ValueError(error.message) from None
        planned = PlannedFault(self._ask, rule, must_bite=must_bite)
        self.planned.append(planned)
        return planned

    def never_bit(self) -> tuple[Rule, ...]:
        """The rules that should have bitten and did not, those set by control included."""
        return self._ask(self.never_bit_on)

    def never_bit_on(self, server: MockServer) -> tuple[Rule, ...]:
        """As `never_bit`, where the server runs."""
        by_id = {planned.planned.id: planned for planned in self.planned}
        rules = {rule.id: rule for rule in server.faults.rules()}
        rules |= {rule_id: planned.rule_on(server) for rule_id, planned in by_id.items()}
        return tuple(
            rule
            for rule in rules.values()
            if rule.bites == 0 and (rule.id not in by_id or by_id[rule.id].must_bite)
        )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
