"""The clock through control."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.views import DeviceView
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]
START = 1_767_225_600.0


def test_the_clock_tells_its_time_twice_and_how_it_runs(ask: Ask) -> None:
    assert ask("GET", "/clock") == {
        "now": START,
        "at": "2026-01-01T00:00:00.000Z",
        "mode": "manual",
        "speed": 1.0,
        "paused": False,
        "nextDeadline": None,
    }


def test_advancing_answers_the_clock_as_it_stands_afterwards(ask: Ask) -> None:
    assert ask("POST", "/clock/advance", {"seconds": 90.5})["now"] == START + 90.5
    assert ask("GET", "/clock")["at"] == "2026-01-01T00:01:30.500Z"


def test_the_next_deadline_is_that_of_the_org(
    ask: Ask, tenancy: Tenancy, device: DeviceView
) -> None:
    ask("POST", "/actors/drop", {"clientId": device.id}, status=204)
    assert ask("GET", "/clock")["nextDeadline"] == tenancy.next_deadline()
    assert tenancy.next_deadline() is not None


def test_pause_and_resume_go_to_the_clock(ask: Ask, tenancy: Tenancy) -> None:
    assert ask("POST", "/clock/pause")["paused"] is True
    assert tenancy.clock.paused
    assert ask("POST", "/clock/resume")["paused"] is False
    assert not tenancy.clock.paused


@pytest.mark.parametrize("seconds", [-1, "30", None, 31 * 86_400 + 1])
def test_a_wrong_step_is_refused_and_moves_nothing(ask: Ask, seconds: object) -> None:
    refusal = ask("POST", "/clock/advance", {"seconds": seconds}, status=400)
    assert "seconds" in refusal["message"]
    assert ask("GET", "/clock")["now"] == START
