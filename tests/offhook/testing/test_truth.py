"""Whether a screen tells the truth, by what it was said to show."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.inputs import ForceMute
from offhook.testing.handle import Offhook

Get = Callable[..., int]


def test_a_screen_that_agrees_is_truthful(handle: Offhook, device_id: str) -> None:
    handle.believes("live", gate="open")
    handle.clock.advance("1h")
    handle.assert_truthful(within=0)


def test_it_may_be_wrong_for_as_long_as_is_allowed(handle: Offhook, device_id: str) -> None:
    handle.believes(False)
    handle.receive(ForceMute(device_id=device_id, muted=True))
    handle.clock.advance("2s")
    handle.believes(True)
    handle.assert_truthful(within="2s")
    with pytest.raises(AssertionError, match=r"UNHEARD 2\.0 s: screen live, caller could not"):
        handle.assert_truthful(within="1s")


def test_a_screen_that_is_wrong_now_is_given_time_and_then_told(
    handle: Offhook, device_id: str
) -> None:
    words = iter(["muted", "muted", "live"])
    handle.assert_truthful(lambda: next(words), within="10s")
    with pytest.raises(AssertionError, match="LIVE: screen muted, caller could hear, and still"):
        handle.assert_truthful(lambda: "muted", within="20ms")


def test_unknown_claims_nothing(handle: Offhook, device_id: str) -> None:
    for word in (None, "unknown", "muting", "unmuting"):
        handle.believes(word)
        handle.clock.advance("1m")
    handle.assert_truthful(within=0)


def test_refusals_are_told_beside_a_lie(handle: Offhook, get: Get, device_id: str) -> None:
    get(f"/api/v2/webrtc/clients/{device_id}/mute", body=b"{}", scopes={"user:read"})
    with pytest.raises(AssertionError, match="The mock has refused:") as lied:
        handle.assert_truthful(lambda: True, within=0)
    assert "Missing: webrtc:client:read" in str(lied.value)


def test_without_a_belief_or_a_user_or_a_word_it_says_what_to_do(handle: Offhook) -> None:
    with pytest.raises(ValueError, match=r"call believes\(…\) when it changes"):
        handle.assert_truthful()
    with pytest.raises(ValueError, match="The org has no user 'nobody'"):
        handle.believes(True, user="nobody")
    with pytest.raises(
        ValueError, match="'mutd' is nothing that a screen says; there are muted, live"
    ):
        handle.believes("mutd")
    with pytest.raises(ValueError, match="'ajar' is no state of a gate"):
        handle.believes(True, gate="ajar")


async def reads() -> str:
    return "muted"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("muted", r"and not 'muted': to say once what is shown there is believes\('muted'\)"),
        (True, r"takes a callable that reads the screen, as in lambda: desk\.shows, and not True"),
        (reads, "takes a plain function that reads the screen, and not an async one"),
    ],
)
def test_what_reads_no_screen_is_told_in_a_sentence(
    handle: Offhook, source: Any, told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        handle.assert_truthful(source, within=0)


def test_the_judge_is_not_loaded_before_it_is_needed() -> None:
    lines = "import sys, offhook.testing.rig; print('offhook_scenarios' in sys.modules)"
    run = subprocess.run(  # noqa: S603 - our own lines.
        [sys.executable, "-c", lines], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
