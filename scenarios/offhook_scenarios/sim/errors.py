"""What can go wrong with a simulation itself, and where in the simulated program it happened.

Every message ends with the place in the program that is to blame, if there is one.
"""

import asyncio
import sys
from pathlib import Path

_STANDARD_LIBRARY = str(Path(asyncio.__file__).parent.parent)
_SIMULATION = str(Path(__file__).parent)

NOT_SIMULATED = "is not simulated"
"""How every `EscapeError` says what it is about."""


class SimulationError(Exception):
    """The simulation cannot go on, or must not be believed."""


class DeadlockError(SimulationError):
    """Nothing is ready, no timer is set, and the program is not over: it would wait for ever."""


class LivelockError(SimulationError):
    """A budget is spent: of turns at one instant, of turns in all, or of virtual time."""


class EscapeError(SimulationError):
    """The program reached for something real: a thread, a socket, a process, a signal, a sleep."""


def call_site() -> str:
    """Where the program made the call that is being refused: `file.py:12 in function`."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to look up the stack cheaply.
    while frame.f_back is not None and _is_machinery(frame.f_code.co_filename):
        frame = frame.f_back
    code = frame.f_code
    return f"{Path(code.co_filename).name}:{frame.f_lineno} in {code.co_name}"


def _is_machinery(file: str) -> bool:
    if file.startswith(_STANDARD_LIBRARY):
        return not {"site-packages", "dist-packages"} & set(Path(file).parts)
    return file.startswith(_SIMULATION)
