"""A desk against the mock, over real sockets: who wins, and what is shown meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from offhook.domain.inputs import (
    DropDevice,
    DropSockets,
    EndSession,
    ForceMute,
    LocalMute,
    SetUserState,
)
from offhook.domain.version import Intent
from offhook.domain.views import Cause
from offhook.faults.kinds import AbortFault, PushHoldFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.server import MockServer
from offhook_client.desk import Desk
from offhook_client.errors import (
    ClosedError,
    ForcedError,
    OvertakenError,
    RefusedError,
    ReplacedError,
)
from offhook_client.models import Belief, Gate, Link, Shown

WAIT_S = 20.0
"""Only a broken test waits so long."""


async def until(desk: Desk, wanted: Callable[[Belief], bool]) -> Belief:
    """The first belief, from now on, that is as wanted."""
    async with asyncio.timeout(WAIT_S):
        async for belief in desk.beliefs():
            if wanted(belief):
                return belief
    raise AssertionError("the desk was closed")


def is_shown(shown: Shown) -> Callable[[Belief], bool]:
    return lambda belief: belief.shown is shown


def fault(server: MockServer, operation: str, kind: Any, *, skip: int = 0, times: int = 1) -> None:
    spec = RuleSpec(match=Match(operation=operation), fault=kind, skip=skip, times=times)
    server.faults.add(spec, id=f"{operation}-{len(server.faults.rules())}")


def bitten(server: MockServer) -> bool:
    rules = server.faults.rules()
    return bool(rules) and all(rule.bites > 0 for rule in rules)


def muted(server: MockServer, desk: Desk) -> bool:
    assert desk.belief.client_id is not None
    view = server.org.device(desk.belief.client_id)
    assert view is not None
    return view.muted


@pytest.fixture
async def server(serve: Any) -> AsyncIterator[MockServer]:
    async with serve() as made:
        yield made


@pytest.fixture
async def desk(server: MockServer, login: Any) -> AsyncIterator[Desk]:
    """A desk that is settled and live, with a gate that keeps its moves."""
    account = login(server)
    await account.start()
    made = account.desk()
    await made.start()
    await until(made, is_shown(Shown.LIVE))
    yield made
    await made.close()


async def test_a_mute_that_returns_is_in_effect_and_shown(desk: Desk, server: MockServer) -> None:
    belief = await desk.set_mute(muted=True)
    assert (belief.shown, belief.gate) == (Shown.MUTED, Gate.CUT)
    assert muted(server, desk)
    belief = await desk.set_mute(muted=False)
    assert (belief.shown, belief.gate) == (Shown.LIVE, Gate.OPEN)
    assert not muted(server, desk)


async def test_the_gate_is_cut_before_the_wish_is_even_sent(desk: Desk, server: MockServer) -> None:
    desk.want(muted=True)
    assert desk.gate is Gate.CUT
    assert desk.shown is Shown.MUTING
    assert not muted(server, desk)


async def test_a_wish_that_another_takes_the_place_of_is_overtaken(desk: Desk) -> None:
    first = asyncio.create_task(desk.set_mute(muted=True))
    await asyncio.sleep(0)
    await desk.set_mute(muted=False)
    with pytest.raises(OvertakenError):
        await first


async def test_fifty_clicks_cost_few_requests_and_the_last_one_wins(
    desk: Desk, server: MockServer
) -> None:
    for click in range(50):
        desk.want(muted=click % 2 == 0)
    await until(desk, is_shown(Shown.LIVE))
    assert not muted(server, desk)
    posts = server.org.journal.entries(kind="exchange", operation="postWebrtcClientMute")
    assert 1 <= len(posts) <= 2


async def test_an_administrators_mute_is_adopted(desk: Desk, server: MockServer) -> None:
    assert desk.gate is Gate.OPEN
    server.receive(ForceMute(device_id=desk.belief.client_id or "", muted=True))
    belief = await until(desk, is_shown(Shown.MUTED))
    assert (belief.cause, belief.gate, belief.desired) == ("admin", Gate.CUT, True)


async def test_a_locked_mute_refuses_the_unmute_and_stays(serve: Any, login: Any) -> None:
    async with (
        serve(admin_force="locked") as server,
        login(server) as account,
        account.desk() as desk,
    ):
        await until(desk, is_shown(Shown.LIVE))
        server.receive(ForceMute(device_id=desk.belief.client_id, muted=True))
        await until(desk, is_shown(Shown.MUTED))
        with pytest.raises(ForcedError):
            await desk.set_mute(muted=False)
        belief = await until(desk, is_shown(Shown.MUTED))
        assert (belief.desired, belief.gate) == (True, Gate.CUT)


async def test_a_native_unmute_without_a_hand_is_undone(desk: Desk, server: MockServer) -> None:
    await desk.set_mute(muted=True)
    device_id = desk.belief.client_id or ""
    server.receive(LocalMute(device_id=device_id, muted=False, cause=Cause.NATIVE))
    await until(desk, lambda belief: belief.cause == "native")
    await until(desk, is_shown(Shown.MUTED))
    assert muted(server, desk)
    assert desk.gate is Gate.CUT


async def test_a_headset_unmute_by_hand_is_adopted(desk: Desk, server: MockServer) -> None:
    await desk.set_mute(muted=True)
    device_id = desk.belief.client_id or ""
    by_hand = LocalMute(device_id=device_id, muted=False, cause=Cause.HEADSET, gesture=True)
    server.receive(by_hand)
    belief = await until(desk, is_shown(Shown.LIVE))
    assert (belief.gate, belief.desired) == (Gate.OPEN, False)


async def test_a_second_tab_that_unmutes_is_believed(desk: Desk, server: MockServer) -> None:
    await desk.set_mute(muted=True)
    intent = Intent("another-tab", 1)
    device_id = desk.belief.client_id or ""
    server.receive(LocalMute(device_id=device_id, muted=False, cause=Cause.SELF, intent=intent))
    await until(desk, is_shown(Shown.LIVE))


async def test_a_reset_while_away_is_mended_by_compare_and_set(serve: Any, login: Any) -> None:
    async with serve(mute_after_reconnect="reset") as server, login(server) as account:
        moves: list[Gate] = []
        async with account.desk(microphone=moves.append) as desk:
            await desk.set_mute(muted=True)
            moves.clear()
            device_id = desk.belief.client_id or ""
            server.receive(DropDevice(device_id=device_id))
            server.receive(DropSockets(device_id=device_id, code=1006))
            await until(desk, lambda belief: belief.link is not Link.LIVE)
            await until(desk, lambda belief: belief.cause == "default-reset")
            belief = await until(desk, is_shown(Shown.MUTED))
            assert belief.cause == "self"
            assert muted(server, desk)
            assert moves == []
        entries = server.org.journal.entries(kind="exchange", operation="postWebrtcClientMute")
        assert len(entries) == 2


async def test_while_the_link_is_down_nothing_is_claimed(desk: Desk, server: MockServer) -> None:
    await desk.set_mute(muted=True)
    server.receive(DropSockets(device_id=None, code=1006))
    belief = await until(desk, lambda belief: belief.link is Link.DOWN)
    assert (belief.shown, belief.gate) == (Shown.UNKNOWN, Gate.CUT)
    await until(desk, is_shown(Shown.MUTED))


async def test_an_administrators_mute_in_a_gap_is_learnt_by_replay(
    desk: Desk, server: MockServer
) -> None:
    server.receive(DropSockets(device_id=None, code=1006))
    server.receive(ForceMute(device_id=desk.belief.client_id or "", muted=True))
    belief = await until(desk, is_shown(Shown.MUTED))
    assert (belief.cause, belief.gate) == ("admin", Gate.CUT)


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
async def test_a_lost_answer_is_settled_by_asking_again(
    desk: Desk, server: MockServer, when: When
) -> None:
    fault(server, "postWebrtcClientMute", AbortFault(when=when))
    belief = await desk.set_mute(muted=True)
    assert belief.shown is Shown.MUTED
    assert muted(server, desk)
    assert bitten(server)
    view = server.org.device(belief.client_id or "")
    assert view is not None
    assert view.version is not None
    assert view.version.rev == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_is_asked_again_when_it_said(
    desk: Desk, server: MockServer, status: int
) -> None:
    fault(server, "postWebrtcClientMute", ReplyFault(status=status, retry_after_s=0), times=2)
    belief = await desk.set_mute(muted=True)
    assert belief.shown is Shown.MUTED
    assert bitten(server)


async def test_an_ended_token_is_replaced_and_the_mute_sent_again(
    desk: Desk, server: MockServer
) -> None:
    fault(server, "postWebrtcClientMute", ReplyFault(status=401))
    await desk.set_mute(muted=True)
    await until(desk, is_shown(Shown.MUTED))
    assert bitten(server)


async def test_a_mute_while_initializing_waits_for_the_event(serve: Any, login: Any) -> None:
    async with serve(connect_delay_s=0.05) as server, login(server) as account:
        async with account.desk(muted=True) as desk:
            assert desk.gate is Gate.CUT
            assert (await until(desk, is_shown(Shown.MUTED))).status == "connected"
        posts = server.org.journal.entries(kind="exchange", operation="postWebrtcClientMute")
        assert len(posts) == 1


async def test_a_409_keeps_the_wish_until_the_device_is_connected(
    desk: Desk, server: MockServer
) -> None:
    fault(server, "postWebrtcClientMute", ReplyFault(status=409), times=3)
    assert (await desk.set_mute(muted=True)).shown is Shown.MUTED
    assert bitten(server)


async def test_a_session_that_ended_is_established_anew_and_muted_first(
    desk: Desk, server: MockServer
) -> None:
    before = (await desk.set_mute(muted=True)).client_id
    server.receive(EndSession(device_id=before or ""))
    belief = await until(
        desk, lambda belief: belief.client_id != before and belief.shown is Shown.MUTED
    )
    assert belief.client_id is not None
    assert belief.gate is Gate.CUT
    assert muted(server, desk)


async def test_a_404_on_the_mute_itself_leads_to_a_new_session(
    desk: Desk, server: MockServer
) -> None:
    fault(server, "postWebrtcClientMute", ReplyFault(status=404))
    await desk.set_mute(muted=True)
    await until(desk, is_shown(Shown.MUTED))
    assert bitten(server)


async def test_an_old_event_after_a_new_one_is_passed_over(desk: Desk, server: MockServer) -> None:
    fault(server, "muteChanged", PushHoldFault(frames=1))
    device_id = desk.belief.client_id or ""
    server.receive(ForceMute(device_id=device_id, muted=True))
    server.receive(ForceMute(device_id=device_id, muted=False))
    server.receive(ForceMute(device_id=device_id, muted=True))
    belief = await until(desk, lambda belief: str(belief.version) == "1.3")
    assert (await until(desk, is_shown(Shown.MUTED))).version == belief.version
    assert muted(server, desk)


async def test_a_second_device_socket_replaces_this_desk_which_stops_and_tells(
    desk: Desk, server: MockServer, login: Any
) -> None:
    troubles: asyncio.Queue[Exception] = asyncio.Queue()
    desk.on_trouble(troubles.put_nowait)
    async with login(server) as account, account.desk() as other:
        assert isinstance(await troubles.get(), ReplacedError)
        assert (desk.shown, desk.gate) == (Shown.UNKNOWN, Gate.CUT)
        with pytest.raises(ReplacedError):
            await desk.set_mute(muted=True)
        await until(other, is_shown(Shown.LIVE))


async def test_a_mute_is_confirmed_while_the_socket_is_down_and_claimed_only_when_it_is_back(
    desk: Desk, server: MockServer
) -> None:
    server.receive(DropSockets(device_id=None, code=1006))
    await until(desk, lambda belief: belief.link is Link.DOWN)
    belief = await desk.set_mute(muted=True)
    assert (belief.shown, belief.gate) == (Shown.UNKNOWN, Gate.CUT)
    assert muted(server, desk)
    await until(desk, is_shown(Shown.MUTED))


async def test_a_final_refusal_is_told_in_the_servers_words(desk: Desk, server: MockServer) -> None:
    server.receive(
        SetUserState(
            user_id=server.org.users()[0].id, permissions=frozenset({"webrtc:client:view"})
        )
    )
    with pytest.raises(RefusedError, match=r"missing\.permissions"):
        await desk.set_mute(muted=True)
    assert desk.gate is Gate.CUT
    assert desk.shown is Shown.UNKNOWN


async def test_a_user_without_a_licence_cannot_start(serve: Any, login: Any) -> None:
    async with serve() as server, login(server) as account:
        server.receive(SetUserState(user_id=server.org.users()[0].id, licences=frozenset()))
        with pytest.raises(RefusedError, match="no WebRTC client"):
            await account.desk().start()


async def test_what_is_pending_when_a_desk_closes_is_told(desk: Desk, server: MockServer) -> None:
    fault(server, "postWebrtcClientMute", ReplyFault(status=503, retry_after_s=5))
    waiting = asyncio.create_task(desk.set_mute(muted=True))
    await until(desk, is_shown(Shown.MUTING))
    await desk.close()
    with pytest.raises(ClosedError):
        await waiting
    with pytest.raises(ClosedError):
        desk.want(muted=False)
    assert (desk.shown, desk.gate) == (Shown.UNKNOWN, Gate.CUT)


async def test_a_desk_that_was_closed_never_begins_again(desk: Desk, server: MockServer) -> None:
    await desk.close()
    before = len(server.org.sockets())
    with pytest.raises(ClosedError):
        await desk.start()
    assert len(server.org.sockets()) == before


async def test_a_deleted_session_is_gone_from_the_server(desk: Desk, server: MockServer) -> None:
    device_id = desk.belief.client_id or ""
    await desk.delete()
    view = server.org.device(device_id)
    assert view is None or view.status.value == "terminating"


async def test_an_observer_that_raises_stops_nothing(desk: Desk) -> None:
    heard: list[Shown] = []
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, facts: problems.append(facts))

    def broken(_belief: Belief) -> None:
        raise RuntimeError("an observer's own fault")

    desk.on_change(broken)
    unsubscribe = desk.on_change(lambda belief: heard.append(belief.shown))
    await desk.set_mute(muted=True)
    unsubscribe()
    await desk.set_mute(muted=False)
    assert heard == [Shown.MUTING, Shown.MUTED]
    assert len(problems) == 4


async def test_a_desk_that_breaks_cuts_and_claims_nothing(
    desk: Desk, server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: asyncio.Queue[Exception] = asyncio.Queue()
    desk.on_trouble(troubles.put_nowait)
    monkeypatch.setattr("offhook_client.desk.read_frame", lambda *_: 1 / 0)
    server.receive(ForceMute(device_id=desk.belief.client_id or "", muted=False))
    assert "ZeroDivisionError" in str(await troubles.get())
    assert (desk.shown, desk.gate) == (Shown.UNKNOWN, Gate.CUT)


async def test_reports_of_the_device_reach_the_server(desk: Desk, server: MockServer) -> None:
    await desk.report({"type": "nativeMute", "muted": True, "gesture": True})
    assert (await until(desk, is_shown(Shown.MUTED))).cause == "native"
    assert muted(server, desk)
