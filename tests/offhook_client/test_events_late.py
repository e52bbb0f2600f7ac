"""A dial that was given up may yet arrive, and take the place of the one that came after it."""

import random
import socket
from collections import deque

import msgspec
import pytest

from offhook_client.decisions import DecisionLog
from offhook_client.errors import ClientError, ReplacedError
from offhook_client.events import Dialler, End, Ending, EventSocket
from offhook_client.http import Http
from offhook_client.models import Frame
from offhook_client.options import Options
from offhook_client.tokens import GivenToken, Token, Tokens

GIVEN_UP = End(ending=Ending.BACK_OFF, reason="TimeoutError", given_up=True)
REPLACED = End(ending=Ending.REPLACED, reason="close 4409")
BROKEN = End(ending=Ending.DIAL, reason="close 1006")


class Ear:
    """A listener that keeps what ended the socket."""

    error: ClientError | None = None

    def since(self) -> None:
        return None

    def dialling(self) -> None:
        return

    def frame(self, frame: Frame) -> None:
        raise AssertionError(frame)

    def garbled(self) -> None:
        raise AssertionError("garbled")

    def link_lost(self) -> None:
        raise AssertionError("lost")

    def gone(self) -> None:
        raise AssertionError("gone")

    def failed(self, error: ClientError) -> None:
        self.error = error


class Scripted(Dialler):
    """Dials nobody: its links end as is written here."""

    def __init__(self, http: Http, ear: Ear, ends: list[End]) -> None:
        super().__init__(http, Tokens(http, GivenToken(access_token="T")), ear)
        self.ends = deque(ends)

    async def _dial(self, token: Token) -> End:
        assert token.generation == 1
        return self.ends.popleft()


def http(options: Options) -> Http:
    return Http(
        "http://127.0.0.1:1",
        options=options,
        rng=random.Random(1),
        wall_clock=lambda: 0.0,
        decisions=DecisionLog(),
    )


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        ([REPLACED, BROKEN], 1),
        # Found by the simulation: a dial given up had replaced its successor, and ended the desk.
        ([GIVEN_UP, REPLACED, REPLACED, BROKEN], 1),
        ([GIVEN_UP, GIVEN_UP, BROKEN, REPLACED, REPLACED, REPLACED, BROKEN], 1),
    ],
)
async def test_as_many_replacements_as_dials_given_up_are_its_own(
    quick: Options, ends: list[End], left: int
) -> None:
    ear = Ear()
    dialler = Scripted(http(quick), ear, ends)
    await dialler.run()
    assert isinstance(ear.error, ReplacedError)
    assert len(dialler.ends) == left


async def test_what_was_given_up_long_ago_arrives_no_more(
    quick: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear, one = Ear(), http(quick)
    dialler = Scripted(one, ear, [GIVEN_UP, REPLACED, BROKEN])
    times = iter(range(0, 10_000, 61))
    monkeypatch.setattr(one, "now", lambda: float(next(times)))
    await dialler.run()
    assert len(dialler.ends) == 1


async def test_a_dial_that_nobody_answers_is_given_up(quick: Options) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = http(msgspec.structs.replace(quick, open_timeout_s=0.02))
        one.base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        tokens = Tokens(one, GivenToken(access_token="T"))
        end = await EventSocket(one, tokens, "c", Ear())._dial(await tokens.current())
    assert (end.ending, end.given_up) == (Ending.BACK_OFF, True)
