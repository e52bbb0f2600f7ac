"""When earlier troubles of the event socket are forgotten."""

import asyncio
import random

import pytest

from offhook_client.decisions import DecisionLog
from offhook_client.errors import ClientError
from offhook_client.events import Dialler, End, Ending, Follower
from offhook_client.http import Http
from offhook_client.options import Options
from offhook_client.tokens import GivenToken, Token, Tokens


class Deaf:
    """A follower that is told nothing here."""

    def gone(self) -> None:
        raise AssertionError("gone")

    def failed(self, error: ClientError) -> None:
        raise error


class Ended(Dialler):
    """A dialler that is told how its links ended, and dials nobody."""

    def __init__(self, http: Http, tokens: Tokens, ear: Follower, *, now: list[float]) -> None:
        super().__init__(http, tokens, ear)
        self.clock = now

    async def _dial(self, token: Token) -> End:
        raise AssertionError(f"not dialled with {token}")

    def after(self, opened_at: float, ended_at: float, *, renewed: bool = False) -> int:
        """How many attempts count after such a link, of three before it."""
        self.clock[0] = ended_at
        if renewed:
            self._renewing = asyncio.get_running_loop().create_task(asyncio.sleep(0))
        self._judged(End(ending=Ending.DIAL, reason="test"), opened_at)
        return self._attempt


@pytest.mark.parametrize(
    ("links", "attempts"),
    [
        ([(0.0, 59.0, False)], 3),
        ([(0.0, 60.0, False)], 0),
        # A renewal is no trouble: the link was healthy over it (found by I12).
        ([(0.0, 40.0, True), (40.1, 61.0, False)], 0),
        ([(0.0, 40.0, False), (41.0, 61.0, False)], 3),
        ([(0.0, 40.0, True), (40.1, 50.0, False), (51.0, 70.0, False)], 3),
    ],
)
async def test_a_link_is_healthy_over_renewals_of_its_token(
    links: list[tuple[float, float, bool]],
    attempts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    http = Http(
        "http://127.0.0.1:1",
        options=Options(),
        rng=random.Random(1),
        wall_clock=lambda: 0.0,
        decisions=DecisionLog(),
    )
    monkeypatch.setattr(http, "now", lambda: now[0])
    dialler = Ended(http, Tokens(http, GivenToken(access_token="T")), Deaf(), now=now)
    dialler._attempt = 3
    for opened_at, ended_at, renewed in links:
        left = dialler.after(opened_at, ended_at, renewed=renewed)
    assert left == attempts
