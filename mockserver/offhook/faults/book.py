"""The rules of one org, asked in the order in which they came.

    decide / on_push                     bit
request, frame ──▶ rule ──▶ rule ──▶ …      ▲
                    │ first with an opinion │ carried out
                    ▼                       │
                 verdict ──▶ adapters ──────┘
"""

from collections.abc import Iterable, Iterator

import msgspec

from offhook.domain.durable import Changes
from offhook.faults.kinds import HttpFault, PushFault
from offhook.faults.rule import Rule, RuleSpec
from offhook.faults.verdicts import HttpVerdict, PushVerdict

MAX_RULES = 10_000
"""The most rules a book holds."""


class FaultBook:
    """Decides, and keeps the accounts of what was decided and what was carried out.

    Nothing here is drawn by chance: the same requests in the same order meet the same faults.
    """

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._changes = Changes[str]()

    def add(self, spec: RuleSpec, *, id: str) -> Rule:  # noqa: A002 - the public id of a rule.
        """Put a rule behind those that are there. The id must be new."""
        assert id not in self._rules, f"fault rule {id} exists"
        assert len(self._rules) < MAX_RULES, f"a fault book holds at most {MAX_RULES} rules"
        rule = self._rules[id] = Rule.of(spec, id=id)
        self._changes.mark(id)
        return rule

    def remove(self, rule_id: str) -> bool:
        """Forget a rule, and say whether there was one. What it has decided still happens."""
        self._changes.mark(rule_id)
        return self._rules.pop(rule_id, None) is not None

    def __len__(self) -> int:
        return len(self._rules)

    def clear(self) -> None:
        """Forget all rules."""
        self._changes.mark(*self._rules)
        self._rules.clear()

    def rule(self, rule_id: str) -> Rule | None:
        """A rule as it stands, None when there is none."""
        return self._rules.get(rule_id)

    def rules(self) -> tuple[Rule, ...]:
        """All rules as they stand, in the order in which they are asked."""
        return tuple(self._rules.values())

    def never_bit(self) -> tuple[Rule, ...]:
        """The rules that changed nothing so far: a scenario that rests on them proved nothing."""
        return tuple(rule for rule in self._rules.values() if rule.bites == 0)

    def awaits(self, operation: str, *, device_id: str | None, token_id: str | None) -> bool:
        """Whether `decide` would have a verdict on this request. Asking uses nothing up."""
        return any(
            rule.ready and isinstance(rule.fault, HttpFault)
            for rule in self._fitting(operation, device_id, token_id)
        )

    def decide(
        self, operation: str, *, device_id: str | None, token_id: str | None, now: float
    ) -> HttpVerdict | None:
        """What befalls this request. Ask once per request: asking uses up the rule.

        The caller asks for no control operation: control is never hit by a fault.
        """
        for rule in self._fitting(operation, device_id, token_id):
            if isinstance(rule.fault, HttpFault) and self._met(rule, now):
                return rule.fault.verdict(rule.id)
        return None

    def on_push(
        self, event_type: str, *, device_id: str | None, token_id: str | None, now: float
    ) -> PushVerdict | None:
        """What befalls this frame on one socket. Ask once per frame and socket."""
        for rule in self._fitting(event_type, device_id, token_id):
            if isinstance(rule.fault, PushFault) and self._met(rule, now):
                return rule.fault.verdict(rule.id)
        return None

    def bit(self, rule_id: str) -> None:
        """A decision of this rule was carried out. A rule removed since is passed over."""
        rule = self._rules.get(rule_id)
        if rule is not None:
            self._rules[rule_id] = rule.bitten()
            self._changes.mark(rule_id)

    def _fitting(
        self, operation: str, device_id: str | None, token_id: str | None
    ) -> Iterator[Rule]:
        for rule in tuple(self._rules.values()):
            if rule.match.fits(operation, device_id=device_id, token_id=token_id):
                yield rule

    def _met(self, rule: Rule, now: float) -> bool:
        self._rules[rule.id], decides = rule.met(now=now)
        self._changes.mark(rule.id)
        return decides

    # What outlives the process (`domain.durable`).

    @property
    def changed(self) -> bool:
        """Whether a rule, or its account, has changed."""
        return self._changes.any

    def track(self) -> None:
        """From now on note what changes."""
        self._changes.begin(self._rules)

    def take_changes(self) -> dict[str, bytes | None]:
        """The rules that have changed, by id. Asking empties it."""
        return self._changes.take(str, self._row)

    def _row(self, rule_id: str) -> bytes | None:
        rule = self._rules.get(rule_id)
        return None if rule is None else msgspec.json.encode(rule)

    def restore(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Hold these rules, in this order, with their accounts."""
        self._rules = {name: msgspec.json.decode(row, type=Rule) for name, row in rows}
