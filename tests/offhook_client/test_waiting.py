"""Who waits is told once, and rightly."""

import pytest

from offhook_client.errors import ClosedError, OvertakenError, SupersededError, TooLateError
from offhook_client.state import Setup, State, believe
from offhook_client.waiting import Waiters

BELIEF = believe(Setup(), State())


async def test_a_confirmation_reaches_its_own_generation_only() -> None:
    waiters = Waiters()
    first = waiters.add(1, muted=True, deadline=10.0)
    second = waiters.add(2, muted=True, deadline=10.0)
    waiters.confirm(2, BELIEF)
    assert not first.done()
    assert second.result() is BELIEF


async def test_the_same_wish_again_carries_the_first_on() -> None:
    waiters = Waiters()
    first = waiters.add(1, muted=True, deadline=10.0)
    waiters.supersede(2, muted=True)
    waiters.confirm(2, BELIEF)
    assert first.result() is BELIEF


async def test_another_wish_overtakes_the_first() -> None:
    waiters = Waiters()
    first = waiters.add(1, muted=True, deadline=10.0)
    waiters.supersede(2, muted=False)
    with pytest.raises(SupersededError):
        first.result()


async def test_a_failure_reaches_one_generation_or_all() -> None:
    waiters = Waiters()
    first = waiters.add(1, muted=True, deadline=10.0)
    second = waiters.add(2, muted=True, deadline=10.0)
    waiters.fail(OvertakenError("x"), generation=1)
    assert isinstance(first.exception(), OvertakenError)
    assert not second.done()
    waiters.fail(ClosedError("x"))
    assert isinstance(second.exception(), ClosedError)


async def test_who_cannot_wait_so_long_is_told_now() -> None:
    waiters = Waiters()
    hasty = waiters.add(1, muted=True, deadline=10.0)
    patient = waiters.add(1, muted=True, deadline=60.0)
    waiters.postpone(30.0, now=5.0, reason="429")
    error = hasty.exception()
    assert isinstance(error, TooLateError)
    assert error.retry_in_s == 25.0
    assert "25.0 s, the caller has 5.0 s" in str(error)
    assert not patient.done()


async def test_who_has_given_up_is_not_told() -> None:
    waiters = Waiters()
    waiters.add(1, muted=True, deadline=10.0).cancel()
    waiters.confirm(1, BELIEF)
    waiters.fail(ClosedError("x"))
