"""Tokens, codes and passwords are in no log, no journal, no explanation and no report."""

import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.hostile.conftest import House, frame

from offhook import DEFAULT
from offhook.adapters.line_file import read_lines
from offhook.adapters.trace_file import TraceFile
from offhook.testing.explain import call_lines
from offhook.testing.seen import calls_of

REDIRECT = "http://127.0.0.1:9999/callback"
PKCE = f"code_challenge={'a' * 43}&code_challenge_method=S256"


class Spied:
    """Every secret that passed, and all places in which one must not be."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.secrets: dict[str, str] = {"minted": house.token}

    async def form(self, path: str, **fields: str) -> dict[str, Any]:
        body = "&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode()
        peer = await self.house.peer()
        kind = "Content-Type: application/x-www-form-urlencoded"
        head = f"POST {path} HTTP/1.1\r\nHost: m\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        peer.send(head.encode() + body)
        _, text = await peer.answer()
        told: dict[str, Any] = json.loads(text) if text else {}
        return told

    def places(self, logged: str) -> dict[str, str]:
        server = self.house.server
        return {
            "the log": logged,
            "the journal": repr(server.org.journal.entries()),
            "the explanations": repr(vars(server.tenancy.whys)),
            "the state": repr(server.state()),
            "what is not modelled": repr(server.unmodelled),
        }


@pytest.fixture
async def spied(house: Any) -> Spied:
    return Spied(house)


async def _live(spied: Spied) -> None:
    """Everything that handles a secret, also where none belongs."""
    house = spied.house
    service = next(each for each in DEFAULT.clients if each.secret)
    user = DEFAULT.users[0]
    spied.secrets |= {"client secret": str(service.secret), "password": user.password}
    issued = await spied.form(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=service.id,
        client_secret=str(service.secret),
    )
    spied.secrets["service token"] = issued["access_token"]
    public = next(each for each in DEFAULT.clients if each.secret is None)
    peer = await house.peer()
    query = f"response_type=code&client_id={public.id}&redirect_uri={quote(REDIRECT)}&{PKCE}"
    peer.send(f"GET /oauth/authorize?{query} HTTP/1.1\r\nHost: m\r\n\r\n".encode())
    head = (await peer.reader.readuntil(b"\r\n\r\n")).decode()
    code = re.search(r"[?&]code=([^&\s]+)", head)
    if code is not None:
        spied.secrets["code"] = code[1]
        await spied.form("/oauth/token", grant_type="authorization_code", code=code[1])
    token = house.token
    for line in (
        f"GET /nowhere/{token}",
        f"GET /api/v2/teams/{token}",
        f"GET /api/v2/webrtc/clients/{token}",
        f"GET {house.path}?access_token={token}",
        f"GET {house.path}?x={token}",
        f"GET /channels/{token}",
        f"POST /_offhook/v1/tokens/{token}/expire",
    ):
        await house.ask(line)
    await house.ask(f"POST {house.path}/mute", f"Idempotency-Key: {token}", body=b'{"muted":true}')
    await house.ask(f"POST {house.path}/mute", body=json.dumps({"muted": token}).encode())
    await house.ask("GET /api/v2/users/me", f"Cookie: session={token}", f"X-Token: {token}")
    await spied.form("/oauth/revoke", token=spied.secrets["service token"], client_id=service.id)
    socket = await house.socket(path=f"{house.path}/events?role=observer")
    socket.send(frame(json.dumps({"type": "ping", "note": token}).encode()))
    socket.send(frame(f"not json {token}".encode()))
    await asyncio.sleep(0.05)


async def test_no_secret_is_anywhere_but_in_the_answers(
    spied: Spied, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await _live(spied)
    assert {"minted", "service token", "code", "password"} <= set(spied.secrets)
    for place, text in spied.places(caplog.text).items():
        for name, secret in spied.secrets.items():
            assert secret not in text, f"{place} holds the {name}"


async def test_the_trace_holds_none_either(spied: Spied, tmp_path: Path) -> None:
    path = tmp_path / "mock.trace.jsonl"
    trace = TraceFile(path, seed=1)
    spied.house.server.tenancy.follow(trace)
    await _live(spied)
    trace.close()
    written = repr(read_lines(path).values)
    assert "/api/v2/users/me" in written
    for name, secret in spied.secrets.items():
        assert secret not in written, f"the trace holds the {name}"


async def test_the_report_of_a_failed_test_holds_none_either(spied: Spied) -> None:
    await _live(spied)
    report = "\n".join(call_lines(calls_of(spied.house.server)))
    assert "/api/v2/users/me" in report
    for name, secret in spied.secrets.items():
        assert secret not in report, f"the report holds the {name}"
