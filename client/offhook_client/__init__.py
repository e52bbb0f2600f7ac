"""The reference client: the one that never says "muted" while the microphone is live."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offhook_client.aio import Account as Account
    from offhook_client.aio import Desk as Desk
    from offhook_client.models import Belief as Belief
    from offhook_client.models import Gate as Gate
    from offhook_client.models import Shown as Shown
    from offhook_client.options import Options as Options
    from offhook_client.platform.desk import PlatformDesk as PlatformDesk

_HOMES = {
    "Account": "offhook_client.aio",
    "Belief": "offhook_client.models",
    "Desk": "offhook_client.aio",
    "Gate": "offhook_client.models",
    "Options": "offhook_client.options",
    "PlatformDesk": "offhook_client.platform.desk",
    "Shown": "offhook_client.models",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the pure core stays free of I/O."""
    if name not in _HOMES:
        raise AttributeError(f"module 'offhook_client' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
