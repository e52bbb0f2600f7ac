"""A user against a real mock: what it sends is what is counted."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.policy import Policy
from offhook_scenarios.load.meter import Meter
from offhook_scenarios.load.user import MockError, User, open_session

MUTE = "postWebrtcClientMute"


async def play(
    url: str, meter: Meter, policy: Policy, *, until: Callable[[], bool], name: str = "agent"
) -> None:
    """A user that is stopped once it is so, or has broken off."""
    async with open_session(url) as session:
        user = User(session, meter, policy, number=7, name=name, pause_s=0.02, seed=1)
        task = asyncio.create_task(user.run())
        async with asyncio.timeout(30):
            while not (until() or task.done()):  # noqa: ASYNC110 - a count has no event.
                await asyncio.sleep(0.005)
        user.stop()
        await task


def never() -> bool:
    return False


async def test_what_a_user_counts_is_what_arrived(mock: Any) -> None:
    meter = Meter(now=time.time())
    await play(mock.url, meter, CATALOGUE["full-jitter"].policy, until=lambda: mock.seen[MUTE] > 1)
    tally = meter.tally
    assert mock.seen[MUTE] > 1
    assert tally.attempts == mock.seen[MUTE] + mock.seen["getWebrtcClientsMe"]
    assert tally.operations == tally.attempts
    assert not tally.gave_up


async def test_a_refusal_is_retried_by_the_policy(mock: Any) -> None:
    rule = RuleSpec(match=Match(operation=MUTE), fault=ReplyFault(status=429, retry_after_s=5))
    mock.server.faults.add(rule, id="once")
    meter = Meter(now=time.time())
    tally = meter.tally
    await play(mock.url, meter, CATALOGUE["fixed"].policy, until=lambda: tally.operations > 1)
    assert tally.statuses["429"] == 1
    assert (tally.told, tally.early, tally.asked_s, tally.waiting) == (1, 1, 5.0, 0)
    assert tally.waited_s >= 1.0
    assert tally.attempts == tally.operations + 1


async def test_a_wait_that_the_end_cuts_short_is_not_told_as_waited(mock: Any) -> None:
    rule = RuleSpec(match=Match(operation=MUTE), fault=ReplyFault(status=429, retry_after_s=60))
    mock.server.faults.add(rule, id="once")
    meter = Meter(now=time.time())
    tally = meter.tally
    policy = CATALOGUE["retry-after"].policy
    await play(mock.url, meter, policy, until=lambda: "429" in tally.statuses)
    assert tally.statuses["429"] == 1
    assert (tally.waiting, tally.told, tally.asked_s, tally.waited_s) == (1, 0, 0.0, 0.0)


async def test_a_policy_that_gives_up_is_counted(mock: Any) -> None:
    rule = RuleSpec(match=Match(operation=MUTE), fault=ReplyFault(status=503), times=None)
    mock.server.faults.add(rule, id="always")
    meter = Meter(now=time.time())
    policy = CATALOGUE["none"].policy
    await play(mock.url, meter, policy, until=lambda: meter.tally.gave_up > 1)
    assert meter.tally.gave_up == meter.tally.statuses["503"] > 1


async def test_a_user_that_does_not_exist_and_a_mock_that_is_gone_are_told(mock: Any) -> None:
    meter = Meter(now=time.time())
    with pytest.raises(
        MockError,
        match=r"for nobody: There is no user 'nobody'\. Users: agent, second, supervisor\.$",
    ):
        await play(mock.url, meter, CATALOGUE["none"].policy, until=never, name="nobody")
    await mock.server.stop()
    gone = r"^No mock answers at http://\S+: connection refused\. `offhook serve` starts one"
    with pytest.raises(MockError, match=gone):
        await play(mock.url, meter, CATALOGUE["none"].policy, until=never)


async def test_what_speaks_no_http_is_told_in_a_sentence() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        with pytest.raises(MockError, match=r": it hung up, or spoke no HTTP\. "):
            await play(url, Meter(now=0), CATALOGUE["none"].policy, until=never)


async def test_another_server_is_no_mock_and_its_page_is_not_printed() -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(status=501, text="<html>" * 100, content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    async with TestServer(app) as server:
        url = str(server.make_url(""))
        with pytest.raises(MockError, match=r"is no mock: POST \S+ got 501, text/html\.$"):
            await play(url, Meter(now=0), CATALOGUE["none"].policy, until=never)
