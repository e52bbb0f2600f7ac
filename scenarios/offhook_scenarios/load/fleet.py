"""A stock Locust master with our workers, each in a process of its own, all on this machine."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from offhook_scenarios.load.meter import Tally

LOOPBACK = "127.0.0.1"
SLACK_S = 60.0
"""What starting, stopping and a busy machine may take beyond the time asked for."""
_LOCUSTFILE = Path(__file__).with_name("locustfile.py")


class FleetError(Exception):
    """The fleet cannot work here, or did not end well. The message says what to do."""


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What the master added up."""

    requests: int
    """By Locust's own table."""
    failures: int
    tally: Tally


def find_locust(path: str | None = None) -> str:
    """The `locust` command. Raises `FleetError`."""
    found = shutil.which(path or "locust")
    if found is None:
        raise FleetError(
            f"There is no {path or 'locust'} command. Locust makes every process that imports it "
            "its own, so it lives apart: `pipx install locust`, or in a venv of its own, whose "
            "bin/locust is given by --locust."
        )
    return found


def run_fleet(
    worker_words: Sequence[str],
    *,
    locust: str,
    workers: int,
    users: int,
    seconds: float,
    web_port: int | None = None,
    told: Callable[[str], None] = lambda _text: None,
) -> Merged:
    """Start a master and workers, and wait for the end. Raises `FleetError`.

    `worker_words` is what `offhook load` is given to work for a master, but for `--join`. With
    a `web_port` the test is begun and ended on Locust's page, and Ctrl-C ends the fleet.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="offhook-load-") as folder:
        report = Path(folder) / "report.json"
        log = Path(folder) / "master.log"
        words = _master_words(
            locust,
            port=port,
            web_port=web_port,
            users=users,
            seconds=seconds,
            workers=workers,
            log=log,
        )
        environment = {**os.environ, "OFFHOOK_LOAD_REPORT": str(report)}
        master = subprocess.Popen(  # noqa: S603 - the command that the user named.
            words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
        )
        crew: list[subprocess.Popen[bytes]] = []
        try:
            for number in range(workers):
                join = ["--join", f"{LOOPBACK}:{port}", "--first", str(number * users)]
                command = [sys.executable, "-m", "offhook", "load", *worker_words, *join]
                crew.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))  # noqa: S603 - ourselves.
            if web_port is not None:
                told(f"Locust's page: http://{LOOPBACK}:{web_port}")
            _wait(master, crew, None if web_port is not None else seconds + SLACK_S)
            return _read(report, log)
        finally:
            for process in (master, *crew):
                process.kill()
                process.wait()


def _master_words(
    locust: str,
    *,
    port: int,
    web_port: int | None,
    users: int,
    seconds: float,
    workers: int,
    log: Path,
) -> list[str]:
    words = [locust, "-f", str(_LOCUSTFILE), "--master"]
    words += ["--master-bind-host", LOOPBACK, "--master-bind-port", str(port)]
    words += ["--users", str(users), "--spawn-rate", str(users), "--logfile", str(log)]
    if web_port is not None:
        return [*words, "--web-host", LOOPBACK, "--web-port", str(web_port)]
    words += ["--headless", "--run-time", f"{seconds:g}s", "--stop-timeout", "20"]
    return [*words, "--expect-workers", str(workers), "--only-summary"]


def _wait(
    master: "subprocess.Popen[bytes]",
    crew: Sequence["subprocess.Popen[bytes]"],
    patience_s: float | None,
) -> None:
    """Until the master ends, and the workers after it; or a worker breaks first."""
    began = time.monotonic()
    while master.poll() is None:
        broken = [worker for worker in crew if worker.poll() not in {None, 0}]
        if broken:
            raise FleetError(f"A worker ended with exit code {broken[0].returncode}.")
        if patience_s is not None and time.monotonic() - began > patience_s:
            raise FleetError(f"The master did not end within {patience_s:g} s.")
        time.sleep(0.1)
    for worker in crew:
        try:
            code = worker.wait(SLACK_S)
        except subprocess.TimeoutExpired:
            raise FleetError("A worker did not quit with its master.") from None
        if code:
            raise FleetError(f"A worker ended with exit code {code}.")


def _read(report: Path, log: Path) -> Merged:
    if not report.exists():
        last = log.read_text(encoding="utf-8").strip() if log.exists() else ""
        why = last.splitlines()[-1] if last else "it wrote no log"
        raise FleetError(f"Locust wrote no report: {why}")
    found = json.loads(report.read_text(encoding="utf-8"))
    return Merged(
        requests=found["locust"]["requests"],
        failures=found["locust"]["failures"],
        tally=msgspec.convert(found["offhook"], Tally),
    )


def _free_port() -> int:
    """A port that Locust can have, and the next one too, which it also takes."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
