"""A file is whole or as it was: after a kill at any moment, and on a disk that is full."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from offhook.adapters.whole_file import write_whole

KILLS = 8

WRITER = """
import sys
from pathlib import Path
from offhook.adapters.whole_file import write_whole

print("ready", flush=True)
for number in range(10**9):
    write_whole(Path(sys.argv[1]), f"{number}\\n" * 100_000)
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from offhook.adapters.whole_file import write_whole

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(Path(sys.argv[1]), "x" * 100_000)
except OSError:
    sys.exit(28)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "finding.json"


def test_text_and_bytes_are_written_and_nothing_lies_beside(path: Path) -> None:
    write_whole(path, "é\n")
    assert path.read_bytes() == b"\xc3\xa9\n"
    write_whole(path, b"\0")
    assert path.read_bytes() == b"\0"
    assert list(path.parent.iterdir()) == [path]


def test_whoever_kills_the_writer_the_file_is_one_of_those_it_wrote(path: Path) -> None:
    rng = random.Random(1)
    write_whole(path, "0\n" * 100_000)
    for _ in range(KILLS):
        writer = subprocess.Popen(  # noqa: S603 - our own words.
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(rng.random() * 0.05)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 100_000
        assert len(set(lines)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
def test_a_full_disk_costs_neither_what_was_there_nor_an_empty_file(path: Path) -> None:
    for before in (None, "an older one\n"):
        if before is not None:
            path.write_text(before, encoding="utf-8")
        ran = subprocess.run([sys.executable, "-c", FULL, str(path)], check=False)  # noqa: S603 - our own words.
        assert ran.returncode == 28
        left = {each.name: each.read_text(encoding="utf-8") for each in path.parent.iterdir()}
        assert left == ({} if before is None else {path.name: before})


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are POSIX's")
def test_a_link_is_followed_and_a_mode_is_kept(path: Path) -> None:
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    link = path.with_name("link.json")
    link.symlink_to(path)
    write_whole(link, "new")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with a name are POSIX's")
def test_what_is_no_ordinary_file_is_written_to(path: Path) -> None:
    os.mkfifo(path)
    reader = subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE)  # noqa: S603, S607 - our own words.
    write_whole(path, "through")
    assert reader.communicate(timeout=20)[0] == b"through"
    assert path.is_fifo()


def test_a_folder_that_is_not_there_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "f", "x")
