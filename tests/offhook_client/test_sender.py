"""Mutes on their way: what is sent, what is reported, when the next may go."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from offhook_client import signals
from offhook_client.aio import Account
from offhook_client.errors import LoginRefusedError, RefusedError, TooLateError, UnreachableError
from offhook_client.models import Version
from offhook_client.options import Options
from offhook_client.sender import Sender
from offhook_client.signals import SendMute, Signal, Why
from offhook_client.tokens import GivenToken, PasswordGrant
from offhook_client.waiting import Waiters

MUTE = "/api/v2/webrtc/clients/c/mute"
ORDER = SendMute(generation=3, muted=True, if_match=Version(1, 2))


class Bench:
    """A sender whose reports are kept."""

    def __init__(self, account: Account) -> None:
        self.http = account.caller.http
        self.waiters = Waiters()
        self.reports: list[Signal] = []
        self.wanted = True
        self.sender = Sender(
            account.caller,
            self.waiters,
            instance="desk",
            report=self.reports.append,
            is_wanted=lambda _: self.wanted,
        )

    async def send(self, order: SendMute = ORDER) -> Signal:
        await self.sender.send(order, "c")
        return self.reports[-1]


@pytest.fixture
async def bench(scripted: Any, quick: Options) -> AsyncIterator[Bench]:
    async with Account(scripted.url, GivenToken(access_token="T"), options=quick) as account:
        yield Bench(account)


async def test_a_mute_carries_number_key_and_guard(bench: Bench, scripted: Any) -> None:
    scripted.says(MUTE, status=204, headers={"ETag": '"1.3"'})
    assert await bench.send() == signals.Accepted(generation=3, version=Version(1, 3))
    (sent,) = scripted.received
    assert sent.body == b'{"muted":true}'
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["offhook-intent"] == "desk:3"
    assert sent.headers["idempotency-key"] == "desk:3:1.2"
    assert sent.headers["if-match"] == '"1.2"'


async def test_an_unconditional_mute_has_no_guard(bench: Bench, scripted: Any) -> None:
    scripted.says(MUTE, status=204)
    order = SendMute(generation=3, muted=True, if_match=None)
    assert await bench.send(order) == signals.Accepted(generation=3, version=None)
    assert "if-match" not in scripted.received[0].headers


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        ({"status": 0}, signals.Lost(generation=3)),
        ({"status": 500}, signals.Lost(generation=3)),
        ({"status": 503}, signals.Lost(generation=3)),
        ({"status": 429, "headers": {"Retry-After": "0"}}, signals.Unsent(generation=3)),
        ({"status": 404}, signals.Gone()),
        ({"status": 409}, signals.Refused(generation=3, why=Why.NOT_CONNECTED)),
        (
            {"status": 409, "body": b'{"code": "stale.intent"}'},
            signals.Refused(generation=3, why=Why.STALE),
        ),
        ({"status": 412}, signals.Refused(generation=3, why=Why.PRECONDITION)),
        (
            {"status": 403, "body": b'{"code": "forced"}'},
            signals.Refused(generation=3, why=Why.FORCED),
        ),
        ({"status": 400}, signals.Refused(generation=3, why=Why.FINAL)),
        ({"status": 403}, signals.Refused(generation=3, why=Why.FINAL)),
        ({"status": 501}, signals.Refused(generation=3, why=Why.FINAL)),
    ],
)
async def test_each_answer_is_reported_as_what_it_means(
    bench: Bench, scripted: Any, answer: dict[str, Any], report: Signal
) -> None:
    scripted.says(MUTE, **answer)
    assert await bench.send() == report
    assert len(scripted.received) == 1


async def test_a_final_refusal_is_kept_in_the_servers_words(bench: Bench, scripted: Any) -> None:
    scripted.says(MUTE, status=403, body=b'{"code": "missing.permissions", "message": "No."}')
    await bench.send()
    assert isinstance(bench.sender.error, RefusedError)
    assert bench.sender.error.code == "missing.permissions"


async def test_what_is_no_longer_wanted_is_not_sent(bench: Bench, scripted: Any) -> None:
    bench.wanted = False
    assert await bench.send() == signals.Unsent(generation=3)
    assert scripted.received == []


async def test_what_is_no_longer_wanted_after_the_gate_is_not_sent(
    bench: Bench, scripted: Any
) -> None:
    scripted.says(MUTE, status=429, headers={"Retry-After": "1"})
    await bench.send()
    sending = asyncio.create_task(bench.send())
    await asyncio.sleep(0)
    bench.wanted = False
    assert await sending == signals.Unsent(generation=3)
    assert len(scripted.received) == 1


async def test_what_is_no_longer_wanted_once_a_token_was_fetched_is_not_sent_again(
    scripted: Any, quick: Options
) -> None:
    # Seed 604027 of the swarm, without versions: an unmute that the person had taken back was
    # sent again after a 401, over a mute by an administrator.
    for number in (1, 2):
        scripted.says("/oauth/token", body=b'{"access_token": "t%d"}' % number)
    grant = PasswordGrant(username="u", password="p")
    reports: list[Signal] = []
    async with Account(scripted.url, grant, options=quick) as account:
        sender = Sender(
            account.caller,
            Waiters(),
            instance="desk",
            report=reports.append,
            is_wanted=lambda _: not scripted.paths(MUTE),
        )
        scripted.says(MUTE, status=401)
        await sender.send(ORDER, "c")
    assert reports == [signals.Unsent(generation=3)]
    assert len(scripted.paths(MUTE)) == 1


async def test_a_connection_refused_is_known_to_be_unsent(bench: Bench, scripted: Any) -> None:
    await scripted.__aexit__(None, None, None)
    assert await bench.send() == signals.Unsent(generation=3)


async def test_a_token_that_ended_for_good_is_told(bench: Bench, scripted: Any) -> None:
    scripted.says(MUTE, status=401)
    with pytest.raises(LoginRefusedError):
        await bench.send()


async def test_who_cannot_wait_for_the_server_is_told_with_its_first_answer(
    bench: Bench, scripted: Any
) -> None:
    waiting = bench.waiters.add(3, muted=True, deadline=bench.http.now() + 10.0)
    scripted.says(MUTE, status=429, headers={"Retry-After": "400"})
    await bench.send()
    error = waiting.exception()
    assert isinstance(error, TooLateError)
    assert 399.0 < error.retry_in_s <= 400.0
    (decision,) = bench.http.decisions.entries("postWebrtcClientMute")
    assert (decision.reason, decision.retry_after_s) == ("429", 400.0)


async def test_after_four_attempts_who_waits_is_told_and_the_wish_stands(
    bench: Bench, scripted: Any
) -> None:
    waiting = bench.waiters.add(3, muted=True, deadline=bench.http.now() + 1000.0)
    scripted.says(MUTE, times=4, status=503)
    for attempt in range(1, 5):
        assert not waiting.done(), attempt
        assert await bench.send() == signals.Lost(generation=3)
    assert isinstance(waiting.exception(), UnreachableError)
    scripted.says(MUTE, status=204)
    assert isinstance(await bench.send(), signals.Accepted)


async def test_each_trouble_makes_the_next_attempt_wait(bench: Bench, scripted: Any) -> None:
    scripted.says(MUTE, status=503, headers={"Retry-After": "1"})
    await bench.send()
    answered_at = scripted.received[0].at
    scripted.says(MUTE, status=204)
    await bench.send()
    assert scripted.received[1].at >= answered_at + 1.0


async def test_a_spent_budget_slows_down_to_the_floor(bench: Bench, scripted: Any) -> None:
    while bench.http.budget.withdraw(now=bench.http.now()):
        pass
    scripted.says(MUTE, status=503)
    await bench.send()
    (decision,) = bench.http.decisions.entries("postWebrtcClientMute")
    assert decision.wait_s >= 1.0
