"""Which client is put to the test: one of ours by its name, or anybody's by where it is."""

import sys
from importlib import import_module
from pathlib import Path

from offhook.domain.errors import OffhookError
from offhook.faults.catalogue import near
from offhook_scenarios.check.guest_options import is_guest
from offhook_scenarios.mutants.mutant import PREFIX
from offhook_scenarios.mutants.registry import MUTANTS
from offhook_scenarios.plan.floor import MakeClient
from offhook_scenarios.run import DESKS


class ClientError(OffhookError):
    """There is no such client; the message says what was looked for, and where."""


def find_client(name: str) -> MakeClient:
    """`reference`, `naive`, `mutant:NAME`, or `module:factory`, which is also looked for here.

    `stdio:COMMAND` and `ws:COMMAND` are played on the wire only. A factory is called with a seed
    and returns an `Adapter`. Raises `ClientError`.
    """
    if name in DESKS:
        return DESKS[name]
    if name.startswith(PREFIX):
        return _mutant(name.removeprefix(PREFIX))
    if is_guest(name):
        from offhook_scenarios.check.guests import find_guest  # noqa: PLC0415 - it needs this one.

        return find_guest(name)
    place, colon, attribute = name.partition(":")
    if not colon or not place or not attribute:
        raise ClientError(
            f"There is no client {name!r}: it is {', '.join(DESKS)}, or module:factory."
        )
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(import_module(place), attribute)
    except ImportError as error:
        raise ClientError(f"The client {name!r} cannot be imported: {error}.") from error
    except AttributeError as error:
        raise ClientError(f"The module {place} has no {attribute}.") from error
    if not callable(found):
        raise ClientError(f"{name} is no factory: it cannot be called.")
    make: MakeClient = found
    return make


def _mutant(name: str) -> MakeClient:
    mutant = MUTANTS.get(name)
    if mutant is None:
        raise ClientError(f"There is no mutant {name!r}{near(name, MUTANTS)}.")
    return mutant.make
