"""Calls with a token: refresh once, share the gate, retry within limits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from offhook_client.aio import Account
from offhook_client.calls import Caller, UnwantedError
from offhook_client.errors import LoginRefusedError, RefusedError, TooLateError, UnreachableError
from offhook_client.options import Options
from offhook_client.retry import Kind, Trouble
from offhook_client.tokens import PasswordGrant


@pytest.fixture
async def caller(scripted: Any, quick: Options) -> AsyncIterator[Caller]:
    grant = PasswordGrant(username="u", password="p")
    for number in range(1, 4):
        body = {"access_token": f"t{number}", "refresh_token": f"r{number}"}
        scripted.says("/oauth/token", body=msgspec.json.encode(body))
    async with Account(scripted.url, grant, options=quick) as account:
        yield account.caller


async def read(caller: Caller, path: str = "/x") -> Any:
    return await caller.call(Kind.READ, "getX", "GET", path)


async def test_a_call_carries_the_token(caller: Caller, scripted: Any) -> None:
    assert (await read(caller)).status == 200
    assert scripted.received[-1].headers["authorization"] == "Bearer t1"


async def test_a_401_is_answered_by_a_new_token_and_sent_again(
    caller: Caller, scripted: Any
) -> None:
    scripted.says("/x", status=401)
    assert (await read(caller)).status == 200
    sent = [one.headers["authorization"] for one in scripted.received if one.path == "/x"]
    assert sent == ["Bearer t1", "Bearer t2"]
    assert [one.action for one in caller.http.decisions.entries("getX")] == ["refresh"]


async def test_what_is_no_longer_wanted_once_there_is_a_token_is_not_sent_again(
    caller: Caller, scripted: Any
) -> None:
    scripted.says("/x", status=401)
    answers = iter((True, False))
    with pytest.raises(UnwantedError):
        await caller.attempt("getX", "GET", "/x", wanted=lambda: next(answers))
    assert len(scripted.paths("/x")) == 1


async def test_a_401_for_ever_ends(caller: Caller, scripted: Any) -> None:
    await read(caller)
    scripted.says("/x", times=9, status=401)
    with pytest.raises(LoginRefusedError):
        await read(caller)
    assert len(scripted.paths("/x")) == 4
    assert len(scripted.paths("/oauth")) == 3


async def test_fifty_calls_with_an_ended_token_cost_one_refresh(
    caller: Caller, scripted: Any
) -> None:
    await read(caller)
    scripted.says("/x", times=50, status=401)
    replies = await asyncio.gather(*(read(caller) for _ in range(50)))
    assert {reply.status for reply in replies} == {200}
    assert len(scripted.paths("/oauth")) == 2


async def test_a_lacking_scope_is_told_at_once(caller: Caller, scripted: Any) -> None:
    header = 'Bearer realm="offhook", error="insufficient_scope", scope="user:read"'
    scripted.says("/x", status=401, headers={"WWW-Authenticate": header})
    with pytest.raises(RefusedError):
        await read(caller)
    assert len(scripted.paths("/oauth")) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_who_retries_by_himself_asks_for_one_attempt(
    caller: Caller, scripted: Any, status: int
) -> None:
    scripted.says("/x", times=9, status=status)
    with pytest.raises(UnreachableError):
        await caller.call(Kind.READ, "getX", "GET", "/x", attempts=1)
    assert len(scripted.paths("/x")) == 1


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 503}, {"status": 0}])
async def test_passing_troubles_are_retried_until_the_attempts_are_used(
    caller: Caller, scripted: Any, trouble: dict[str, Any]
) -> None:
    scripted.says("/x", times=3, **trouble)
    assert (await read(caller)).status == 200
    scripted.says("/x", times=9, **trouble)
    with pytest.raises(UnreachableError, match="4 attempts"):
        await read(caller)
    assert len(scripted.paths("/x")) == 8


@pytest.mark.parametrize("status", [400, 403, 422, 501])
async def test_final_refusals_are_told_at_once(caller: Caller, scripted: Any, status: int) -> None:
    scripted.says("/x", status=status)
    with pytest.raises(RefusedError) as caught:
        await read(caller)
    assert caught.value.status == status
    assert len(scripted.paths("/x")) == 1


async def test_404_and_409_are_for_the_caller_to_judge(caller: Caller, scripted: Any) -> None:
    for status, trouble in ((404, Trouble.NOT_FOUND), (409, Trouble.CONFLICT)):
        scripted.says("/x", status=status)
        assert (await read(caller)).trouble is trouble


async def test_one_429_holds_back_everybody(caller: Caller, scripted: Any) -> None:
    scripted.says("/x", status=429, headers={"Retry-After": "1"})
    assert (await caller.attempt("getX", "GET", "/x")).trouble is Trouble.THROTTLED
    opens_at = caller.closed_until()
    await asyncio.gather(*(read(caller) for _ in range(20)))
    later = [one for one in scripted.received if one.path == "/x"][1:]
    assert len(later) == 20
    assert min(one.at for one in later) >= opens_at
    waits = [one for one in caller.http.decisions.entries("getX") if one.action == "wait"]
    assert len({one.wait_s for one in waits}) == 20


async def test_a_429_for_ever_ends(caller: Caller, scripted: Any) -> None:
    scripted.says("/x", times=9, status=429, headers={"Retry-After": "0"})
    with pytest.raises(UnreachableError):
        await read(caller)
    assert len(scripted.paths("/x")) == 4


async def test_who_is_patient_waits_as_told_backs_off_and_gets_the_answer(caller: Caller) -> None:
    troubles = [UnreachableError("down"), TooLateError("busy", retry_in_s=0.0)]
    deadlines: list[float] = []

    async def ask(deadline: float) -> str:
        deadlines.append(deadline - caller.http.now())
        if troubles:
            raise troubles.pop(0)
        return "here"

    assert await caller.patiently("getX", ask) == "here"
    patience_s = caller.http.options.background_deadline_s
    assert [round(each) for each in deadlines] == [patience_s] * 3
    assert [one.reason for one in caller.http.decisions.entries("getX")] == ["down"]


async def test_patience_does_not_outlast_a_refusal(caller: Caller) -> None:
    async def ask(_deadline: float) -> str:
        raise RefusedError(403, "not.authorized", "No.")

    with pytest.raises(RefusedError):
        await caller.patiently("getX", ask)


async def test_tokens_that_one_path_takes_and_another_refuses_are_asked_for_with_a_pause(
    caller: Caller, scripted: Any
) -> None:
    """Each is proved by `/y`, and refused by `/x`."""
    await read(caller, "/y")
    scripted.says("/x", times=2, status=401)
    assert (await read(caller)).status == 200
    caller.tokens.proved(caller.tokens.generation)
    waits = [each for each in caller.http.decisions.entries("tokens") if each.action == "wait"]
    assert waits
    assert all(each.wait_s > 0 for each in waits)
