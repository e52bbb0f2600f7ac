"""A named session: a plan, and what it is about. Each is one JSON file beside this one.

The incident is where people met such trouble, with products of their own and of others: what is
played is our telling of it, on the mock.
"""

from functools import cache
from importlib.resources import files

import msgspec

from offhook.domain.errors import OffhookError
from offhook.domain.evidence import Evidence
from offhook.faults.catalogue import near
from offhook_scenarios.plan.plan import Plan, check_plan


class NoSessionError(OffhookError):
    """There is no session of this name; the message says which there are."""


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """One named session."""

    name: str
    """Words joined by hyphens; that of its file."""
    title: str
    incident: str
    """The address of a public report, pull request or thread."""
    evidence: Evidence
    """How we know that the platform makes such trouble; never how we know of the incident."""
    story: str
    """What happens, in one or two sentences."""
    must: str
    """What a client must do and show."""
    demo: str | None = None
    """The session of `offhook demo` that tells of the same trouble."""
    plan: Plan


@cache
def catalogue() -> dict[str, Named]:
    """All of them by name, in the order of the names."""
    folder = files("offhook_scenarios.catalogue")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".json")), key=_name)
    found = {name: _read(name, path.read_bytes()) for path in paths if (name := _name(path))}
    assert found, "the catalogue is not there: the package is incomplete"
    return found


def find_session(name: str) -> Named:
    """The one of this name. Raises `NoSessionError`."""
    known = catalogue()
    if name not in known:
        hint = near(name, known) or "; `offhook play` lists them"
        raise NoSessionError(f"There is no session {name!r}{hint}.")
    return known[name]


def _name(path: object) -> str:
    name: str = getattr(path, "name")  # noqa: B009 - Traversable promises it, its type does not.
    return name.removesuffix(".json")


def _read(name: str, text: bytes) -> Named:
    fields = msgspec.json.decode(text)
    named = msgspec.convert({"name": name, **fields}, Named)
    check_plan(named.plan)
    return named
