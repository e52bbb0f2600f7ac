"""An account and its desks."""

import asyncio
from typing import Any

import pytest

import offhook_client
from offhook.domain.inputs import DropSockets, ForceMute
from offhook.oauth.inputs import ExpireToken
from offhook_client.aio import Account
from offhook_client.errors import ClosedError, ForcedError, LoginRefusedError, RefusedError
from offhook_client.models import Gate, Shown
from offhook_client.tokens import CodeGrant, GivenToken, PasswordGrant, ServiceGrant


async def test_each_device_has_a_desk_of_its_own(serve: Any, login: Any) -> None:
    async with (
        serve() as server,
        login(server) as account,
        account.desk("left") as left,
        account.desk("right") as right,
    ):
        await left.set_mute(muted=True)
        assert (await left.settled()).shown is Shown.MUTED
        assert (await right.settled()).shown is Shown.LIVE
        assert left.belief.client_id != right.belief.client_id
        assert left.instance != right.instance


async def test_closing_an_account_closes_its_desks(serve: Any, login: Any) -> None:
    async with serve() as server:
        account = login(server)
        async with account:
            desk = account.desk()
            await desk.start()
            await desk.settled(deadline_s=20.0)
        assert desk.shown is Shown.UNKNOWN
        async with asyncio.timeout(20.0):
            while server.org.sockets():  # noqa: ASYNC110 - the mock has no event for it.
                await asyncio.sleep(0.01)


async def test_nothing_is_left_running_after_an_account(serve: Any, login: Any) -> None:
    async with serve() as server:
        async with login(server) as account, account.desk() as desk:
            await desk.set_mute(muted=True)
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert [name for name in names if name.startswith("offhook ")] == []


@pytest.mark.parametrize(
    "grant",
    [
        CodeGrant(login_hint="agent"),
        PasswordGrant(username="agent", password="agent-password", client_secret="offhook-secret"),
    ],
)
async def test_each_grant_of_a_person_can_mute(serve: Any, login: Any, grant: Any) -> None:
    async with (
        serve(allow_password_grant=True) as server,
        login(server, grant) as account,
        account.desk() as desk,
    ):
        assert (await desk.set_mute(muted=True)).shown is Shown.MUTED


async def test_a_given_token_can_mute(serve: Any, login: Any) -> None:
    async with serve() as server:
        grant = GivenToken(access_token=server.token("agent"))
        async with login(server, grant) as account, account.desk() as desk:
            assert (await desk.set_mute(muted=True)).shown is Shown.MUTED


async def test_a_service_acts_for_nobody_and_is_told_so(serve: Any, login: Any) -> None:
    grant = ServiceGrant(client_id="offhook-server", client_secret="offhook-secret")
    async with serve() as server, login(server, grant) as account:
        with pytest.raises(RefusedError):
            await account.desk().start()


async def test_a_wrong_password_is_told_in_the_servers_words(serve: Any, login: Any) -> None:
    grant = PasswordGrant(username="agent", password="no", client_secret="offhook-secret")
    async with serve(allow_password_grant=True) as server, login(server, grant) as account:
        with pytest.raises(LoginRefusedError, match="invalid_grant"):
            await account.login()


@pytest.mark.parametrize("policy", ["close", "silent", "refuse"])
async def test_a_token_that_expires_under_the_socket_costs_one_refresh(
    serve: Any, login: Any, policy: str
) -> None:
    async with serve(expired_socket=policy, heartbeat_s=0.02) as server:
        async with login(server) as account, account.desk() as desk:
            await desk.settled(deadline_s=20.0)
            for token in server.org.oauth.tokens():
                server.receive(ExpireToken(token_id=token.id))
            await desk.set_mute(muted=True)
            assert (await desk.settled(deadline_s=20.0)).shown is Shown.MUTED
        tokens = server.org.journal.entries(kind="exchange", operation="postOauthToken")
        assert len(tokens) == 2


async def test_two_desks_of_one_account_share_its_token(serve: Any, login: Any) -> None:
    async with (
        serve() as server,
        login(server) as account,
        account.desk("left"),
        account.desk("right"),
    ):
        assert len(server.org.oauth.tokens()) == 1


async def test_one_seed_draws_one_instance(serve: Any, login: Any) -> None:
    async with serve() as server:
        names = {login(server).desk().instance for _ in range(2)}
        assert len(names) == 1
        fresh = {Account(server.url, CodeGrant()).desk().instance for _ in range(2)}
        assert len(fresh) == 2


async def test_a_dropped_socket_is_dialled_again_and_the_log_says_why(
    serve: Any, login: Any
) -> None:
    async with serve() as server, login(server) as account, account.desk() as desk:
        await desk.settled(deadline_s=20.0)
        server.receive(DropSockets(device_id=None, code=1012))
        await desk.settled(deadline_s=20.0)
        async for belief in desk.beliefs():
            if belief.shown is Shown.LIVE and account.decisions.entries("events"):
                break
        (decision,) = account.decisions.entries("events")
        assert (decision.action, decision.reason) == ("reconnect", "close 1012")


def test_public_names_are_loaded_when_asked_for() -> None:
    assert offhook_client.Account is Account
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = offhook_client.Nonsense


async def test_a_person_mutes_every_device_at_once(serve: Any, login: Any) -> None:
    async with (
        serve() as server,
        login(server) as account,
        account.desk("left") as left,
        account.desk("right") as right,
    ):
        await left.settled()
        await right.settled()
        await left.set_mute(muted=True)
        assert [each.shown for each in (left, account)] == [Shown.MUTED, Shown.LIVE]
        fan_out = asyncio.ensure_future(account.set_mute(muted=True))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert {left.gate, right.gate} == {Gate.CUT}, "cut before any answer"
        await fan_out
        assert [each.shown for each in (left, right, account)] == [Shown.MUTED] * 3
        await account.set_mute(muted=False)
        assert [each.shown for each in (left, right, account)] == [Shown.LIVE] * 3
        await right.close()
        await left.set_mute(muted=True)
        assert [each.shown for each in (left, account)] == [Shown.MUTED] * 2


async def test_what_some_devices_refused_comes_as_a_group(serve: Any, login: Any) -> None:
    async with (
        serve(admin_force="locked") as server,
        login(server) as account,
        account.desk("left") as left,
        account.desk("right") as right,
    ):
        await left.settled()
        await right.settled()
        server.receive(ForceMute(device_id=left.belief.client_id or "", muted=True))
        with pytest.raises(ExceptionGroup, match="1 of 2 devices were not unmuted") as group:
            await account.set_mute(muted=False)
        assert [type(error) for error in group.value.exceptions] == [ForcedError]


async def test_desks_that_have_ended_are_let_go_of(serve: Any, login: Any) -> None:
    async with serve() as server, login(server) as account:
        for _ in range(3):
            async with account.desk() as desk:
                await desk.settled(deadline_s=20.0)
        assert len(account._desks) == 1


async def test_a_desk_that_is_closed_while_it_starts_opens_no_socket(
    serve: Any, login: Any
) -> None:
    async with serve() as server, login(server) as account:
        desk = account.desk()
        starting = asyncio.create_task(desk.start())
        await asyncio.sleep(0)
        await desk.close()
        with pytest.raises(ClosedError):
            await starting
        assert desk._socket is None
