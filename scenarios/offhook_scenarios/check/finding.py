"""A finding as a file: the plan, the client, and what a replay must repeat."""

from pathlib import Path

import msgspec

from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.setup import Network, Setup
from offhook_scenarios.plan.judgement import Finding, Judged
from offhook_scenarios.plan.plan import Plan, PlanError, check_plan, unreadable
from offhook_scenarios.plan.unreadable import UNREADABLE

_OF_A_PLAN = {field.encode_name for field in msgspec.structs.fields(Plan)}


class Saved(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """What `offhook check` writes and `offhook replay` reads."""

    plan: Plan
    client: str
    network: Network = Network.SIM
    strict: bool = False
    digest: str | None = None
    """Of every byte that was delivered, and when; None: whatever comes is right."""
    surroundings: dict[str, str] = {}
    findings: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    """The end of the log of a client outside this process."""

    def setup_with(self, client: str | None = None) -> Setup:
        """How it was played, or is with another client."""
        return Setup(client=client or self.client, network=self.network, strict=self.strict)


def line(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding.invariant} {finding.desk}: {finding.words}"


def saved(judged: Judged, setup: Setup) -> Saved:
    """A session, with all that playing it again needs."""
    return Saved(
        plan=judged.plan,
        client=setup.client,
        network=setup.played_on,
        strict=setup.strict,
        digest=judged.digest or None,
        surroundings=surroundings(),
        findings=tuple(map(line, judged.findings)),
        log=judged.log,
    )


def text(finding: Saved) -> bytes:
    """A finding as its file says it."""
    return msgspec.json.format(msgspec.json.encode(finding)) + b"\n"


def load(path: Path) -> Saved:
    """Read a finding, a bare plan, or a named session: who names no client gets the reference.

    Raises `PlanError` with one sentence, and `OSError`.
    """
    text = path.read_bytes()
    try:
        found = msgspec.convert(_as_saved(msgspec.json.decode(text)), Saved)
    except UNREADABLE as error:
        raise PlanError(f"{path} cannot be read: {unreadable(error, text)}.") from error
    check_plan(found.plan)
    return found


def _as_saved(value: object) -> object:
    """A plan that somebody has written is played as it stands, by itself or in a named session."""
    if not isinstance(value, dict):
        return value
    if "plan" not in value and value.keys() <= _OF_A_PLAN:
        return {"plan": value, "client": "reference"}
    if "story" in value:
        return {"plan": value.get("plan"), "client": "reference"}
    return {"client": "reference", **value}
