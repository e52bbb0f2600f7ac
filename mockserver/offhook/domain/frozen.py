"""An org as bytes, and the org again: what a log of inputs is shortened to.

The bytes are a pickle, so they are good only for the very code that made them, which
`adapters.code_digest` tells. Reading them makes nothing but values of the org: no other class
can be named in them.
"""

import copyreg
import importlib
import io
import pickle
from typing import Any

from offhook.domain.errors import OffhookError
from offhook.domain.org import Org
from offhook.journal import Journal
from offhook.limits import Limiter

_PROTOCOL = 5
_LEFT_OUT = {"_handlers", "journal", "limiter", "log"}
_OURS = (
    "offhook.domain.",
    "offhook.oauth.",
    "offhook.policies",
    "offhook.settings",
    "offhook.stubs",
)
_OTHERS = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("collections", "deque"),
    ("collections", "Counter"),
    ("collections", "OrderedDict"),
    ("collections", "defaultdict"),
}


class FrozenError(OffhookError):
    """The bytes are no org."""


def freeze(org: Org) -> bytes:
    """The org, but for its journal, its rate windows and whoever follows it."""
    written = io.BytesIO()
    _Writer(written, _PROTOCOL).dump(org)
    return written.getvalue()


def thaw(data: bytes) -> Org:
    """The org that was frozen. Raises `FrozenError`."""
    try:
        org = _Reader(io.BytesIO(data)).load()
    except Exception as error:
        # Whatever a damaged pickle comes upon, in any of our classes.
        raise FrozenError(f"The snapshot cannot be read: {error}.") from error
    if not isinstance(org, Org):
        raise FrozenError(f"The snapshot holds no org, but {type(org).__name__}.")
    org.journal, org.limiter = Journal(), Limiter()
    org.journal.hide = org.oauth.hide
    org._handlers = org._table()  # noqa: SLF001 - as `Org.__init__` does; they are its own methods.
    return org


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Of the org, all but what it has told, who is told, rate windows and its table."""
        if not isinstance(value, Org):
            return NotImplemented
        kept = {name: each for name, each in vars(value).items() if name not in _LEFT_OUT}
        return copyreg.__newobj__, (Org,), kept  # type: ignore[attr-defined] # - by which pickle makes any object.


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _BY_OURSELVES:
            return _BY_OURSELVES[module, name]
        if (module, name) in _OTHERS:
            return getattr(importlib.import_module(module), name)
        if module.startswith(_OURS):
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing of an org")


def _method(owner: object, name: str) -> Any:
    """Bound methods are pickled by their owner and name."""
    if name.startswith("__"):
        raise pickle.UnpicklingError(f"{name} is nothing of an org")
    return getattr(owner, name)


def _struct(kind: type, fields: dict[str, Any]) -> Any:
    """Msgspec's structs are pickled by their names and values."""
    return kind(**fields)


_BY_OURSELVES: dict[tuple[str, str], Any] = {
    ("builtins", "getattr"): _method,
    ("msgspec._utils", "rebuild"): _struct,
}
"""What calls whatever it is told, done by something that does not."""
