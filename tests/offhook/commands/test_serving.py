"""`offhook serve` as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from offhook.commands.serving import (
    ServeOptions,
    _file_of,
    announce,
    describe,
    make_servers,
    ready_line,
    refuse_special,
)
from offhook.config import Config
from offhook.server import SurroundingsError
from offhook.settings import DEFAULT, OrgSettings

OPTIONS = ServeOptions(
    host="127.0.0.1",
    port=0,
    ready_file=None,
    seed=5,
    clock="manual",
    speed=1,
    dialect="both",
    api_definition=None,
    state=None,
    trace=None,
    control_key=None,
    log_level="info",
)
TWO_ORGS = '[[orgs]]\nname = "One"\n[[orgs]]\nname = "Two"\n'
READY_WITHIN_S = 30.0


class Served:
    """A running `offhook serve`."""

    def __init__(self, *words: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own words.
            [sys.executable, "-m", "offhook", "serve", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
        )

    def ready(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def end_by_itself(self) -> tuple[int, str, str]:
        """Exit code, stdout, stderr of one that does not get to serving."""
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, the rest of stdout, stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.end_by_itself()


@pytest.fixture
def serve() -> Iterator[Any]:
    running: list[Served] = []

    def started(*words: str, env: dict[str, str] | None = None) -> Served:
        running.append(Served(*words, env=env))
        return running[-1]

    yield started
    for served in running:
        served.process.kill()
        served.process.wait()
        for stream in (served.process.stdout, served.process.stderr):
            if stream is not None:
                stream.close()


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own url.
        return json.load(answer)


def test_it_says_where_it_is_serves_and_ends_in_order(serve: Any, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    served = serve("--port", "0", "--ready-file", str(ready_file), "--seed", "7")
    ready = served.ready()
    assert json.loads(ready_file.read_text()) == ready
    assert ready["ready"] is True
    assert (ready["pid"], ready["seed"]) == (served.process.pid, 7)
    assert (ready["clock"], ready["speed"]) == ("system", 1)
    assert ready["orgs"] == [
        {"name": "Offhook", "url": ready["url"], "controlUrl": f"{ready['url']}/_offhook/v1"}
    ]
    assert "controlKey" not in ready
    assert fetch(f"{ready['orgs'][0]['controlUrl']}/health")["version"] == ready["version"]
    code, rest, log = served.end()
    assert (code, rest) == (0, "")
    assert "agent-password" in log
    assert "GET /_offhook/v1/health 200" in log
    assert "Traceback" not in log
    assert not ready_file.exists()


def test_an_interrupt_ends_it_in_order_too(serve: Any) -> None:
    served = serve("--port", "0", "--log-level", "warning")
    served.ready()
    code, _, log = served.end(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in log


def test_a_busy_port_is_named_at_once_with_exit_code_3(serve: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, log = serve("--port", str(port)).end_by_itself()
    assert (code, out) == (3, "")
    assert log == (
        f"Error: 127.0.0.1:{port} is in use: stop what listens there, or choose another port "
        "(0 takes a free one).\n"
    )


def test_the_environment_mirrors_the_flags(serve: Any) -> None:
    env = {
        "OFFHOOK_PORT": "0",
        "OFFHOOK_SEED": "11",
        "OFFHOOK_CLOCK": "manual",
        "OFFHOOK_DIALECT": "platform",
    }
    ready = serve(env=env).ready()
    assert (ready["seed"], ready["clock"]) == (11, "manual")
    assert fetch(f"{ready['url']}/_offhook/v1/clock")["mode"] == "manual"


def test_several_orgs_have_listeners_and_secrets_of_their_own(serve: Any, tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(TWO_ORGS)
    served = serve("--port", "0", "--config", str(path))
    ready = served.ready()
    told = [(org["name"], fetch(f"{org['controlUrl']}/health")["org"]) for org in ready["orgs"]]
    assert told == [("One", "One"), ("Two", "Two")]
    users = [fetch(f"{org['controlUrl']}/state")["users"][0]["id"] for org in ready["orgs"]]
    assert users[0] != users[1]
    _, _, log = served.end()
    assert "agent-password" not in log, "only the default org is printed"


def test_beyond_loopback_the_key_is_announced(serve: Any) -> None:
    served = serve("--host", "0.0.0.0", "--port", "0")
    key = served.ready()["controlKey"]
    assert f"Offhook-Key: {key}" in served.end()[2]


def test_a_clock_that_runs_fast_comes_with_a_warning(serve: Any) -> None:
    served = serve("--port", "0", "--speed", "20")
    assert served.ready()["speed"] == 20
    assert "20 times as fast" in served.end()[2]


def test_nobody_need_listen_to_what_it_says(serve: Any, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    served = serve("--port", "0", "--ready-file", str(ready_file))
    served.process.stdout.close()
    served.process.stdout = None
    deadline = time.monotonic() + READY_WITHIN_S
    while not ready_file.exists():
        assert served.process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    ready = json.loads(ready_file.read_text())
    assert fetch(f"{ready['url']}/_offhook/v1/health")["status"] == "ok"
    code, _, log = served.end()
    assert code == 0
    assert "Traceback" not in log
    assert "BrokenPipe" not in log


def test_it_ends_with_a_list_of_what_is_not_modelled(serve: Any) -> None:
    served = serve("--port", "0")
    url = served.ready()["url"]
    for _ in range(2):
        with pytest.raises(urllib.error.HTTPError, match="501") as refused:
            fetch(f"{url}/api/v2/teams")
        refused.value.close()
    _, _, log = served.end()
    listed = log.partition("Asked of the org Offhook, and not modelled:\n")[2]
    assert listed.splitlines()[0] == "  2 x GET /api/v2/teams"
    assert '[[orgs.stubs]]\nrequest = "GET /api/v2/teams"\njson = {}' in listed


@pytest.mark.parametrize(
    ("config", "definition", "told"),
    [
        (
            '[[orgs]]\n[[orgs.stubs]]\nrequest = "GET /api/v2/users/me"\n',
            {"swagger": "2.0", "paths": {"/a": {}}},
            "GET /api/v2/users/me is modelled, as getUsersMe: say override = true",
        ),
        ("", {}, "api.json: is no API definition: it has neither"),
    ],
)
def test_a_file_that_is_wrong_is_one_sentence_and_exit_code_2(
    serve: Any, tmp_path: Path, config: str, definition: object, told: str
) -> None:
    (tmp_path / "offhook.toml").write_text(config)
    (tmp_path / "api.json").write_text(json.dumps(definition))
    served = serve(
        "--config",
        str(tmp_path / "offhook.toml"),
        "--api-definition",
        str(tmp_path / "api.json"),
    )
    code, out, log = served.end_by_itself()
    assert (code, out) == (2, "")
    assert told in log
    assert log.count("\n") == 1


async def test_each_org_has_the_next_seed_and_the_next_port() -> None:
    orgs = tuple(
        OrgSettings(name=name, users=DEFAULT.users, clients=DEFAULT.clients) for name in "ab"
    )
    options = msgspec.structs.replace(OPTIONS, port=9000)
    servers = make_servers(Config(orgs=orgs), options)
    assert [(server.seed, server.port) for server in servers] == [(5, 9000), (6, 9001)]
    assert [org["url"] for org in json.loads(ready_line(servers, options))["orgs"]] == [
        "http://127.0.0.1:9000",
        "http://127.0.0.1:9001",
    ]


def test_who_finds_the_port_busy_leaves_the_ready_file_of_the_other(
    serve: Any, tmp_path: Path
) -> None:
    ready_file = tmp_path / "ready.json"
    first = serve("--port", "0", "--ready-file", str(ready_file))
    ready = first.ready()
    port = ready["url"].rpartition(":")[2]
    code, _, _ = serve("--port", port, "--ready-file", str(ready_file)).end_by_itself()
    assert code == 3
    assert json.loads(ready_file.read_text()) == ready


def test_a_ready_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "ready.json"
    with pytest.raises(
        SurroundingsError, match=r"Cannot write the ready file .*ready\.json: No su"
    ):
        announce("{}", path)


def test_a_ready_file_that_is_no_ordinary_file_is_refused_and_left_alone(
    serve: Any, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    path = tmp_path / "ready.json"
    path.symlink_to(elsewhere)
    code, out, log = serve("--port", "0", "--ready-file", str(path)).end_by_itself()
    assert (code, out) == (3, "")
    assert log == (
        f"Error: The ready file {path} is there already and no ordinary file: name another.\n"
    )
    assert path.is_symlink()
    assert elsewhere.read_text() == "mine"


def test_a_device_is_no_ready_file_and_an_old_ready_file_is(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="no ordinary file"):
        refuse_special(Path(os.devnull))
    old = tmp_path / "ready.json"
    refuse_special(old)
    old.write_text("{}")
    refuse_special(old)


def test_the_default_org_is_a_table_that_fits_a_screen() -> None:
    lines = describe(DEFAULT, seed=7).splitlines()
    assert lines[0] == "Org Offhook (seed 7)"
    assert all(len(line) <= 120 for line in lines)
    for user in DEFAULT.users:
        assert any(user.username in line and user.password in line for line in lines)


def test_several_orgs_keep_their_states_apart() -> None:
    path, named = Path("a/mock.sqlite"), msgspec.structs.replace(DEFAULT, name="Acme")
    assert _file_of(named, path, alone=True) == path
    assert _file_of(named, path, alone=False) == Path("a/mock-Acme.sqlite")
    assert _file_of(named, None, alone=False) is None
