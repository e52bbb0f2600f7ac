"""Clients over the protocol: what they can do to the harness, and what comes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.offhook_scenarios.adapters.scripts import client

from offhook_scenarios.adapters import remote
from offhook_scenarios.adapters.adapter import (
    UNAWARE,
    Ability,
    Belief,
    Config,
    Ending,
    Gate,
    Restart,
    Shown,
)
from offhook_scenarios.adapters.client_log import LINES_KEPT
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.remote import ClientBrokeError, RemoteClient, StartRefusedError

CONFIG = Config(api="http://127.0.0.1:1")


async def started(folder: Path, text: str) -> tuple[RemoteClient, list[Belief]]:
    desk, told = client(folder, text), list[Belief]()
    async with asyncio.timeout(20):
        await desk.start(CONFIG, told.append)
    return desk, told


async def broke(desk: RemoteClient) -> str:
    """Stop it; it must have broken, and this is how."""
    with pytest.raises(ClientBrokeError) as error:
        await desk.stop()
    return str(error.value)


async def test_a_session_from_hello_to_stop(tmp_path: Path) -> None:
    text = """
def start(command):
    assert command["api"] == command["login"] == "http://127.0.0.1:1"
    assert command["credentials"]["clientId"] and os.environ["OFFHOOK_HARNESS"] == "stdio"
    say("belief", shown="live", gate="open", call="d", version=[1, 2])
    say("done", id=command["id"])
def set_mute(command):
    say("belief", shown="muting")
    say("belief", shown="muting")
    say("belief", shown="muted" if command["muted"] else "live", gate="cut")
    say("done", id=command["id"], ending="ok")
serve("set_mute", "observe", start=start, set_mute=set_mute)
"""
    desk, told = await started(tmp_path, text)
    assert desk.hello is not None
    assert (desk.hello.name, desk.hello.version) == ("script", "1")
    assert desk.can == {Ability.SET_MUTE, Ability.OBSERVE, Ability.PROCESS}
    assert await desk.set_mute(True) is Ending.OK
    assert await desk.observe() == told[-1]
    assert told == [
        Belief(shown=Shown.LIVE, gate=Gate.OPEN, device_id="d", version=(1, 2)),
        Belief(shown=Shown.MUTING),
        Belief(shown=Shown.MUTED, gate=Gate.CUT),
    ]
    await desk.stop()
    await desk.stop()
    assert desk.broke is None


async def test_what_a_client_cannot_do_it_is_not_asked_for(tmp_path: Path) -> None:
    desk, told = await started(tmp_path, "serve(set_mute=sys.exit, observe=sys.exit)")
    assert await desk.set_mute(True) is None
    assert await desk.observe() == UNAWARE
    assert told == []
    await desk.stop()


async def test_a_process_is_restarted_by_the_harness_and_its_screen_is_dark_meanwhile(
    tmp_path: Path,
) -> None:
    text = """
def start(command):
    say("belief", shown="live", call=str(os.getpid()))
    say("done", id=command["id"])
serve(start=start)
"""
    desk, told = await started(tmp_path, text)
    await desk.restart(Restart.PROCESS)
    first, dark, second = told
    assert dark == UNAWARE
    assert first.device_id != second.device_id
    await desk.stop()


async def test_a_process_that_does_not_come_up_again_is_started_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "AGAIN_AFTER_S", 0.01)
    text = f"""
path = {str(tmp_path / "runs")!r}
with open(path, "a") as file: file.write("x")
run = os.path.getsize(path)
def start(command):
    if run == 2: sys.exit(1)
    say("belief", shown="live", call=str(run))
    say("done", id=command["id"], error="no network" if run == 3 else None)
serve(start=start)
"""
    desk, told = await started(tmp_path, text)
    await desk.restart(Restart.PROCESS, lasts_s=0.01)
    assert told[-1] == Belief(shown=Shown.LIVE, device_id="4")
    assert desk.broke is None
    await desk.stop()


async def test_other_restarts_are_the_clients(tmp_path: Path) -> None:
    text = """
def restart(command):
    say("belief", shown="unknown", call=f"{command['kind']} {command['lastsS']:g}")
    say("done", id=command["id"])
