"""On which host whoever runs just now lives: tasks and callbacks live where they were started."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar

HERE = "here"
"""The host of whoever has not said where it lives."""

_here: ContextVar[str] = ContextVar("host", default=HERE)


def host() -> str:
    """Where the caller lives."""
    return _here.get()


def host_of(context: Context | None) -> str:
    """Where whatever runs in this context lives."""
    return HERE if context is None else context.get(_here, HERE)


@contextmanager
def living_on(name: str) -> Iterator[None]:
    """Whatever is started in here lives on this host."""
    token = _here.set(name)
    try:
        yield
    finally:
        _here.reset(token)
