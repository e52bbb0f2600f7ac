"""Files that verbs write at their end."""

from pathlib import Path

import click
import pytest

from offhook.commands.exits import Surroundings
from offhook.commands.files import FILE, write


def test_a_file_s_folder_is_looked_for_at_the_beginning(tmp_path: Path) -> None:
    assert FILE.convert(str(tmp_path / "new.html"), None, None) == tmp_path / "new.html"
    with pytest.raises(click.BadParameter, match=f"there is no folder {tmp_path / 'nowhere'}"):
        FILE.convert(str(tmp_path / "nowhere" / "new.html"), None, None)


def test_text_and_bytes_are_written(tmp_path: Path) -> None:
    write(tmp_path / "a", "ä")
    write(tmp_path / "a", (tmp_path / "a").read_bytes() + b"!")
    assert (tmp_path / "a").read_text(encoding="utf-8") == "ä!"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_told_and_is_no_finding() -> None:
    with pytest.raises(Surroundings, match=r"/dev/full could not be written: No space left"):
        write(Path("/dev/full"), "x")