serve("restart:reload", "restart:sleep", restart=restart)
"""
    desk, told = await started(tmp_path, text)
    await desk.restart(Restart.SLEEP, lasts_s=2)
    await desk.restart(Restart.RELOAD)
    assert [belief.device_id for belief in told] == ["sleep 2", "reload 0"]
    await desk.stop()


async def test_time_passes_for_a_shared_clock_and_the_harness_waits(tmp_path: Path) -> None:
    text = """
passed = 0.0
def advance(command):
    global passed
    passed += command["seconds"]
    if passed > 0.2:
        say("belief", shown="live")
    say("done", id=command["id"])
serve("set_mute", clock="shared", advance=advance)
"""
    desk, told = await started(tmp_path, text)
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(20):
        while not told:  # noqa: ASYNC110 - a process has no event to wait for.
            await asyncio.sleep(0.01)
    assert asyncio.get_running_loop().time() - began >= 0.2 - remote.TICK_S
    await desk.stop()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "script ended with exit code 0 before its hello, and wrote nothing."),
        (
            "print('no config', file=sys.stderr); sys.exit(3)",
            "ended with exit code 3 before its hello: it wrote: no config",
        ),
        ("say('belief', shown='live'); time.sleep(60)", "'belief', .* before its hello"),
        ("say('hello', protocol=2, name='x', dialect='tutorial'); time.sleep(60)", "protocol"),
        ("os.close(1); time.sleep(60)", "closed its stdout before its hello"),
    ],
)
async def test_without_a_hello_there_is_no_client_to_judge(
    tmp_path: Path, text: str, words: str
) -> None:
    desk = client(tmp_path, text)
    with pytest.raises(LinkError, match=words.replace("'belief', ", '"belief", ')):
        await desk.start(CONFIG, lambda _: None)
    await desk.stop()


async def test_a_hello_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "HELLO_WITHIN_S", 0.5)
    desk = client(tmp_path, "print('a slow start', flush=True); time.sleep(60)")
    with pytest.raises(LinkError, match=r"did not say hello within 0.5 s"):
        await desk.start(CONFIG, lambda _: None)
    await desk.stop()


async def test_a_start_that_is_refused_is_told_in_the_clients_words(tmp_path: Path) -> None:
    text = "serve(start=lambda command: say('done', id=command['id'], error='no such user'))"
    desk = client(tmp_path, text)
    with pytest.raises(StartRefusedError, match="script could not start: no such user"):
        await desk.start(CONFIG, lambda _: None)
    await desk.stop()


async def test_a_client_that_ends_while_it_starts_is_a_finding(tmp_path: Path) -> None:
    desk = client(tmp_path, "serve(start=lambda _: sys.exit(7))")
    with pytest.raises(ClientBrokeError, match="ended with exit code 7"):
        await desk.start(CONFIG, lambda _: None)
    assert await broke(desk) == "ended with exit code 7"


async def test_a_start_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "START_WITHIN_S", 0.3)
    desk = client(tmp_path, "serve(start=lambda _: None)")
    with pytest.raises(StartRefusedError, match=r"not done with its start within 0.3 s, and wrote"):
        await desk.start(CONFIG, lambda _: None)
    await desk.stop()


@pytest.mark.parametrize("moment", ["set_mute", "observe", "restart"])
async def test_a_client_that_ends_is_a_finding_at_any_moment(tmp_path: Path, moment: str) -> None:
    text = f"serve('set_mute', 'observe', 'restart:sleep', {moment}=lambda _: sys.exit(7))"
    desk, _ = await started(tmp_path, text)
    verbs: dict[str, Callable[[], Awaitable[object]]] = {
        "set_mute": lambda: desk.set_mute(True),
        "observe": desk.observe,
        "restart": lambda: desk.restart(Restart.SLEEP),
    }
    with pytest.raises(ClientBrokeError, match="ended with exit code 7"):
        await verbs[moment]()
    with pytest.raises(ClientBrokeError):
        await desk.set_mute(True)
    assert await broke(desk) == "ended with exit code 7"


async def test_a_client_that_is_killed_is_told_with_its_signal(tmp_path: Path) -> None:
    desk, _ = await started(
        tmp_path, "serve('set_mute', set_mute=lambda _: os.kill(os.getpid(), 11))"
    )
    with pytest.raises(ClientBrokeError):
        await desk.set_mute(True)
    assert await broke(desk) == "was killed by signal 11"


async def test_what_is_no_message_is_log_and_the_log_is_bounded(tmp_path: Path) -> None:
    text = """
