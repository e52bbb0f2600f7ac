"""The reference client on the platform dialect, through every session that this dialect has."""

import asyncio

import pytest

from offhook_scenarios.adapters.adapter import UNAWARE, Restart
from offhook_scenarios.adapters.platform import PlatformReferenceDesk
from offhook_scenarios.loop import loop_factory
from offhook_scenarios.outcome import Outcome, Result
from offhook_scenarios.run import play_with
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.stage import NOT_ON_THE_PLATFORM, PLATFORM


def test_it_tells_the_truth_in_every_session() -> None:
    async def main() -> list[Outcome]:
        plays = (
            play_with(
                lambda: PlatformReferenceDesk(seed=1),
                session,
                PlatformReferenceDesk.name,
                stage=PLATFORM,
                seed=1,
            )
            for session in CATALOGUE
        )
        return await asyncio.gather(*plays)

    with asyncio.Runner(loop_factory=loop_factory(10)) as runner:
        outcomes = runner.run(main())
    findings = {each.session.id: each.words for each in outcomes if each.result is not Result.OK}
    assert set(findings) == set(NOT_ON_THE_PLATFORM), findings


async def test_before_it_starts_it_knows_nothing_and_is_not_restarted() -> None:
    desk = PlatformReferenceDesk()
    assert await desk.observe() == UNAWARE
    await desk.stop()
    with pytest.raises(AssertionError, match="a restart before the start"):
        await desk.restart(Restart.PROCESS)
