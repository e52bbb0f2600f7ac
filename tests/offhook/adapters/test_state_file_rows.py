"""Fault rules, stubs, rate windows and remembered answers outlive the process too."""

from pathlib import Path

import aiohttp
import msgspec
import pytest
from tests.offhook.adapters.stateful import picture, served, status

from offhook import DEFAULT, ManualClock, MockServer
from offhook.domain.inputs import OpenDevice
from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.stubs import Stub


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.sqlite"


async def test_fault_rules_and_stubs_outlive_the_process_with_their_accounts(path: Path) -> None:
    of_me = Match(operation="getUsersMe")
    rules = [
        RuleSpec(fault=ReplyFault(status=503), match=of_me, times=3),
        RuleSpec(fault=ReplyFault(status=500), match=of_me, skip=2, times=None),
    ]
    async with served(path) as first:
        laid = [first.tenancy.add_fault(each) for each in rules]
        stub = first.stub("GET /api/v2/teams/{teamId}", json={"id": "t"})
        gone = first.tenancy.add_fault(RuleSpec(fault=ReplyFault(status=502)))
        first.faults.remove(gone.id)
        headers = {"Authorization": f"Bearer {first.token()}"}
        async with aiohttp.ClientSession(first.url, headers=headers) as http:
            assert [await status(http, "/api/v2/users/me") for _ in range(2)] == [503, 503]
            assert await status(http, "/api/v2/teams/7") == 200
        before, stubs = first.faults.rules(), first.tenancy.stubs.stubs()
    async with served(path) as second:
        assert [rule.id for rule in second.faults.rules()] == [rule.id for rule in laid]
        assert second.faults.rules() == before
        assert before[0].bites == 2
        assert second.tenancy.stubs.stubs() == stubs
        assert [each.uses for each in stubs if each.id == stub.placed.id] == [1]
        async with aiohttp.ClientSession(second.url, headers=headers) as http:
            statuses = [await status(http, "/api/v2/users/me") for _ in range(4)]
        assert statuses == [503, 200, 200, 500]
        second.reset()
    async with served(path) as third:
        assert third.faults.rules() == ()


async def test_a_declared_stub_that_was_deleted_does_not_come_back(path: Path) -> None:
    stub = Stub(request="GET /api/v2/teams", json=[])
    settings = msgspec.structs.replace(DEFAULT, stubs=(stub,))
    async with served(path, settings=settings) as first:
        (placed,) = first.tenancy.stubs.stubs()
    async with served(path, settings=settings) as second:
        assert second.tenancy.stubs.stubs() == (placed,)
        second.tenancy.stubs.clear()
        second.token()
    async with served(path, settings=settings) as third:
        assert third.tenancy.stubs.stubs() == ()
        third.reset()
    async with served(path, settings=settings) as fourth:
        assert len(fourth.tenancy.stubs.stubs()) == 1


async def test_rate_windows_outlive_the_process_and_a_crash_begins_new_ones(path: Path) -> None:
    settings = msgspec.structs.replace(
        DEFAULT, policies=DEFAULT.policies.changed({"rate_per_token": 3})
    )
    clock = ManualClock(1_790_000_000.0)
    async with MockServer(settings, clock=clock, state=path) as first:
        headers = {"Authorization": f"Bearer {first.token()}"}
        async with aiohttp.ClientSession(first.url, headers=headers) as http:
            assert [await status(http, "/api/v2/users/me") for _ in range(2)] == [200, 200]
    async with MockServer(settings, clock=ManualClock(clock.now()), state=path) as second:
        async with aiohttp.ClientSession(second.url, headers=headers) as http:
            assert [await status(http, "/api/v2/users/me") for _ in range(2)] == [200, 429]
            await second.advance(second.org.policies.rate_window_s)
            assert await status(http, "/api/v2/users/me") == 200
        assert len(second.org.limiter) == 3
        second.restart()
        second.token()
    async with MockServer(settings, clock=ManualClock(clock.now()), state=path) as third:
        assert len(third.org.limiter) == 0


async def test_a_repeat_under_its_key_has_no_second_effect_after_a_restart_either(
    path: Path,
) -> None:
    async with served(path) as first:
        headers = {"Authorization": f"Bearer {first.token()}", "Idempotency-Key": "k1"}
        user = first.org.users()[0].id
        device = first.receive(OpenDevice(user_id=user, name="d"))
        await first.advance(5)
        mute = f"/api/v2/webrtc/clients/{device.id}/mute"
        async with (
            aiohttp.ClientSession(first.url, headers=headers) as http,
            http.post(mute, json={"muted": True}) as answer,
        ):
            etag = answer.headers["ETag"]
    async with served(path) as second:
        async with aiohttp.ClientSession(second.url, headers=headers) as http:
            async with http.post(mute, json={"muted": True}) as answer:
                assert answer.headers["ETag"] == etag
            async with http.post(mute, json={"muted": False}) as answer:
                assert answer.status == 400, "the key came with another body before"
        now = second.org.device(device.id)
        assert now is not None
        assert now.version is not None
        assert now.version.etag == etag


# A disk that is full.


async def test_what_cannot_be_kept_is_not_acknowledged_and_goes_on_when_there_is_room(
    path: Path,
) -> None:
    async with served(path) as first:
        first.token()
        assert first._state is not None
        file = first._state._file
        (pages,) = file.execute("PRAGMA page_count").fetchone()
        file.execute(f"PRAGMA max_page_count={pages}")
        async with aiohttp.ClientSession(first.url) as http:
            tokens = []
            while True:
                async with http.post("/_offhook/v1/tokens", json={"user": "agent"}) as answer:
                    if answer.status != 201:
                        break
                    tokens.append((await answer.json())["accessToken"])
            assert answer.status == 500
            file.execute("PRAGMA max_page_count=1000000")
            async with http.post("/_offhook/v1/tokens", json={"user": "agent"}) as answer:
                tokens.append((await answer.json())["accessToken"])
        assert "full: make room" in str(first.errors[0].facts)
        before = picture(first)
    async with served(path) as second:
        assert all(second.org.oauth.token(token) is not None for token in tokens)
        assert picture(second) == before
