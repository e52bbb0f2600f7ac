"""The adapter of the reference client translates, and adds nothing."""

import asyncio

import msgspec
import pytest

from offhook.domain.inputs import SetUserState
from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_client import models
from offhook_client.errors import (
    ClientError,
    ForcedError,
    OvertakenError,
    RefusedError,
    SupersededError,
    UnreachableError,
)
from offhook_scenarios.adapters.adapter import (
    UNAWARE,
    Belief,
    Config,
    Ending,
    Gate,
    Restart,
    Shown,
)
from offhook_scenarios.adapters.reference import ENDINGS, ReferenceDesk, translated
from offhook_scenarios.loop import loop_factory

WITH_PASSWORDS = msgspec.structs.replace(
    DEFAULT, policies=DEFAULT.policies.changed({"allow_password_grant": True})
)


@pytest.mark.parametrize("shown", models.Shown)
@pytest.mark.parametrize("gate", models.Gate)
def test_a_belief_keeps_its_words(shown: models.Shown, gate: models.Gate) -> None:
    theirs = models.Belief(
        shown=shown,
        gate=gate,
        desired=None,
        source=None,
        observed=None,
        version=models.Version(1, 3),
        cause=None,
        link=models.Link.DOWN,
        status=None,
        client_id="d1",
    )
    assert translated(theirs) == Belief(
        shown=Shown(shown.value), gate=Gate(gate.value), device_id="d1", version=(1, 3)
    )


def test_a_press_is_told_as_muting_then_muted() -> None:
    async def main() -> None:
        told: list[Belief] = []
        async with MockServer(WITH_PASSWORDS, seed=1) as server:
            desk = ReferenceDesk(seed=1)
            await desk.start(Config(api=server.url), told.append)
            assert await desk.set_mute(True) is Ending.OK
            belief = await desk.observe()
            assert (belief.shown, belief.version) == (Shown.MUTED, (1, 1))
            assert server.org.devices()[0].muted
            await desk.stop()
        shown = [belief.shown for belief in told]
        assert shown.index(Shown.MUTING) < shown.index(Shown.MUTED)
        muted = next(belief for belief in told if belief.shown is Shown.MUTED)
        assert muted.gate is Gate.CUT

    with asyncio.Runner(loop_factory=loop_factory(20)) as runner:
        runner.run(main())


def test_a_wish_that_fails_is_no_error_of_the_adapter() -> None:
    async def main() -> None:
        async with MockServer(WITH_PASSWORDS, seed=1) as server:
            desk = ReferenceDesk(seed=1)
            await desk.start(Config(api=server.url), lambda _belief: None)
            user = server.org.find_user("agent")
            assert user is not None
            server.receive(SetUserState(user_id=user.id, permissions=frozenset()))
            assert await desk.set_mute(True) is Ending.FAILED
            assert (await desk.observe()).gate is Gate.CUT
            await desk.stop()

    with asyncio.Runner(loop_factory=loop_factory(20)) as runner:
        runner.run(main())


async def test_before_the_start_it_claims_nothing() -> None:
    desk = ReferenceDesk()
    assert await desk.observe() == UNAWARE
    await desk.stop()


async def test_it_is_not_reloaded_and_says_so() -> None:
    with pytest.raises(AssertionError, match="not restarted by reload"):
        await ReferenceDesk().restart(Restart.RELOAD)


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (SupersededError("s"), Ending.SUPERSEDED),
        (OvertakenError("o"), Ending.OVERTAKEN),
        (ForcedError(403, "forced", "f"), Ending.FORCED),
        (RefusedError(400, "bad.request", "r"), Ending.FAILED),
        (UnreachableError("u"), Ending.FAILED),
    ],
)
def test_each_error_is_an_ending(error: ClientError, ending: Ending) -> None:
    assert next(each for kind, each in ENDINGS if isinstance(error, kind)) is ending
