"""GET and POST at 64 connections beside a bare aiohttp server, by turns, both on uvloop.

    python benchmarks/peers/beside_bare_aiohttp.py [rounds]

Needs `wrk` and `taskset` (Linux). Servers are on processor 0, wrk on processor 1. Ratios are
formed within a round, of requests a second and of the server's own processor time, which hardly
depends on what else the machine does: where the two disagree, trust the latter.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SERVERS = {"mock": "mock_on_uvloop.py", "bare": "bare_aiohttp.py"}
CONNECTIONS = 64
ROUNDS = 7
DONE = (
    "done = function(s) io.write(string.format('REQUESTS %d US %d BAD %d\\n', "
    "s.requests, s.duration, s.errors.status)) end\n"
)


def start(script: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """A server on processor 0, and where it is."""
    command = ["taskset", "-c", "0", sys.executable, str(HERE / script)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own.
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def busy_s(pid: int) -> float:
    """Processor time of a process (Linux), in seconds."""
    text = Path(f"/proc/{pid}/schedstat").read_text(encoding="utf-8")
    return int(text.split()[0]) / 1e9


def load(process: subprocess.Popen[str], at: dict[str, Any], item: str) -> tuple[float, float]:
    """Requests a second, and processor microseconds a request."""
    path = f"/api/v2/webrtc/clients/{at['device']}" + ("/mute" if item == "POST" else "")
    script = f"wrk.method = '{item}'\nwrk.headers['Authorization'] = 'Bearer {at['token']}'\n{DONE}"
    if item == "POST":
        script += (
            "wrk.headers['Content-Type'] = 'application/json'\nwrk.body = '{\"muted\":true}'\n"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as lua:
        lua.write(script)
        lua.flush()
        words = f"taskset -c 1 wrk -t1 -c{CONNECTIONS} -d1s -s {lua.name}".split()
        before = busy_s(process.pid)
        url = f"http://127.0.0.1:{at['port']}{path}"
        said = subprocess.run([*words, url], capture_output=True, text=True, check=True).stdout  # noqa: S603 - wrk, as it is installed.
    found = re.search(r"REQUESTS (\d+) US (\d+) BAD (\d+)", said)
    assert found is not None, said
    requests, micros, bad = map(int, found.groups())
    assert bad == 0, f"{bad} requests were refused"
    return requests * 1e6 / micros, (busy_s(process.pid) - before) * 1e6 / requests


def main() -> None:
    """Print a line for GET and one for POST."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    running = {name: start(script) for name, script in SERVERS.items()}
    try:
        for item in ("GET", "POST"):
            cells: dict[str, list[tuple[float, float]]] = {name: [] for name in running}
            for turn in range(rounds + 1):
                for name in list(running)[:: 1 if turn % 2 else -1]:
                    cells[name].append(load(*running[name], item))
            pairs = list(zip(cells["mock"], cells["bare"], strict=True))[1:]  # The first warms up.
            rate = statistics.median(mine[0] / bare[0] for mine, bare in pairs)
            time = statistics.median(bare[1] / mine[1] for mine, bare in pairs)
            told = (
                f"{item:4} {rate:.2f} of bare aiohttp by requests/s, {time:.2f} by processor time"
            )
            print(told)  # noqa: T201 - a command's output.
    finally:
        for process, _ in running.values():
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
