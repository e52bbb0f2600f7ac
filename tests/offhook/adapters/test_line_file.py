"""Lines that only grow: cut at any byte they are read to the last whole one, and go on from it."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from offhook.adapters.line_file import LineFile, LineFileError, parse_lines, read_lines

KILLS = 4
WRITER = """
import sys
from pathlib import Path
from offhook.adapters.line_file import LineFile, read_lines

path = Path(sys.argv[1])
file = LineFile(path)
number = len(read_lines(path).values)
while True:
    file.write(b'{"number":%d,"filled":"%s"}' % (number, b"x" * (number * 37 % 9000)))
    number += 1
    print(number, flush=True)
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from offhook.adapters.line_file import LineFile

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
file = LineFile(Path(sys.argv[1]))
for _ in range(1000):
    file.write(b'"eleven byte"')
assert file.error is not None
file.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def write(path: Path, *lines: bytes) -> None:
    file = LineFile(path)
    for line in lines:
        file.write(line)
    file.close()


def test_lines_are_appended(path: Path) -> None:
    write(path, b"1", b"[2]")
    write(path, b'{"a":3}')
    assert path.read_bytes() == b'1\n[2]\n{"a":3}\n'
    found = read_lines(path)
    assert (found.values, found.cut) == ([1, [2], {"a": 3}], False)


def test_cut_at_any_byte_it_is_read_to_the_last_whole_line_and_goes_on_from_there(
    path: Path,
) -> None:
    whole = b'{"a":1}\n{"bc":"d"}\n[3]\n'
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        found = read_lines(path)
        lines = whole[:size].count(b"\n")
        assert len(found.values) == lines
        assert found.cut == (size > 0 and whole[size - 1 : size] != b"\n")
        write(path, b'"next"')
        assert read_lines(path).values == [*found.values, "next"]


def test_a_cut_line_longer_than_one_look_back_is_dropped(path: Path) -> None:
    path.write_bytes(b"1\n" + b'"' + b"x" * 200_000)
    write(path, b"2")
    assert path.read_bytes() == b"1\n2\n"
    path.write_bytes(b"x" * 200_000)
    write(path, b"2")
    assert path.read_bytes() == b"2\n"


def test_a_wrong_line_that_is_not_the_last_is_told(path: Path) -> None:
    path.write_bytes(b"1\nno\n2\n")
    with pytest.raises(LineFileError, match=r"run\.jsonl, line 2: .*no file of JSON lines"):
        read_lines(path)
    with pytest.raises(LineFileError, match=r"^deep, line 1: "):
        parse_lines(b"[" * 100_000 + b"\n", where="deep")
    with pytest.raises(LineFileError, match=r"^no UTF-8, line 1: "):
        parse_lines(b'"\x84"\n', where="no UTF-8")


def test_whoever_kills_the_writer_no_line_it_has_written_is_lost(path: Path) -> None:
    rng = random.Random(2)
    for _ in range(KILLS):
        writer = subprocess.Popen(  # noqa: S603 - our own words.
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        told = [writer.stdout.readline()]
        time.sleep(rng.random() * 0.03)
        writer.kill()
        told += writer.stdout.read().splitlines()
        writer.wait()
        writer.stdout.close()
        values = read_lines(path).values
        assert len(values) >= max(int(line) for line in told if line.strip().isdigit())
        assert [value["number"] for value in values] == list(range(len(values)))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
def test_on_a_full_disk_it_ends_and_what_there_is_can_be_read(path: Path) -> None:
    subprocess.run([sys.executable, "-c", FULL, str(path)], check=True)  # noqa: S603 - our own words.
    found = read_lines(path)
    assert found.cut
    assert found.values == ["eleven byte"] * (1000 // 14)


def test_closed_it_writes_nothing_and_closing_twice_is_once(path: Path) -> None:
    file = LineFile(path)
    file.close()
    file.write(b"1")
    file.close()
    assert path.read_bytes() == b""


def test_a_device_is_written_to(path: Path) -> None:
    write(Path(os.devnull), b"1")
    assert not path.exists()
