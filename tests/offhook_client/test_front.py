"""The front of a desk, by a desk that does nothing but what its test tells it."""

import asyncio

import pytest
from msgspec.structs import replace

from offhook_client.aio import Account
from offhook_client.errors import ClosedError, SupersededError, UnreachableError
from offhook_client.front import Front
from offhook_client.models import Belief, Gate, Shown
from offhook_client.state import Setup, State, believe
from offhook_client.tokens import GivenToken

UNKNOWN = believe(Setup(), State())


class Still(Front):
    """Numbers wishes, and is otherwise told what happens."""

    def __init__(self) -> None:
        super().__init__(Account("http://nowhere", GivenToken(access_token="")).caller.http)
        self.belief = UNKNOWN
        self.number = 0
        self.lived: list[str] = []

    async def start(self) -> None:
        self.lived.append("started")

    async def close(self) -> None:
        self.lived.append("closed")
        self.end()

    def want(self, *, muted: bool) -> int:
        self.number = self._next_wish()
        self._waiters.supersede(self.number, muted=muted)
        return self.number

    def _next_wish(self) -> int:
        return self.number + 1

    def _circumstances(self) -> str:
        return "nobody at home"

    def become(self, shown: Shown) -> Belief:
        self.belief = replace(self.belief, shown=shown)
        self._waiters.confirm(self.number, self.belief)
        self._changes.tell(self.belief)
        return self.belief

    def end(self) -> None:
        self._failure = ClosedError("The desk was closed.")
        self._troubles.tell(self._failure)


async def test_it_is_started_when_entered_and_closed_when_left() -> None:
    async with Still() as desk:
        assert (desk.shown, desk.gate, desk.ended) == (Shown.UNKNOWN, Gate.CUT, False)
    assert desk.lived == ["started", "closed"]
    assert desk.ended


async def test_a_wish_returns_the_belief_that_confirms_it() -> None:
    desk = Still()
    wish = asyncio.create_task(desk.set_mute(muted=True))
    await asyncio.sleep(0)
    confirmed = desk.become(Shown.MUTED)
    assert await wish is confirmed


async def test_a_wish_that_is_not_confirmed_in_time_says_what_was_in_the_way() -> None:
    with pytest.raises(UnreachableError, match=r"unmute .* 0 s \(nobody at home\)"):
        await Still().set_mute(muted=False, deadline_s=0.0)


async def test_a_later_wish_takes_the_place_of_an_earlier_one() -> None:
    desk = Still()
    wish = asyncio.create_task(desk.set_mute(muted=True))
    await asyncio.sleep(0)
    desk.want(muted=False)
    with pytest.raises(SupersededError):
        await wish


async def test_what_has_ended_takes_no_wish() -> None:
    desk = Still()
    desk.end()
    with pytest.raises(ClosedError):
        await desk.set_mute(muted=True)


async def test_settled_is_the_first_belief_that_is_certain() -> None:
    desk = Still()
    settled = asyncio.create_task(desk.settled())
    await asyncio.sleep(0)
    desk.become(Shown.MUTING)
    live = desk.become(Shown.LIVE)
    assert await settled is live


async def test_nothing_settles_after_the_deadline_or_the_end() -> None:
    desk = Still()
    with pytest.raises(UnreachableError, match=r"Not settled in 0\.0 s"):
        await desk.settled(deadline_s=0.0)
    desk.end()
    with pytest.raises(ClosedError):
        await desk.settled()


async def test_observers_hear_beliefs_and_troubles_until_they_are_taken_off() -> None:
    desk, heard, troubles = Still(), list[Shown](), list[str]()
    forget = desk.on_change(lambda belief: heard.append(belief.shown))
    desk.on_trouble(lambda trouble: troubles.append(str(trouble)))
    desk.become(Shown.MUTED)
    forget()
    desk.become(Shown.LIVE)
    desk.end()
    assert (heard, troubles) == ([Shown.MUTED], ["The desk was closed."])
