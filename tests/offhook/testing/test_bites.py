"""What the faults did, in sentences."""

import http.client
from collections.abc import Callable

import aiohttp
import pytest

from offhook.adapters.clock import ManualClock
from offhook.faults import line, verdicts
from offhook.server import MockServer
from offhook.testing import bites
from offhook.testing.bites import SHOWN_BITES, bite_lines
from offhook.testing.handle import AsyncOffhook, Offhook

Get = Callable[..., int]
ME = "/api/v2/users/me"


def test_a_mock_without_faults_tells_of_none(handle: Offhook, get: Get) -> None:
    get(ME)
    assert handle.ask(bite_lines) == []
    assert "Faults bit" not in handle.story()


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("before", "the connection was cut before it had any effect."),
        ("after", "the connection was cut after the effect, and the answer was lost."),
    ],
)
def test_a_cut_answer_names_the_fault_that_cut_it(
    handle: Offhook, get: Get, when: str, told: str
) -> None:
    handle.faults.add("abort", "getUsersMe", when=when)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        get(ME)
    heading, line = handle.ask(bite_lines)
    assert heading == "Faults bit:"
    assert line == f"  2026-01-01T00:00:00.000Z the fault 'abort' on getUsersMe: {told}"
    assert line in handle.story()


def test_a_lie_names_the_faults_that_may_have_brought_it_about(
    handle: Offhook, get: Get, device_id: str
) -> None:
    handle.faults.add("reply", "getUsersMe", status=503)
    get(ME)
    with pytest.raises(AssertionError, match="'reply' on getUsersMe: the fault answered instead"):
        handle.assert_truthful(lambda: True, within="1ms")


def test_a_fault_that_was_lifted_is_still_told(handle: Offhook, get: Get) -> None:
    with handle.faults.add("delay", delay_s=0, times=None):
        for _ in range(SHOWN_BITES + 2):
            get(ME)
    heading, *lines = handle.ask(bite_lines)
    assert heading == "Faults bit, after 2 others:"
    assert len(lines) == SHOWN_BITES
    assert lines[-1].endswith("the fault 'delay' on getUsersMe: it was held up.")


async def test_an_event_that_was_not_sent_is_told() -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        handle = AsyncOffhook(server)
        headers = {"Authorization": f"Bearer {server.token()}"}
        async with aiohttp.ClientSession(server.url, headers=headers) as http:
            async with http.get("/api/v2/webrtc/clients/me") as answer:
                path = f"/api/v2/webrtc/clients/{(await answer.json())['id']}"
            await handle.clock.advance(1)
            async with http.ws_connect(f"{path}/events?role=device"):
                handle.faults.add("push-drop", "muteChanged")
                async with http.post(f"{path}/mute", json={"muted": True}) as answer:
                    assert answer.status == 204
        _, told = bite_lines(server)
        assert told.endswith("the fault 'push-drop' on muteChanged: the event was not sent.")


def test_whatever_a_fault_can_do_has_its_words() -> None:
    of_http = {kind.__name__ for kind in verdicts.HttpVerdict.__args__}
    of_pushes = {kind.__name__ for kind in line.Instruction.__args__} - {"Resume"}
    assert (of_http | of_pushes) - {"Abort"} == set(bites._DONE)
