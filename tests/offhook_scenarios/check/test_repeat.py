"""Two plays of one plan: the same bytes, or where they part."""

import asyncio

from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check.repeat import divergence
from offhook_scenarios.plan.plan import Plan, Press
from offhook_scenarios.run import DESKS

PLAN = Plan(seed=3, steps=(Press(at_s=2, muted=True),))


class Late(NaiveDesk):
    """Each one that is made is slower than the one before."""

    made = 0

    def __init__(self) -> None:
        super().__init__()
        Late.made += 1
        self._late_s = Late.made

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        await asyncio.sleep(self._late_s)
        await super().set_mute(muted)


def test_a_client_that_repeats_itself_parts_nowhere() -> None:
    assert divergence(PLAN, DESKS["reference"]) is None


def test_where_one_parts_that_remembers_what_was_before_is_told() -> None:
    parted = divergence(PLAN, lambda _seed: Late())
    assert parted is not None
    assert parted.one is not None
    assert parted.other is not None
    assert parted.other.at - parted.one.at == 1
    assert str(parted).startswith("The traces differ from record ")
