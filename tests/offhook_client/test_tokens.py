"""Tokens: one refresh for all, nothing sent twice that must not be, no secret shown."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from offhook_client.decisions import DecisionLog
from offhook_client.errors import LoginRefusedError, UnreachableError
from offhook_client.http import Http
from offhook_client.options import Options
from offhook_client.tokens import (
    CodeGrant,
    GivenToken,
    Grant,
    PasswordGrant,
    ServiceGrant,
    Token,
    Tokens,
)

PASSWORD = PasswordGrant(username="agent", password="pass word", client_secret="s&c")
Make = Callable[[Grant], Tokens]


def granted(token: str, **more: object) -> dict[str, Any]:
    return {"body": msgspec.json.encode({"access_token": token, "token_type": "Bearer", **more})}


@pytest.fixture
async def make(scripted: Any, quick: Options) -> AsyncIterator[Make]:
    """Tokens of a grant, at the scripted server."""
    made: list[tuple[Http, Tokens]] = []

    def tokens(grant: Grant) -> Tokens:
        http = Http(
            scripted.url,
            options=quick,
            rng=random.Random(1),
            wall_clock=lambda: 0.0,
            decisions=DecisionLog(),
        )
        made.append((http, Tokens(http, grant)))
        return made[-1][1]

    yield tokens
    for http, one in made:
        one.close()
        await http.close()


async def ready(tokens: Tokens) -> Tokens:
    await tokens._http.open()
    return tokens


def form(scripted: Any, index: int) -> dict[str, list[str]]:
    return parse_qs(scripted.received[index].body.decode())


async def test_the_password_grant_sends_what_rfc_6749_asks_for(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one"))
    token = await tokens.current()
    assert token.headers == {"Authorization": "Bearer one"}
    assert form(scripted, 0) == {
        "grant_type": ["password"],
        "username": ["agent"],
        "password": ["pass word"],
    }
    # Basic carries the form-encoded pair (§2.3.1): offhook-server:s%26c
    basic = scripted.received[0].headers["authorization"]
    assert basic == "Basic b2ZmaG9vay1zZXJ2ZXI6cyUyNmM="


async def test_the_service_grant_asks_for_nobody(make: Make, scripted: Any) -> None:
    tokens = await ready(make(ServiceGrant(client_id="c", client_secret="s")))
    scripted.says("/oauth/token", **granted("one"))
    await tokens.current()
    assert form(scripted, 0) == {"grant_type": ["client_credentials"]}


async def test_a_given_code_is_exchanged_with_its_verifier(make: Make, scripted: Any) -> None:
    tokens = await ready(make(CodeGrant(code="C", verifier="V" * 43)))
    scripted.says("/oauth/token", **granted("one"))
    await tokens.current()
    assert form(scripted, 0) == {
        "grant_type": ["authorization_code"],
        "code": ["C"],
        "code_verifier": ["V" * 43],
        "redirect_uri": ["http://127.0.0.1/callback"],
        "client_id": ["offhook-desktop"],
    }


@pytest.mark.parametrize("answer", [{"status": 0}, {"status": 503}, {"cut_at": 3, "body": b"{}  "}])
async def test_a_code_exchange_is_never_sent_twice(
    make: Make, scripted: Any, answer: dict[str, Any]
) -> None:
    tokens = await ready(make(CodeGrant(code="C", verifier="V" * 43)))
    scripted.says("/oauth/token", **answer)
    for _ in range(3):
        with pytest.raises((LoginRefusedError, UnreachableError)):
            await tokens.current()
    assert len(scripted.received) == 1


async def test_fifty_requests_that_need_a_token_cost_one_login(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one"))
    got = await asyncio.gather(*(tokens.current() for _ in range(50)))
    assert {token.access_token for token in got} == {"one"}
    assert len(scripted.received) == 1


async def test_fifty_401_cost_one_refresh(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", refresh_token="r1"))
    scripted.says("/oauth/token", **granted("two", refresh_token="r2"))
    first = await tokens.current()
    got = await asyncio.gather(*(tokens.replace(first.generation) for _ in range(50)))
    assert {token.access_token for token in got} == {"two"}
    assert form(scripted, 1) == {"grant_type": ["refresh_token"], "refresh_token": ["r1"]}
    assert len(scripted.received) == 2


async def test_a_request_that_was_late_with_an_older_token_refreshes_nothing(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", refresh_token="r1"))
    scripted.says("/oauth/token", **granted("two"))
    await tokens.current()
    await tokens.replace(1)
    assert (await tokens.replace(1)).access_token == "two"
    assert len(scripted.received) == 2


async def test_a_refreshed_token_that_is_refused_is_followed_by_one_login_then_final(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    for name in ("one", "two", "three"):
        scripted.says("/oauth/token", **granted(name, refresh_token=f"r-{name}"))
    await tokens.current()
    tokens.proved(1)
    await tokens.replace(1)
    assert (await tokens.replace(2)).access_token == "three"
    with pytest.raises(LoginRefusedError, match="fresh token"):
        await tokens.replace(3)
    kinds = [form(scripted, index)["grant_type"] for index in range(3)]
    assert kinds == [["password"], ["refresh_token"], ["password"]]


async def test_a_token_that_was_taken_may_end_as_often_as_it_likes(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    for name in ("one", "two", "three", "four"):
        scripted.says("/oauth/token", **granted(name, refresh_token="r"))
    await tokens.current()
    for generation in (1, 2, 3):
        tokens.proved(generation)
        await tokens.replace(generation)
    assert (await tokens.current()).access_token == "four"
    assert [form(scripted, index)["grant_type"][0] for index in (1, 2, 3)] == ["refresh_token"] * 3


async def test_a_token_refused_before_it_was_taken_ends_no_row_of_short_lives(
    make: Make, scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 1307159: a socket took one token of two, a read refused all: 61 requests in 5 s."""
    waits: list[int] = []

    def pause(attempt: int, _rng: object, **_of: float) -> float:
        waits.append(attempt)
        return 0.0

    monkeypatch.setattr("offhook_client.tokens.backoff", pause)
    tokens = await ready(make(PASSWORD))
    for generation in range(1, 7):
        scripted.says("/oauth/token", **granted(f"token {generation}"))
    await tokens.current()
    for generation in range(1, 6):
        if generation % 2:
            tokens.proved(generation)
        await tokens.replace(generation)
    assert waits == [1, 2, 3]


