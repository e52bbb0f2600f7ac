"""Which handlers of Ctrl-C and of an end in order are installed."""

import signal
import threading
from collections.abc import Mapping
from typing import Any

WATCHED = (signal.SIGINT, signal.SIGTERM)


def handlers() -> dict[signal.Signals, Any]:
    """The handlers as they are. None is one that no Python has installed."""
    return {each: signal.getsignal(each) for each in WATCHED}


def restored(before: Mapping[signal.Signals, Any]) -> list[str]:
    """Put the handlers back, and say which were others, and what."""
    assert threading.current_thread() is threading.main_thread(), "only there can they be set"
    left = []
    for number, handler in before.items():
        now = signal.getsignal(number)
        if now is not handler and now != handler:
            left.append(f"{number.name} {now!r}")
            signal.signal(number, handler)
    return left
