"""A file that is there whole or as it was before: never half, never empty, whoever is killed."""

import contextlib
import os
import shutil
from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file beside its place, make it durable, and move it there. Raises `OSError`.

    After an error, or a death on the way, what stood there before stands there still. Text
    becomes UTF-8. What is there and is no ordinary file, as `/dev/stdout`, is written to.
    """
    data = content.encode() if isinstance(content, str) else content
    place = Path(os.path.realpath(path))
    if place.exists() and not place.is_file():
        place.write_bytes(data)
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, draft)
        draft.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
