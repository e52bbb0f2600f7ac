"""One attempt: what each end of it is called, and that it is one."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from offhook_client.decisions import DecisionLog
from offhook_client.errors import TooLateError, UnreachableError
from offhook_client.http import Http, Reply
from offhook_client.options import Options
from offhook_client.retry import Action, Trouble


@pytest.fixture
async def http(scripted: Any, quick: Options) -> AsyncIterator[Http]:
    made = Http(
        scripted.url,
        options=quick,
        rng=random.Random(1),
        wall_clock=lambda: 0.0,
        decisions=DecisionLog(),
    )
    await made.open()
    yield made
    await made.close()


async def test_an_answer_is_read_whole(http: Http, scripted: Any) -> None:
    scripted.says("/x", status=200, headers={"ETag": '"1.2"'}, body=b"{}")
    reply = await http.attempt("GET", "/x", headers={"A": "b"})
    assert (reply.status, reply.trouble, reply.body) == (200, None, b"{}")
    assert reply.headers["etag"] == '"1.2"'
    assert scripted.received[0].headers["a"] == "b"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_a_request_on_a_dropped_kept_connection_arrives_once(
    http: Http, scripted: Any, method: str
) -> None:
    assert (await http.attempt("GET", "/warm")).status == 200
    scripted.says("/x", status=0)
    reply = await http.attempt(method, "/x")
    assert reply.trouble is Trouble.NO_ANSWER
    assert scripted.paths("/x") == [f"{method} /x"]
    assert scripted.connections == 1


async def test_a_torn_body_is_no_answer(http: Http, scripted: Any) -> None:
    scripted.says("/x", body=b"0123456789", cut_at=4)
    assert (await http.attempt("GET", "/x")).trouble is Trouble.NO_ANSWER


async def test_a_refused_connection_was_never_sent(http: Http, scripted: Any) -> None:
    await scripted.__aexit__(None, None, None)
    assert (await http.attempt("POST", "/x")).trouble is Trouble.NOT_SENT


async def test_a_timeout_is_no_answer_and_not_rounded_up(scripted: Any, quick: Options) -> None:
    options = msgspec.structs.replace(quick, request_timeout_s=0.05)
    http = Http(
        scripted.url,
        options=options,
        rng=random.Random(1),
        wall_clock=lambda: 0.0,
        decisions=DecisionLog(),
    )
    await http.open()
    scripted.says("/x", gate=asyncio.Event())
    assert (await http.attempt("POST", "/x")).trouble is Trouble.NO_ANSWER
    await http.close()


async def test_a_refusal_is_read_in_the_servers_words(http: Http, scripted: Any) -> None:
    body = b'{"message": "No.", "code": "not.found", "status": 404, "contextId": "abc"}'
    scripted.says("/x", status=404, body=body)
    reply = await http.attempt("GET", "/x")
    error = reply.error()
    assert (error.status, error.code, error.message) == (404, "not.found", "No.")
    assert error.context_id == "abc"
    assert "abc" in str(error)


class Longest(random.Random):
    """Draws the longest wait there is."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[1]", b'{"code": 7}', b'{"code": "\xff"}', b'{"x": ' + b"[" * 50_000],
)
async def test_a_refusal_without_words_is_still_one(http: Http, scripted: Any, body: bytes) -> None:
    scripted.says("/x", status=503, body=body)
    reply = await http.attempt("GET", "/x")
    assert reply.trouble is Trouble.TRANSIENT
    assert reply.error().status == 503


async def test_redirects_are_not_followed(http: Http, scripted: Any) -> None:
    scripted.says("/x", status=302, headers={"Location": "/elsewhere"})
    assert (await http.attempt("GET", "/x")).status == 302
    assert scripted.paths() == ["GET /x"]


async def test_an_open_gate_lets_pass_and_a_closed_one_waits(http: Http) -> None:
    await http.pass_gate(("1", "api"), subject="x", deadline=None)
    assert http.decisions.entries() == ()
    http.cool_down(("1", "api"), Reply(status=429, retry_after_s=0.01))
    await http.pass_gate(("1", "api"), subject="x", deadline=None)
    (decision,) = http.decisions.entries()
    assert decision.reason == "cooldown gate"
    assert decision.wait_s >= 0.01


async def test_a_wait_beyond_the_deadline_is_told_at_once(http: Http) -> None:
    http.cool_down(("1", "api"), Reply(status=429, retry_after_s=400.0))
    with pytest.raises(TooLateError) as caught:
        await http.pass_gate(("1", "api"), subject="x", deadline=http.now() + 10.0)
    assert 399.0 < caught.value.retry_in_s < 500.0
    assert "the caller has" in str(caught.value)


@pytest.mark.parametrize("asked_s", [None, 0.0])
async def test_a_server_that_asks_for_no_wait_is_backed_off_from_longer_and_longer(
    http: Http, asked_s: float | None
) -> None:
    key, http.rng, http.options = ("1", "api"), Longest(), Options()
    waits = []
    for _ in range(9):
        http.cool_down(key, Reply(status=429, retry_after_s=asked_s))
        waits.append(round(http.cooldown.until(key) - http.now(), 2))
        http.cooldown._closings.clear()
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]
    http.cooldown.admitted(key)
    http.cool_down(key, Reply(status=429))
    assert http.cooldown.until(key) - http.now() <= Options().backoff_base_s


async def test_a_pause_beyond_the_deadline_is_told_at_once(http: Http) -> None:
    reply = Reply(status=503, reason="503", retry_after_s=400.0)
    with pytest.raises(TooLateError) as caught:
        await http.pause(
            reply, subject="x", action=Action.RETRY, attempt=1, deadline=http.now() + 10.0
        )
    assert caught.value.retry_in_s >= 400.0


async def test_a_spent_budget_ends_the_retries_and_says_so(http: Http) -> None:
    while http.budget.withdraw(now=http.now()):
        pass
    with pytest.raises(UnreachableError, match="budget"):
        await http.pause(
            Reply(reason="reset"), subject="x", action=Action.RETRY, attempt=1, deadline=None
        )
    (decision,) = http.decisions.entries("x")
    assert decision.action == "give up"
    assert decision.budget is not None
    assert decision.budget < 1.0
