"""What was asked for and is not modelled, and the stub that would fix it.

The record is of the whole run: a reset keeps it, so that a suite which resets its org after each
test still ends with one list.
"""

import json
import re

import msgspec

CAPACITY = 500
"""How many different requests are kept by name; what comes after them is only counted."""

_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9]+")


class Forms(msgspec.Struct, frozen=True, kw_only=True):
    """A stub for a request, in the three ways of writing one. The answer is yet to be filled in."""

    python: str
    toml: str
    control: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is not modelled. Ids in its path are parameters."""

    request: str
    count: int
    stub: Forms


def template_of(path: str) -> str:
    """The path with a parameter `{id}`, `{id2}`, … for each segment that is a UUID or a number."""
    segments, found = path.split("/"), 0
    for at, segment in enumerate(segments):
        if _ID.fullmatch(segment):
            found += 1
            segments[at] = "{id}" if found == 1 else f"{{id{found}}}"
    return "/".join(segments)


def stub_for(request: str) -> Forms:
    """The stub that would answer a request `GET /a/path` with an empty JSON object."""
    quoted = json.dumps(request)
    return Forms(
        python=f"server.stub({quoted}, json={{}})",
        toml=f"[[orgs.stubs]]\nrequest = {quoted}\njson = {{}}",
        control=f'POST /_offhook/v1/stubs {{"request": {quoted}, "json": {{}}}}',
    )


class Unmodelled:
    """The requests that were answered 501, or 405 for want of a method, with their counts."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._counts: dict[str, int] = {}
        self.others = 0
        """How many requests came that are not kept by name."""

    def record(self, method: str, path: str) -> str:
        """Remember a request, and return how it is called here."""
        request = f"{method} {template_of(path)}"
        if request in self._counts or len(self._counts) < self._capacity:
            self._counts[request] = self._counts.get(request, 0) + 1
        else:
            self.others += 1
        return request

    def asked(self) -> tuple[Asked, ...]:
        """All that is kept, in the order in which it first came."""
        return tuple(
            Asked(request=request, count=count, stub=stub_for(request))
            for request, count in self._counts.items()
        )


def listed(org: str, asked: tuple[Asked, ...], *, others: int = 0) -> str:
    """The list for people: each request with its count, then the stubs as TOML to be pasted."""
    wide = max(len(str(row.count)) for row in asked)
    lines = [f"Asked of the org {org}, and not modelled:"]
    lines += [f"  {row.count:>{wide}} x {row.request}" for row in asked]
    if others:
        lines.append(f"  and {others} more requests")
    lines += ["Stubs for them, in the file of --config:", ""]
    lines += ["\n".join((*row.stub.toml.splitlines(), "")) for row in asked]
    return "\n".join(lines)
