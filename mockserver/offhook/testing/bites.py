"""What the faults really did, in sentences: a request that was cut leaves no other trace."""

from collections.abc import Iterator

from offhook.api.answer import stamp
from offhook.journal import Entry
from offhook.server import MockServer

SHOWN_BITES = 12
"""How many are told, the last ones."""
_DONE = {
    "Delay": "it was held up",
    "Reply": "the fault answered instead",
    "Truncate": "the answer was cut short",
    "Write": "the event went out as the fault has it",
    "CloseLine": "the socket was closed",
    "Stall": "the socket fell silent",
    "Drop": "the event was not sent",
}
"""By the name of what was carried out; `Abort` is told by when it cut."""


def bite_lines(server: MockServer) -> list[str]:
    """A heading, and a line for each fault that was carried out; nothing when none was.

    To be called on the server's loop.
    """
    bites = server.org.journal.entries(kind="fault")
    if not bites:
        return []
    left_out = max(0, len(bites) - SHOWN_BITES)
    heading = "Faults bit" + (f", after {left_out} others:" if left_out else ":")
    return [heading, *(f"  {line}" for line in _told(server, bites[-SHOWN_BITES:]))]


def _told(server: MockServer, bites: tuple[Entry, ...]) -> Iterator[str]:
    taken_in = {
        entry.facts["correlation_id"] for entry in server.org.journal.entries(kind="exchange")
    }
    for bite in bites:
        rule = server.faults.rule(str(bite.facts["rule_id"]))
        done = str(bite.facts.get("verdict") or bite.facts["carried_out"])
        name = done.lower() if rule is None else rule.fault.__struct_config__.tag
        target = bite.facts.get("operation") or (rule and rule.match.operation)
        on = f" on {target}" if target else ""
        if done == "Abort":
            what = (
                "the connection was cut after the effect, and the answer was lost"
                if bite.facts["correlation_id"] in taken_in
                else "the connection was cut before it had any effect"
            )
        else:
            what = _DONE[done]
        yield f"{stamp(bite.at)} the fault {name!r}{on}: {what}."