async def test_a_refresh_whose_answer_is_lost_is_repeated_once_with_the_same_token(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", refresh_token="r1"))
    await tokens.current()
    scripted.says("/oauth/token", times=2, status=0)
    scripted.says("/oauth/token", **granted("again"))
    assert (await tokens.replace(1)).access_token == "again"
    kinds = [form(scripted, index)["grant_type"] for index in range(1, 4)]
    assert kinds == [["refresh_token"], ["refresh_token"], ["password"]]
    assert form(scripted, 1) == form(scripted, 2)


async def test_a_refused_refresh_leads_to_a_login(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", refresh_token="r1"))
    await tokens.current()
    scripted.says("/oauth/token", status=400, body=b'{"error": "invalid_grant"}')
    scripted.says("/oauth/token", **granted("again"))
    assert (await tokens.replace(1)).access_token == "again"


async def test_a_token_that_is_refused_a_while_after_it_was_given_is_no_login_refused(
    make: Make, scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that restarts again and again forgets each token before it was used."""
    monkeypatch.setattr("offhook_client.tokens.JUST_GIVEN_S", 0.0)
    tokens = await ready(make(PASSWORD))
    for name in ("one", "two", "three", "four", "five"):
        scripted.says("/oauth/token", **granted(name))
    await tokens.current()
    for generation in (1, 2, 3):
        await asyncio.sleep(0.01)
        await tokens.replace(generation)
    await asyncio.sleep(0.01)
    assert (await tokens.replace(4)).access_token == "five"


async def test_a_rotated_refresh_token_replaces_the_old_and_an_absent_one_keeps_it(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", refresh_token="r1"))
    scripted.says("/oauth/token", **granted("two", refresh_token="r2"))
    scripted.says("/oauth/token", **granted("three"))
    await tokens.current()
    for generation in (1, 2):
        tokens.proved(generation)
        await tokens.replace(generation)
    token = await tokens.current()
    assert (token.access_token, token.refresh_token) == ("three", "r2")


async def test_a_login_refused_is_told_in_oauths_words(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    body = b'{"error": "invalid_grant", "error_description": "Wrong password."}'
    scripted.says("/oauth/token", status=400, body=body)
    with pytest.raises(LoginRefusedError, match="invalid_grant: Wrong password"):
        await tokens.current()


async def test_a_busy_token_endpoint_is_waited_for(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", status=429, headers={"Retry-After": "0"})
    scripted.says("/oauth/token", status=503)
    scripted.says("/oauth/token", **granted("one"))
    assert (await tokens.current()).access_token == "one"


async def test_an_answer_that_is_no_token_is_refused(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", body=b"<html>")
    with pytest.raises(LoginRefusedError, match="not a token"):
        await tokens.current()


async def test_a_given_token_cannot_be_replaced(make: Make) -> None:
    tokens = await ready(make(GivenToken(access_token="T")))
    assert (await tokens.current()).access_token == "T"
    with pytest.raises(LoginRefusedError, match="given token"):
        await tokens.replace(1)


async def test_a_token_is_refreshed_before_it_ends_and_observers_hear_of_it(
    make: Make, scripted: Any
) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", expires_in=0.05, refresh_token="r"))
    scripted.says("/oauth/token", **granted("two"))
    heard: asyncio.Future[Token] = asyncio.get_running_loop().create_future()
    tokens.on_new.append(heard.set_result)
    first = await tokens.current()
    assert (await heard).access_token == "two"
    now = tokens._http.now()
    assert first.expires_at is not None
    assert now - first.expires_at < 0.0 or (await tokens.current()).access_token == "two"


async def test_the_server_may_ask_for_an_earlier_refresh(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    answer = granted("one", expires_in=86_400, refresh_in=0.01, refresh_token="r")
    scripted.says("/oauth/token", **answer)
    scripted.says("/oauth/token", **granted("two"))
    heard: asyncio.Future[Token] = asyncio.get_running_loop().create_future()
    tokens.on_new.append(heard.set_result)
    await tokens.current()
    assert (await heard).access_token == "two"


@pytest.mark.parametrize("soon", [{"expires_in": 0}, {"expires_in": 9, "refresh_in": 0}])
async def test_tokens_that_end_at_once_are_not_asked_for_in_a_circle(
    make: Make, scripted: Any, soon: dict[str, float]
) -> None:
    tokens = await ready(make(PASSWORD))
    for _ in range(200):
        scripted.says("/oauth/token", **granted("one", **soon, refresh_token="r"))
    await tokens.current()
    began = tokens._http.now()
    await asyncio.sleep(0.1)
    elapsed_s = tokens._http.now() - began
    assert len(scripted.received) <= 1 + elapsed_s / tokens._http.options.backoff_base_s


async def test_an_ended_token_is_never_handed_out(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", **granted("one", expires_in=0))
    scripted.says("/oauth/token", **granted("two"))
    assert (await tokens.current()).access_token == "one"
    assert (await tokens.current()).access_token == "two"


@pytest.mark.parametrize(
    "secretive",
    [
        PASSWORD,
        GivenToken(access_token="SECRET"),
        CodeGrant(client_secret="SECRET", code="SECRET"),
        ServiceGrant(client_id="SECRET", client_secret="SECRET"),
        Token(access_token="SECRET", generation=1, refresh_token="SECRET"),
    ],
)
def test_nothing_that_holds_a_secret_shows_it(secretive: object) -> None:
    shown = f"{secretive!r} {secretive!s} {[secretive]}"
    assert "SECRET" not in shown
    assert "pass word" not in shown


async def test_the_decision_log_holds_no_secret(make: Make, scripted: Any) -> None:
    tokens = await ready(make(PASSWORD))
    scripted.says("/oauth/token", status=503)
    scripted.says("/oauth/token", **granted("SECRET", refresh_token="SECRET"))
    await tokens.current()
    scripted.says("/oauth/token", status=0)
    scripted.says("/oauth/token", **granted("SECRET"))
    await tokens.replace(1)
    entries = tokens._http.decisions.entries()
    assert len(entries) >= 2
    assert "SECRET" not in repr(entries)
    assert "pass word" not in repr(entries)
