"""Offhook: an unofficial mock of Genesys Cloud voice control, made to catch lies about mute.

Public names are loaded on first use (PEP 562), so that `import offhook` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offhook.adapters.clock import ManualClock, SystemClock
    from offhook.domain.errors import DomainError, OffhookError
    from offhook.policies import Policies
    from offhook.server import MockServer, PortInUseError, SurroundingsError
    from offhook.settings import DEFAULT, ClientSettings, Grant, OrgSettings, UserSettings
    from offhook.stubs import Stub, StubError
    from offhook.threaded import ThreadedServer, serve

__version__ = "0.1.0"

_HOME = {
    "DEFAULT": "offhook.settings",
    "ClientSettings": "offhook.settings",
    "DomainError": "offhook.domain.errors",
    "Grant": "offhook.settings",
    "ManualClock": "offhook.adapters.clock",
    "MockServer": "offhook.server",
    "OffhookError": "offhook.domain.errors",
    "OrgSettings": "offhook.settings",
    "Policies": "offhook.policies",
    "PortInUseError": "offhook.server",
    "Stub": "offhook.stubs",
    "StubError": "offhook.stubs",
    "SurroundingsError": "offhook.server",
    "SystemClock": "offhook.adapters.clock",
    "ThreadedServer": "offhook.threaded",
    "UserSettings": "offhook.settings",
    "serve": "offhook.threaded",
}
"""Where each public name lives."""

__all__ = [
    "DEFAULT",
    "ClientSettings",
    "DomainError",
    "Grant",
    "ManualClock",
    "MockServer",
    "OffhookError",
    "OrgSettings",
    "Policies",
    "PortInUseError",
    "Stub",
    "StubError",
    "SurroundingsError",
    "SystemClock",
    "ThreadedServer",
    "UserSettings",
    "serve",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'offhook' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
