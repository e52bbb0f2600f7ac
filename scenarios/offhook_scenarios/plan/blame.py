"""Whose line it was: where in a client's own code an error came from."""

import site
import sysconfig
import traceback
from pathlib import Path

_OURS = f"{Path(__file__).parents[1]}/"
_LIBRARIES = tuple(f"{place}/" for place in (sysconfig.get_path("stdlib"), *site.getsitepackages()))


def blamed(error: BaseException) -> str:
    """` (desk.py:12, in start)`: the innermost line that is neither ours nor a library's.

    A library's where there is no such line, and nothing for what we raise of ourselves.
    """
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith((_OURS, *_LIBRARIES))]
    for frame in theirs[-1:] or frames[-1:]:
        if not frame.filename.startswith(_OURS):
            return f" ({frame.filename}:{frame.lineno}, in {frame.name})"
    return ""
