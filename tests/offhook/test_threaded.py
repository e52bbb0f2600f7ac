"""The mock for synchronous code."""

import gc
import json
import threading
import urllib.request
from typing import Any

import pytest

import offhook
from offhook.adapters.clock import MANUAL_START, ManualClock
from offhook.domain.errors import DomainError
from offhook.domain.inputs import DeleteDevice, OpenDevice
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.server import PortInUseError
from offhook.server_thread import ServerThread
from offhook.threaded import ThreadedServer


def fetch(url: str, token: str | None = None) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310 - our own url.
        return json.load(answer)


def open_device(server: ThreadedServer) -> str:
    users: Any = server.state()["users"]
    return server.receive(OpenDevice(user_id=users[0]["id"], name="default")).id


def test_a_plain_blocking_client_can_talk_to_it() -> None:
    with offhook.serve(seed=1) as server:
        me = fetch(f"{server.url}/api/v2/users/me", server.token())
        assert me["name"] == "Ada Agent"
        assert fetch(f"{server.control_url}/health")["status"] == "ok"
        assert server.errors == ()


def test_snapshots_tell_what_the_server_saw() -> None:
    with offhook.serve(seed=1, clock=ManualClock()) as server:
        device_id = open_device(server)
        server.advance(5)
        (device,) = server.devices()
        assert (device.id, device.status) == (device_id, "connected")
        fetch(f"{server.url}/api/v2/users/me", server.token())
        (exchange,) = server.journal(kind="exchange", operation="getUsersMe")
        assert exchange.at == MANUAL_START + 5
        assert server.journal(kind="exchange", after=exchange.seq) == ()


def test_faults_can_be_added_looked_at_and_removed() -> None:
    with offhook.serve(seed=1) as server:
        spec = RuleSpec(
            match=Match(operation="getUsersMe"),
            fault=ReplyFault(status=503, code=None, retry_after_s=None, body=None),
            times=None,
        )
        rule = server.add_fault(spec)
        token = server.token()
        with pytest.raises(urllib.error.HTTPError, match="503") as refused:
            fetch(f"{server.url}/api/v2/users/me", token)
        refused.value.close()
        assert [kept.bites for kept in server.faults()] == [1]
        assert server.remove_fault(rule.id)
        assert not server.remove_fault(rule.id)
        assert fetch(f"{server.url}/api/v2/users/me", token)


def test_a_refusal_of_the_org_is_raised_here() -> None:
    with offhook.serve(seed=1) as server, pytest.raises(DomainError, match="404"):
        server.receive(DeleteDevice(device_id="none", actor="none"))


def test_a_reset_forgets() -> None:
    with offhook.serve(seed=1) as server:
        open_device(server)
        server.reset()
        assert server.devices() == ()


def test_what_prevents_the_start_is_raised_by_start() -> None:
    with offhook.serve() as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(PortInUseError):
            offhook.serve(port=port).start()


def test_before_and_after_its_life_it_says_so() -> None:
    server = offhook.serve()
    with pytest.raises(RuntimeError, match="does not run"):
        _ = server.url
    with server:
        assert server.url
    with pytest.raises(RuntimeError, match="does not run"):
        server.token()
    server.stop()


def test_the_server_s_own_thread_is_told_not_to_wait_for_itself() -> None:
    with offhook.serve(seed=1) as server:
        told: list[str] = []

        def ask() -> None:
            try:
                server.state()
            except RuntimeError as error:
                told.append(str(error))

        server.ask(lambda _: ask())
        assert told == ["Called on the server's own thread, which would wait for itself."]


def test_servers_can_share_a_thread_which_outlives_them() -> None:
    with ServerThread() as thread:
        with (
            ThreadedServer(seed=1, thread=thread) as one,
            ThreadedServer(seed=1, thread=thread) as two,
        ):
            open_device(one)
            assert (len(one.devices()), len(two.devices())) == (1, 0)
            assert one.url != two.url
        assert thread.running
        with pytest.raises(RuntimeError, match="does not run"):
            one.token()


def test_it_can_run_faster_than_the_wall() -> None:
    with offhook.serve(speed=50) as server:
        assert fetch(f"{server.control_url}/clock")["speed"] == 50
    with pytest.raises(ValueError, match="speed is 0"):
        offhook.serve(speed=0)


def test_twenty_starts_and_stops_leave_no_thread_behind() -> None:
    before = threading.active_count()
    for _ in range(20):
        with offhook.serve(seed=1) as server:
            assert fetch(f"{server.control_url}/health")
    gc.collect()
    assert threading.active_count() == before


def test_a_stub_is_set_counted_and_removed_from_another_thread() -> None:
    with offhook.serve() as server:
        with server.stub("GET /api/v2/teams", body="none", headers={"A": "b"}) as stub:
            assert (stub.placed.body, stub.placed.headers, stub.uses) == ("none", {"A": "b"}, 0)
        assert not stub.remove()
        with pytest.raises(ValueError, match="is no request"):
            server.stub("/api/v2/teams")
        assert server.unmodelled == ()


def test_the_end_asks_once_more_and_stops_even_when_that_raises() -> None:
    server = ThreadedServer(seed=5)
    server.start()
    assert server.end(lambda mock: mock.seed) == 5
    with pytest.raises(RuntimeError, match="does not run"):
        server.ask(lambda mock: mock.seed)

    def breaks(_: object) -> None:
        raise KeyError("lost")

    server = ThreadedServer()
    server.start()
    url = server.url
    with pytest.raises(KeyError, match="lost"):
        server.end(breaks)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url)  # noqa: S310 - our own url.