def set_mute(command):
    for number in range(20_000):
        print("noise", number)
    print("x" * 3_000_000, flush=True)
    sys.stdout.buffer.write(b"\\xff\\x00\\n")
    print("to stderr", file=sys.stderr, flush=True)
    print('{"level": "info"}')
    say("done", id=command["id"])
serve("set_mute", set_mute=set_mute)
"""
    desk, _ = await started(tmp_path, text)
    async with asyncio.timeout(60):
        await desk.set_mute(True)
    await desk.stop()
    assert len(desk.log.tail()) == LINES_KEPT
    assert desk.log.written == 20_004
    assert "to stderr" in desk.log.tail()
    assert desk.log.tail(1) in {('{"level": "info"}',), ("to stderr",)}


async def test_a_flood_does_not_keep_the_harness_from_its_work(tmp_path: Path) -> None:
    text = """
hello("set_mute")
say("done", id=next(commands())["id"])
while True:
    print("noise " * 20)
"""
    desk, _ = await started(tmp_path, text)
    for _ in range(20):
        await asyncio.sleep(0.01)
    assert desk.log.written > 0
    async with asyncio.timeout(20):
        await desk.stop()


async def test_a_flood_of_beliefs_is_a_circle(tmp_path: Path) -> None:
    text = """
hello("set_mute")
say("done", id=next(commands())["id"])
while True:
    say("belief", shown="live")
    say("belief", shown="muted")
"""
    desk, told = await started(tmp_path, text)
    async with asyncio.timeout(60):
        while len(told) < remote.BELIEFS_MAX:  # noqa: ASYNC110 - as above.
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert len(told) == remote.BELIEFS_MAX
    assert await broke(desk) == f"said what it believes {remote.BELIEFS_MAX} times"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("say('belief', shown='mute')", "Invalid enum value 'mute'"),
        ("say('beleif')", "is none of them"),
        ("hello()", "said hello twice"),
    ],
)
async def test_a_message_that_is_none_ends_the_session(
    tmp_path: Path, text: str, words: str
) -> None:
    desk, _ = await started(tmp_path, f"serve('set_mute', set_mute=lambda _: {text})")
    with pytest.raises(ClientBrokeError, match=words):
        await desk.set_mute(True)
    assert words in await broke(desk)


async def test_an_answer_for_which_nobody_waits_is_log(tmp_path: Path) -> None:
    text = """
def observe(command):
    say("done", id=4711)
    say("done", id=command["id"], error="no idea")
serve("observe", observe=observe)
"""
    desk, _ = await started(tmp_path, text)
    await desk.observe()
    await desk.stop()
    assert desk.log.tail() == (
        "(done with 4711, for which nobody waits)",
        "(a command failed: no idea)",
    )


async def test_a_client_that_ignores_stop_is_killed_with_what_it_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "STOP_WITHIN_S", 0.2)
    beat = tmp_path / "beat"
    text = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
BEAT = {str(beat)!r}
CHILD = "import time\\nwhile True:\\n    open({str(beat)!r}, 'a').write('x'); time.sleep(0.02)"
subprocess.Popen([sys.executable, "-S", "-E", "-c", CHILD])
serve(stop=lambda _: time.sleep(600))
"""
    desk, _ = await started(tmp_path, text)
    async with asyncio.timeout(20):
        while not beat.exists():  # noqa: ASYNC110 - a file has no event to wait for.
            await asyncio.sleep(0.01)
        await desk.stop()
    size = beat.stat().st_size
    await asyncio.sleep(0.2)
    assert beat.stat().st_size == size, "the child of the client still runs"


async def test_a_client_that_reads_nothing_is_stopped_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "STOP_WITHIN_S", 0.2)
    text = 'hello("set_mute"); say("done", id=next(commands())["id"]); time.sleep(600)'
    desk, _ = await started(tmp_path, text)
    press = asyncio.create_task(desk.set_mute(True))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await desk.stop()
        with pytest.raises(ClientBrokeError):
            await press
