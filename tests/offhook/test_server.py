"""The mock on a running loop: start, stop, and what its owner may do with it."""

import asyncio
import gc
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from offhook.adapters.clock import MANUAL_START, ManualClock
from offhook.api.definition import ApiDefinition
from offhook.api.operation import Dialect
from offhook.domain.errors import DomainError
from offhook.domain.inputs import OpenDevice, SetMute
from offhook.faults.kinds import AbortFault, DelayFault
from offhook.faults.rule import RuleSpec
from offhook.server import MockServer, PortInUseError, SurroundingsError, is_loopback
from offhook.settings import DEFAULT

CONNECT_S = DEFAULT.policies.connect_delay_s


async def fetch(url: str, **options: Any) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as http, http.get(url, **options) as answer:
        return answer.status, await answer.json()


def open_device(server: MockServer, name: str = "default") -> str:
    return server.receive(OpenDevice(user_id=server.org.users()[0].id, name=name)).id


async def test_it_listens_on_a_free_port_and_says_where() -> None:
    async with MockServer() as server:
        assert server.port > 0
        status, health = await fetch(f"{server.control_url}/health")
        assert (status, health["status"], health["org"]) == (200, "ok", "Offhook")


async def test_a_busy_port_is_named_with_what_to_do() -> None:
    async with MockServer() as first:
        with pytest.raises(PortInUseError) as refused:
            await MockServer(port=first.port).start()
        assert str(refused.value) == (
            f"127.0.0.1:{first.port} is in use: stop what listens there, or choose another "
            "port (0 takes a free one)."
        )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(SurroundingsError, match=f"Cannot listen on {host}:0: "):
        await MockServer(host=host).start()


async def test_stopping_is_idempotent_and_frees_the_port() -> None:
    server = MockServer()
    await server.start()
    await server.stop()
    await server.stop()
    async with MockServer(port=server.port) as next_one:
        assert next_one.port == server.port != 0


async def test_stopping_cuts_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offhook.server._SHUTDOWN_S", 0.01)
    async with MockServer(seed=1, clock=ManualClock()) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"POST /oauth/token HTTP/1.1\r\nHost: mock\r\nContent-Length: 9\r\n\r\n")
        await asyncio.sleep(0.01)
        await server.stop()
        assert await reader.read() == b"", "cut without an answer"
        writer.close()


async def test_two_servers_of_one_seed_hold_the_same_secrets_and_ids() -> None:
    async with MockServer(seed=7) as one, MockServer(seed=7) as other, MockServer() as third:
        assert one.token() == other.token() != third.token()
        assert open_device(one) == open_device(other)


async def test_a_minted_token_speaks_for_its_user_and_expires_on_the_org_s_clock() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        url = f"{server.url}/api/v2/users/me"
        headers = {"Authorization": f"Bearer {server.token('second', ttl_s=60)}"}
        status, me = await fetch(url, headers=headers)
        assert (status, me["name"]) == (200, "Sam Second")
        await server.advance(61)
        assert (await fetch(url, headers=headers))[0] == 401


async def test_a_token_with_one_scope_has_only_that_one() -> None:
    async with MockServer(seed=1) as server:
        token = server.token(scopes=frozenset({"webrtc:client:read"}))
        headers = {"Authorization": f"Bearer {token}"}
        assert (await fetch(f"{server.url}/api/v2/users/me", headers=headers))[0] == 401


async def test_an_input_goes_through_the_door_at_now_and_its_refusal_comes_back() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        device_id = open_device(server)
        actor = server.org.users()[0].id
        mute = SetMute(device_id=device_id, muted=True, actor=actor)
        with pytest.raises(DomainError, match="initializing"):
            server.receive(mute)
        await server.advance(CONNECT_S)
        assert server.receive(mute).device.muted


async def test_a_reset_is_the_org_as_it_was_at_start() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        at_start = server.state()
        token = server.token()
        open_device(server)
        assert server.state() != at_start
        server.reset()
        assert server.state() == at_start
        assert server.token() == token


async def test_a_restart_loses_all_state_and_nothing_new_looks_like_something_old() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        users = server.org.users()
        rule = server.faults.add(RuleSpec(fault=AbortFault()), id="rule-1")
        token, device_id = server.token(), open_device(server)
        before = server.org.device(device_id)
        server.restart()
        assert (server.org.users(), server.org.devices()) == (users, ())
        assert server.faults.rule("rule-1") == rule
        assert server.token() != token
        after = server.org.device(open_device(server))
        assert before is not None
        assert after is not None
        assert after.id != before.id
        versions = (before.version, after.version)
        assert [each.epoch for each in versions if each is not None] == [1, 2]
        kinds = [entry.kind for entry in server.org.journal.entries()]
        assert kinds.index("restart") > kinds.index("input"), "the journal goes on"


