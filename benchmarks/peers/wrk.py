"""Load by `wrk`, which keeps 64 connections busy with one request each."""

import re
import shutil
import subprocess
import tempfile

from benchmarks.peers.harness import PROCESSORS, Cost, Server

CONNECTIONS = 64
_LUA = """
wrk.method = '{method}'
wrk.headers['Authorization'] = 'Bearer {token}'
{body}
done = function(s)
  io.write(string.format('REQUESTS %d US %d BAD %d\\n', s.requests, s.duration,
    s.errors.status + s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout))
end
"""
_BODY = """
wrk.headers['Content-Type'] = 'application/json'
wrk.body = '{"muted":true}'
"""


def missing() -> str | None:
    """Why there can be no load, None when there can."""
    absent = [tool for tool in ("wrk", "taskset") if shutil.which(tool) is None]
    return f"needs {' and '.join(absent)} (Debian: wrk, util-linux)" if absent else None


def load(server: Server, method: str, *, seconds: int = 1) -> Cost:
    """What a GET of the server's path, or a POST to its mute, costs it. All must succeed."""
    body = _BODY if method == "POST" else ""
    path = server.at["path"] + ("/mute" if method == "POST" else "")
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as lua:
        lua.write(_LUA.format(method=method, token=server.at["token"], body=body))
        lua.flush()
        words = f"taskset -c {PROCESSORS[-1]} wrk -t1 -c{CONNECTIONS} --timeout 10s".split()
        url = f"http://127.0.0.1:{server.at['port']}{path}"
        what = [f"-d{seconds}s", "-s", lua.name]
        before = server.busy_s()
        said = subprocess.run([*words, *what, url], capture_output=True, text=True, check=True)  # noqa: S603 - wrk, as it is installed.
        busy_s = server.busy_s() - before
    found = re.search(r"REQUESTS (\d+) US (\d+) BAD (\d+)", said.stdout)
    assert found is not None, said.stdout
    requests, micros, bad = map(int, found.groups())
    assert requests, "nothing was answered: the machine is too busy to measure"
    assert bad == 0, f"{bad} of {requests} requests failed"
    return Cost(micros / 1e6 / requests, busy_s / requests)
