"""Processes as links: found, started, heard to their last words, ended with all they started."""

import asyncio
import sys
from pathlib import Path

import pytest
from tests.offhook_scenarios.adapters.scripts import script

from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.stdio import Process, program, stdio


class Ear:
    """Notes what it hears."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.log: list[bytes] = []
        self.ends: list[str] = []
        self.over = asyncio.Event()

    def heard(self, line: bytes) -> None:
        self.lines.append(line)

    def noted(self, line: bytes) -> None:
        self.log.append(line)

    def ended(self, how: str) -> None:
        self.ends.append(how)
        self.over.set()


def test_a_program_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(LinkError, match="no program 'no-such-program'"):
        stdio(["no-such-program", "x"])
    assert Path(program(["python3"])[0]).is_absolute()


async def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(LinkError, match="cannot be started: No such file"):
        await stdio([str(broken)])(Ear())


async def test_lines_go_both_ways_and_the_last_one_needs_no_end(tmp_path: Path) -> None:
    text = """
print(sys.stdin.readline().upper(), end="", flush=True)
print("log", file=sys.stderr)
print("äöü", os.environ["MINE"], os.environ["OFFHOOK_HARNESS"], end="")
"""
    ear = Ear()
    link = await stdio([sys.executable, "-X", "utf8", *script(tmp_path, text)[1:]], {"MINE": "1"})(
        ear
    )
    link.send(b"hello")
    async with asyncio.timeout(20):
        await ear.over.wait()
    link.send(b"nobody hears this")
    await link.close()
    await link.close()
    assert ear.lines == [b"HELLO", "äöü 1 stdio".encode()]
    assert ear.log == [b"log"]
    assert ear.ends == ["ended with exit code 0"]


async def test_of_a_process_that_does_not_speak_all_is_log(tmp_path: Path) -> None:
    ear = Ear()
    process = Process(ear)
    await process.start(script(tmp_path, "print('out')"), {}, speaks=False)
    async with asyncio.timeout(20):
        await ear.over.wait()
    await process.close()
    assert (ear.lines, ear.log) == ([], [b"out"])


async def test_a_grandchild_that_holds_the_streams_open_holds_up_nothing(tmp_path: Path) -> None:
    text = """
subprocess.Popen([sys.executable, "-S", "-E", "-c", "import time; time.sleep(600)"])
print("gone", flush=True)
"""
    ear = Ear()
    link = await stdio(script(tmp_path, text))(ear)
    async with asyncio.timeout(20):
        await ear.over.wait()
        await link.close()
    assert ear.lines == [b"gone"]
    assert ear.ends == ["ended with exit code 0"]


async def test_nothing_is_heard_after_the_end(tmp_path: Path) -> None:
    ear = Ear()
    link = await stdio(script(tmp_path, "while True: print('more', flush=True)"))(ear)
    async with asyncio.timeout(20):
        while not ear.lines:  # noqa: ASYNC110 - a process has no event to wait for.
            await asyncio.sleep(0.01)
        await link.close()
    heard = len(ear.lines)
    await asyncio.sleep(0.05)
    assert len(ear.lines) == heard
    assert ear.ends == ["was ended"]
