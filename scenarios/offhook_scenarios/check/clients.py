"""Which client is put to the test: one of ours by its name, or anybody's by where it is."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from offhook.faults.catalogue import near
from offhook_scenarios.adapters.adapter import Ability, Adapter
from offhook_scenarios.check.client_name import KINDS, NoClientError, is_guest
from offhook_scenarios.check.guests import find_guest
from offhook_scenarios.mutants.mutant import PREFIX
from offhook_scenarios.mutants.registry import MUTANTS
from offhook_scenarios.plan.bounds import declared
from offhook_scenarios.plan.floor import MakeClient
from offhook_scenarios.run import DESKS

FORMS = f"{', '.join(DESKS)}, mutant:NAME, module:factory, stdio:COMMAND, ws or browser:URL"
_SCHEMES = (PREFIX.rstrip(":"), *KINDS)
"""What may stand before the colon, where it is no module."""
_PARTS = ("name", "can", "start", "set_mute", "observe", "restart", "stop")


def find_client(name: str) -> MakeClient:
    """`reference`, `naive`, `mutant:NAME`, or `module:factory`, which is also looked for here.

    `stdio:COMMAND` and `ws:COMMAND` are played on the wire only. A factory is called with a seed
    and returns an `Adapter`. Raises `NoClientError`, and `LinkError` where a program is not there.
    """
    if name in DESKS:
        return DESKS[name]
    if name.startswith(PREFIX):
        return _mutant(name.removeprefix(PREFIX))
    if is_guest(name):
        return find_guest(name)
    place, colon, attribute = name.partition(":")
    if not colon or not place or not attribute:
        raise NoClientError(f"There is no client {name!r}{near(name, DESKS)}: it is {FORMS}.")
    _check_place(name, place, attribute)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with redirect_stdout(sys.stderr):  # As in `Setup.play`.
            module = import_module(place)
    except ImportError as error:
        meant = get_close_matches(place.lower(), _SCHEMES, n=1)
        if meant and error.name == place:
            raise NoClientError(
                f"There is no module {place} for the client {name!r}: did you mean "
                f"{meant[0]}:{attribute}?"
            ) from error
        raise NoClientError(f"The client {name!r} cannot be imported: {error}.") from error
    except (Exception, SystemExit) as error:
        # Whatever the module does when it is imported, it is not the check that broke.
        what = f"{type(error).__name__}: {error}".rstrip(": .")
        raise NoClientError(f"The client {name!r} cannot be imported: {what}.") from error
    found = getattr(module, attribute, None)
    if found is None:
        raise NoClientError(
            f"The module {place} has no {attribute}{near(attribute, vars(module))}."
        )
    return _factory(name, found)


def _check_place(name: str, place: str, attribute: str) -> None:
    """Addresses and files look like modules, and would be told as modules that break."""
    if attribute.startswith("//"):
        raise NoClientError(f"{name} is an address: a page is browser:{name}.")
    if place.endswith(".py") or "/" in place or "\\" in place:
        module = place.removesuffix(".py").replace("\\", "/").strip("./").replace("/", ".")
        raise NoClientError(
            f"{place} is a file: name the module as Python imports it here, {module}:{attribute}."
        )


def _factory(name: str, found: object) -> MakeClient:
    """The same, looking at what it makes: else the error would be told of us, and later."""
    if not callable(found):
        raise NoClientError(f"{name} is no factory: it cannot be called.")
    if not _takes_a_seed(found):
        raise NoClientError(f"{name} is no factory: it has to take one argument, the seed.")

    @functools.wraps(found)
    def make(seed: int) -> Adapter:
        made = found(seed)
        if isinstance(made, type):
            raise NoClientError(f"{name} makes no adapter, but the class {made.__name__}: call it.")
        if inspect.iscoroutine(made):
            made.close()
            raise NoClientError(
                f"{name} makes no adapter, but a coroutine: write def, not async def."
            )
        missing = [part for part in _PARTS if not hasattr(made, part)]
        if missing:
            kind = "None" if made is None else f"something of type {type(made).__name__}"
            raise NoClientError(
                f"{name} makes no adapter, but {kind}: it lacks {', '.join(missing)}."
            )
        if (wrong := _wrong_parts(made)) is not None:
            raise NoClientError(f"{name} makes an adapter that cannot be judged: {wrong}.")
        adapter: Adapter = made
        return adapter

    return make


def _wrong_parts(made: Any) -> str | None:
    """What of an adapter is there and of no use; the verbs are told when they are called."""
    if not isinstance(made.name, str):
        return f"its name is {made.name!r}, which is no text"
    if isinstance(made.can, str) or not isinstance(made.can, Iterable):
        return f"its can is {made.can!r}: write frozenset({{Ability.SET_MUTE, Ability.OBSERVE}})"
    for each in made.can:
        if each not in list(Ability):
            return f"its can has {each!r}{near(each, Ability)}; there are {', '.join(Ability)}"
    try:
        declared(made)
    except TypeError as error:
        return str(error)
    return None


def _takes_a_seed(found: Callable[..., Any]) -> bool:
    try:
        inspect.signature(found).bind(1)
    except TypeError:
        return False
    except ValueError:
        # Some callables of C have no signature; they are tried.
        return True
    return True


def _mutant(name: str) -> MakeClient:
    mutant = MUTANTS.get(name)
    if mutant is None:
        others = near(name, MUTANTS) or f"; there are {', '.join(sorted(MUTANTS))}"
        raise NoClientError(f"There is no mutant {name!r}{others}.")
    return mutant.make
