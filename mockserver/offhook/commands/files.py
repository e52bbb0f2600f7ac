"""Files that verbs write at their end."""

import os
from pathlib import Path
from typing import Any

import click

from offhook.commands.exits import Surroundings


class _NewFile(click.Path):
    """A file to be written at the end, which may be hours away: its folder is looked for now."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """As click does. Fails when the file's folder is not there."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.absolute().parent.is_dir():
            self.fail(f"there is no folder {path.absolute().parent}.", param, ctx)
        return path


FILE = _NewFile(dir_okay=False, path_type=Path)


def write(path: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all.

    A place where that is impossible, or a full disk, is the machine's fault: `Surroundings`.
    """
    from offhook.adapters.whole_file import write_whole  # noqa: PLC0415 - only when asked for.

    try:
        write_whole(path, content)
    except OSError as error:
        raise Surroundings(f"{path} could not be written: {error.strerror}.") from error
