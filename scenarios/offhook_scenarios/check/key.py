"""On what a replay depends beside its plan, so that another surrounding is refused by name."""

import sys
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("aiohttp", "websockets", "offhook")


def surroundings() -> dict[str, str]:
    """Python's minor version and the versions of the libraries that write bytes."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def difference(then: dict[str, str], now: dict[str, str]) -> str | None:
    """What is not as it was, in words; None when all is."""
    others = [
        f"{name} {now.get(name, 'not installed')} instead of {was}"
        for name, was in then.items()
        if now.get(name) != was
    ]
    return ", ".join(others) or None