async def test_lifted_faults_let_go_what_they_held_up() -> None:
    async with MockServer(seed=1) as server:
        rule = RuleSpec(fault=DelayFault(delay_s=3_600), times=None)
        server.faults.add(rule, id="rule-1")
        async with aiohttp.ClientSession() as session:
            asking = asyncio.create_task(session.get(f"{server.url}/api/v2/webrtc/clients/me"))
            while not server.faults.rules()[0].matched:  # noqa: ASYNC110 - nobody tells.
                await asyncio.sleep(0.01)
            server.lift_faults()
            async with asyncio.timeout(30):
                assert (await asking).status == 401
        assert server.faults.rules() == ()


async def test_a_day_passes_in_a_moment() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        open_device(server)
        await server.advance(86_400)
        assert server.clock.now() == MANUAL_START + 86_400
        assert server.errors == ()


async def test_a_dialect_that_is_not_served_is_not_there() -> None:
    async with MockServer(dialects=frozenset({Dialect.PLATFORM})) as server:
        headers = {"Authorization": f"Bearer {server.token()}"}
        status, _ = await fetch(f"{server.url}/api/v2/webrtc/clients", headers=headers)
        assert status == 404


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("mock.example.com", False),
    ],
)
def test_what_counts_as_loopback(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


async def test_beyond_loopback_control_needs_a_key_that_is_drawn_if_none_is_given() -> None:
    async with MockServer(host="0.0.0.0") as server:
        health = f"http://127.0.0.1:{server.port}/_offhook/v1/state"
        assert server.control_key is not None
        assert (await fetch(health))[0] == 401
        assert (await fetch(health, headers={"Offhook-Key": server.control_key}))[0] == 200


@pytest.mark.parametrize("key", ["", " "])
async def test_an_empty_key_is_refused_since_everybody_has_it(key: str) -> None:
    with pytest.raises(ValueError, match="The control key is empty"):
        MockServer(host="0.0.0.0", control_key=key)


async def test_on_loopback_there_is_no_key_unless_one_is_given() -> None:
    async with MockServer() as server, MockServer(control_key="k") as locked:
        assert (server.control_key, locked.control_key) == (None, "k")
        assert (await fetch(f"{locked.control_url}/state"))[0] == 401


async def test_an_ipv6_address_stands_in_brackets() -> None:
    assert MockServer(host="::1", port=80).url == "http://[::1]:80"


async def test_a_server_must_be_made_on_a_running_loop_unless_it_has_a_clock_of_its_own() -> None:
    def make() -> None:
        with pytest.raises(RuntimeError, match="no running event loop"):
            MockServer()
        MockServer(clock=ManualClock())

    await asyncio.to_thread(make)


async def test_twenty_servers_leave_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    for _ in range(20):
        async with MockServer(seed=1) as server:
            await fetch(f"{server.control_url}/health")
    gc.collect()
    assert len(asyncio.all_tasks()) == before


DEFINITION = {"swagger": "2.0", "paths": {"/api/v2/shaped": {"get": {}}}}


async def test_a_stub_answers_until_its_block_ends() -> None:
    async with MockServer() as server:
        headers = {"Authorization": f"Bearer {server.token()}"}
        url = f"{server.url}/api/v2/teams"
        with server.stub("GET /api/v2/teams", json={"entities": []}, status=203) as stub:
            assert await fetch(url, headers=headers) == (203, {"entities": []})
            assert stub.uses == 1
        status, told = await fetch(url, headers=headers)
        assert (status, told["code"]) == (501, "not.implemented")
        assert [(row.request, row.count) for row in server.unmodelled] == [("GET /api/v2/teams", 1)]


async def test_a_stub_of_what_is_modelled_is_a_value_error() -> None:
    server = MockServer()
    with pytest.raises(ValueError, match="GET /api/v2/users/me is modelled, as getUsersMe"):
        server.stub("GET /api/v2/users/me", json={})
    assert server.stub("GET /api/v2/users/me", json={}, override=True).uses == 0


async def test_a_handle_survives_a_reset_though_its_stub_does_not() -> None:
    server = MockServer()
    stub = server.stub("GET /api/v2/teams")
    server.reset()
    assert not stub.remove()


async def test_an_api_definition_is_taken_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(DEFINITION), encoding="utf-8")
    for given in (path, str(path), ApiDefinition(DEFINITION)):
        assert MockServer(api_definition=given).tenancy.definition is not None
