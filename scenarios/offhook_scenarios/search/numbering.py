"""Versions and generations renumbered: worlds that differ in them alone are one world.

Desk and server compare versions, and step one up or down; generations they only compare. So a
world behaves like any other with the same numbers in the same order, where neighbours stay
neighbours. Of all these the search visits the one with the smallest numbers.
"""

from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from offhook.domain.register import Register
from offhook.domain.views import LastIntent
from offhook_client.models import Version
from offhook_scenarios.search.parts import TooLargeError

Value = TypeVar("Value")

GENERATIONS = frozenset({"generation", "seq", "toggled", "newest"})
"""Fields that hold the number of a wish."""
VERSIONED = (Version, Register, LastIntent)
"""Whose `rev` is a version. That of `Accepted` is not looked at in a search."""
WIDTH = 30
"""Bits for each kind of mark: versions from bit 0, generations from here on."""
SECTION = (1 << WIDTH) - 1
LOWEST = 1


class Renumbering:
    """Old numbers to new ones."""

    def __init__(self, versions: dict[int, int], generations: dict[int, int]) -> None:
        self.versions = versions
        self.generations = generations
        self.known: dict[Any, Any] = {}
        """Small values that were renumbered before: the same few are in most of the large ones."""


def marks(value: Any) -> int:
    """The numbers that occur in a value, as bits. Raises `TooLargeError` beyond `WIDTH`."""
    found = 0
    if isinstance(value, tuple):
        for one in value:
            found |= _known_marks(one)
    elif isinstance(value, msgspec.Struct):
        for name, role in _roles(type(value)):
            held = getattr(value, name)
            if held is None:
                continue
            if role is None:
                found |= _known_marks(held)
            else:
                if held >= WIDTH:
                    raise TooLargeError(f"The search met {name} {held}: choose a smaller budget.")
                found |= 1 << held + role
    return found


_known_marks = cache(marks)


def renumbering(marked: int) -> Renumbering | None:
    """How to give these marks the smallest numbers; None when they have them."""
    versions: dict[int, int] = {}
    before = number = LOWEST - 1
    for old in _bits(marked & SECTION):
        number += 1 if old == before + 1 or not versions else 2
        versions[old] = number
        before = old
    generations = {old: new for new, old in enumerate(_bits(marked >> WIDTH & SECTION | 1))}
    if all(old == new for old, new in (*versions.items(), *generations.items())):
        return None
    return Renumbering(versions, generations)


def renumbered(value: Value, by: Renumbering) -> Value:
    """The same with other numbers."""
    if isinstance(value, tuple):
        return type(value)(_known(one, by) for one in value)
    if not isinstance(value, msgspec.Struct):
        return value
    changes: dict[str, Any] = {}
    for name, role in _roles(type(value)):
        held = getattr(value, name)
        if held is None:
            continue
        if role is None:
            changes[name] = _known(held, by)
        else:
            changes[name] = (by.generations if role else by.versions)[held]
    return msgspec.structs.replace(value, **changes)


def _known(value: Value, by: Renumbering) -> Value:
    found: Value | None = by.known.get(value)
    if found is None:
        found = by.known[value] = renumbered(value, by)
    return found


@cache
def _roles(kind: type[msgspec.Struct]) -> tuple[tuple[str, int | None], ...]:
    """The fields to look at: where a mark of theirs begins, or None when they may hold more."""
    roles: list[tuple[str, int | None]] = []
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        if name in GENERATIONS:
            roles.append((name, WIDTH))
        elif name == "rev" and issubclass(kind, VERSIONED):
            roles.append((name, 0))
        elif _holds_more(hints[name]):
            roles.append((name, None))
    return tuple(roles)


def _holds_more(hint: Any) -> bool:
    inner = get_args(hint)
    if inner:
        return any(map(_holds_more, inner))
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _bits(marked: int) -> list[int]:
    return [bit for bit in range(marked.bit_length()) if marked >> bit & 1]
