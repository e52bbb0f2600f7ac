"""The tables of the page that explains the invariants, made from the tables that judge."""

from offhook_scenarios.oracles.excuses import EXCUSES
from offhook_scenarios.oracles.table import ORACLES


def invariants() -> str:
    """Every invariant: what it is called, what must hold, for how long it may not, on what word."""
    rows = [
        f"| {oracle.id.value} | {oracle.term} | {oracle.rule} | {oracle.bound} | {oracle.needs} |"
        for oracle in ORACLES
    ]
    head = "| | called | must hold | may not hold for | needs of the client |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def excuses() -> str:
    """What is excused under which policy or trouble, and why."""
    rows = [f"| `{r.under}` | {r.invariant.value} | {r.reason} |" for r in EXCUSES]
    return "\n".join(["| policy or trouble | excused | because |", "|---|---|---|", *rows])
