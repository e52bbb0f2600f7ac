"""All mocks of one test."""

from pathlib import Path

import pytest

from offhook.adapters.clock import MANUAL_START
from offhook.config import ConfigError
from offhook.domain.errors import DomainError
from offhook.server_thread import ServerThread
from offhook.settings import DEFAULT
from offhook.testing.rig import LoopMock, Plan, Rig, seed_of, settings_from


def test_each_mock_has_a_seed_an_org_and_a_clock_of_its_own() -> None:
    with ServerThread() as thread:
        rig = Rig(Plan(seed=7, clock="manual"), thread)
        one, two, three = rig.make(), rig.make(), rig.make(seed=1)
        assert [handle.seed for handle in (one, two, three)] == [7, 8, 1]
        one.clock.advance(5)
        assert (one.clock.now, two.clock.now) == (MANUAL_START + 5, MANUAL_START)
        assert len({handle.url for handle in rig.handles}) == 3
        assert rig.close(failed=False) == []
        with pytest.raises(RuntimeError, match="does not run"):
            one.token()
        assert thread.running


def test_what_the_test_is_failed_for_is_gathered_from_all_mocks() -> None:
    with ServerThread() as thread:
        rig = Rig(Plan(), thread)
        for handle in (rig.make(), rig.make()):
            handle.faults.add("delay", delay_s=1)
        assert rig.story().count("The org's clock") == 2
        assert len(rig.close(failed=False)) == 2
        rig = Rig(Plan(), thread)
        rig.make().faults.add("delay", delay_s=1)
        assert rig.close(failed=True) == [], "a test that failed has not come that far"


async def test_on_the_loop_the_last_words_are_taken_at_the_end_of_the_block() -> None:
    mock = LoopMock(Plan(seed=7, test="t.py::test"))
    assert (mock.story(), mock.handles) == ("", ())
    async with mock as handle:
        handle.faults.add("delay", delay_s=1)
    (complaint,) = mock.complaints
    assert "never bit" in complaint
    assert 'Again: pytest "t.py::test" --offhook-seed 7' in mock.story()
    with pytest.raises(AssertionError, match="entered once"):
        await mock.__aenter__()


async def test_on_the_loop_a_failing_block_is_not_blamed_for_its_faults() -> None:
    mock = LoopMock(Plan())

    async def fail() -> None:
        async with mock as handle:
            handle.faults.add("delay", delay_s=1)
            raise LookupError("the test's own")

    with pytest.raises(LookupError, match="the test's own"):
        await fail()
    assert mock.complaints == []


def test_settings_are_the_default_or_given_or_read_with_policies_changed(tmp_path: Path) -> None:
    assert settings_from(None, None) is DEFAULT
    assert settings_from(DEFAULT, {"heartbeat_s": 2}).policies.heartbeat_s == 2
    path = tmp_path / "offhook.toml"
    path.write_text('[[orgs]]\nname = "Acme"\n', encoding="utf-8")
    assert settings_from(path, {}).name == "Acme"
    with pytest.raises(ConfigError, match="cannot be read"):
        settings_from(tmp_path / "none.toml", None)
    with pytest.raises(DomainError, match="heartbeat"):
        settings_from(None, {"heartbeats": 2})


def test_a_seed_comes_from_the_test_alone() -> None:
    assert seed_of("t.py::a") == seed_of("t.py::a") != seed_of("t.py::b")


def test_a_clock_that_is_none_is_refused() -> None:
    assert Plan(clock="system").new_clock() is None
    clock = Plan(clock=1000.0).new_clock()
    assert clock is not None
    assert clock.now() == 1000.0
    with pytest.raises(ValueError, match="must be system, manual or a number"):
        Plan(clock="fast").new_clock()


def test_whoever_forgets_to_enter_the_mock_is_told() -> None:
    with pytest.raises(AttributeError, match="has no url itself: enter it first, async with off"):
        getattr(LoopMock(Plan()), "url")  # noqa: B009 - a type checker knows that it is not there.
