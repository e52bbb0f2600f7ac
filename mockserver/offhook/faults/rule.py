"""A rule: which requests or frames a fault is meant for, and how often."""

from typing import Annotated

import msgspec
from msgspec import Meta

from offhook.faults.kinds import Fault

MAX_TIMES = 1_000_000_000
"""The largest `skip` and `times`; for ever is None."""


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What a rule is meant for. A field that is None matches everything of the rule's seam."""

    operation: str | None = None
    """An operation id; at the push seam an event type."""
    client_id: str | None = None
    """The public id of a device."""
    token_id: str | None = None
    """The public id of a token: at the push seam, of the one that opened the socket."""

    def fits(self, operation: str, *, device_id: str | None, token_id: str | None) -> bool:
        """Whether this request or frame is meant. A wanted id that is not there does not fit."""
        return (
            self.operation in (None, operation)
            and self.client_id in (None, device_id)
            and self.token_id in (None, token_id)
        )


class RuleSpec(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """A rule as it is asked for."""

    match: Match = Match()
    fault: Fault
    skip: Annotated[int, Meta(ge=0, le=MAX_TIMES)] = 0
    """So many fitting requests or frames pass first."""
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] | None = 1
    """How often it bites; None: for ever."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A rule at one moment, with its accounts.

    `matched` counts what fitted and reached it: an earlier rule that decides hides it.
    `skipped` of these passed first. `remaining` falls with each decision, `bites` rises once
    the decision was carried out: they may differ while a frame waits, or because the
    connection had gone by then.
    """

    id: str
    match: Match
    fault: Fault
    skip: int
    times: int | None
    remaining: int | None
    skipped: int = 0
    matched: int = 0
    bites: int = 0
    decided_at: float | None = None
    """When it last decided, in seconds since the Unix epoch on the org's clock."""

    @classmethod
    def of(cls, spec: RuleSpec, *, id: str) -> "Rule":  # noqa: A002 - the public id of a rule.
        """A rule that nothing has met yet."""
        return cls(
            id=id,
            match=spec.match,
            fault=spec.fault,
            skip=spec.skip,
            times=spec.times,
            remaining=spec.times,
        )

    @property
    def ready(self) -> bool:
        """Whether it decides about the next that fits: none is left to skip, one to bite."""
        return self.skipped >= self.skip and self.remaining != 0

    def met(self, *, now: float) -> tuple["Rule", bool]:
        """Something that fits has come: the rule afterwards, and whether it decides."""
        counted = msgspec.structs.replace(self, matched=self.matched + 1)
        if self.skipped < self.skip:
            return msgspec.structs.replace(counted, skipped=self.skipped + 1), False
        if self.remaining == 0:
            return counted, False
        left = None if self.remaining is None else self.remaining - 1
        return msgspec.structs.replace(counted, remaining=left, decided_at=now), True

    def bitten(self) -> "Rule":
        """The decision was carried out."""
        return msgspec.structs.replace(self, bites=self.bites + 1)
