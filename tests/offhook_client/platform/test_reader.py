"""When the calls are read."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from msgspec import structs

from offhook_client.platform.models import Leg
from offhook_client.platform.pace import Pace
from offhook_client.platform.reader import Reader
from offhook_client.platform.user import User
from offhook_client.tasks import Tasks
from offhook_client.tokens import GivenToken

LIST = "/api/v2/conversations/calls"


class Reads:
    """A reader of a user without calls, and what it has read."""

    def __init__(self, user: User, pace: Pace) -> None:
        self.tasks = Tasks(lambda _: None)
        self.taken: asyncio.Queue[Mapping[str, Leg]] = asyncio.Queue()
        self.reader = Reader(user, pace, self.tasks, calls=lambda: (), take=self.taken.put_nowait)


@pytest.fixture
async def reads(scripted: Any, login: Any, pace: Pace) -> AsyncIterator[Reads]:
    scripted.otherwise = structs.replace(scripted.otherwise, body=b'{"entities": []}')
    account = login(scripted, GivenToken(access_token="given"))
    await account.start()
    made = Reads(User(account.caller), pace)
    yield made
    made.reader.drop()
    await made.tasks.close()


async def test_nothing_is_read_that_nobody_asked_for(reads: Reads, scripted: Any) -> None:
    reads.reader.start()
    reads.reader.ask("no call asks, and nothing is due")
    reads.reader.start()
    reads.reader.ask("now", due=True)
    reads.reader.start()
    reads.reader.start()
    assert await reads.taken.get() == {}
    assert not reads.reader.due
    assert scripted.paths(LIST) == [f"GET {LIST}"]


async def test_a_new_doubt_abandons_the_read_under_way(reads: Reads, scripted: Any) -> None:
    for reason in ("first", "second", "third"):
        reads.reader.ask(reason, due=True)
        reads.reader.start()
        await asyncio.sleep(0)
    assert await reads.taken.get() == {}
    assert reads.taken.empty()
    assert len(scripted.paths(LIST)) == 1


async def test_what_is_dropped_is_not_read(reads: Reads, scripted: Any) -> None:
    reads.reader.ask("due", due=True)
    reads.reader.drop()
    reads.reader.start()
    await asyncio.sleep(0)
    assert scripted.paths(LIST) == []


async def test_after_each_read_comes_an_audit_in_time(
    scripted: Any, login: Any, hurried: Pace
) -> None:
    scripted.otherwise = structs.replace(scripted.otherwise, body=b"{}")
    account = login(scripted, GivenToken(access_token="given"))
    await account.start()
    reads = Reads(User(account.caller), hurried)
    reads.reader.ask("first", due=True)
    reads.reader.start()
    for _ in range(3):
        await reads.taken.get()
    reads.reader.drop()
    await reads.tasks.close()
