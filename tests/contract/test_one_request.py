"""One mute, walked through the files: how many a reader must open to follow it."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import aiohttp

import offhook

FILES_MAX = 10
HOME = Path(offhook.__file__).parent


def _ours(frame: FrameType | None) -> list[str]:
    """The files of the mock on the call stack, from the bytes inward."""
    names: dict[str, None] = {}
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(HOME):
            names[path.relative_to(HOME).as_posix()] = None
        frame = frame.f_back
    return list(names)[::-1]


async def test_a_mute_passes_through_at_most_ten_files_on_its_way_to_the_register() -> None:
    async with offhook.MockServer(seed=1, clock=offhook.ManualClock()) as mock:
        headers = {"Authorization": f"Bearer {mock.token()}"}
        async with aiohttp.ClientSession(mock.url, headers=headers) as session:
            async with session.get("/api/v2/webrtc/clients/me") as answer:
                device = await answer.json()
            await mock.advance(1)
            stacks: list[list[str]] = []

            def note(frame: FrameType, event: str, _argument: Any) -> None:
                if event == "call" and frame.f_code.co_name == "step":
                    stacks.append(_ours(frame))

            sys.setprofile(note)
            try:
                path = f"/api/v2/webrtc/clients/{device['id']}/mute"
                async with session.post(path, json={"muted": True}) as answer:
                    assert answer.status == 204
            finally:
                sys.setprofile(None)
    spines = [stack for stack in stacks if stack[-1] == "domain/register.py"]
    assert spines, "the register was never asked"
    assert spines[0][:2] == ["adapters/listener.py", "adapters/http.py"]
    assert len(spines[0]) <= FILES_MAX, spines[0]
