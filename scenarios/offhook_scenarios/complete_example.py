"""The tutorial's complete example, played once over real sockets before anybody is judged.

The same steps stand as a program of their own in docs/tutorial/mute_and_unmute.py, which an
installed package does not carry.
"""

import asyncio
from collections.abc import Callable

import msgspec

from offhook.server import MockServer
from offhook.settings import DEFAULT
from offhook_client.models import Frame
from offhook_client.tutorial import PlatformClient

PAUSE_S = 2.0
"""How long the tutorial stays muted."""


class ExampleRun(msgspec.Struct, frozen=True, kw_only=True):
    """What the example said, line by line, and what broke, if anything did."""

    lines: tuple[str, ...] = ()
    error: str | None = None


async def play_example(*, seed: int) -> ExampleRun:
    """Start a mock of its own and play the example against it. Never raises."""
    lines: list[str] = []
    policies = DEFAULT.policies.changed({"allow_password_grant": True})
    try:
        async with MockServer(
            msgspec.structs.replace(DEFAULT, policies=policies), seed=seed
        ) as server:
            await _play(server.url, lines.append)
    except Exception as error:  # noqa: BLE001 - whatever broke is told, and the demo goes on.
        return ExampleRun(lines=tuple(lines), error=f"{type(error).__name__}: {error}")
    return ExampleRun(lines=tuple(lines))


async def _play(url: str, say: Callable[[str], None]) -> None:
    async with PlatformClient(url) as platform:
        platform.auth_client.set_client_secret("offhook-secret")
        await platform.auth_client.login(
            grant_type="password",
            username="agent@example.com",
            password="agent-password",  # noqa: S106 - the default org's.
        )
        say("logged in")
        client = await platform.web_rtc_api.get_web_rtc_client()
        say(f"client {client.id}: {client.connection_status}")
        client.on("muteChanged", lambda event: say(_words(event)))
        client.on("connectionStatusChanged", lambda event: say(f"event: {event.status}"))
        try:
            await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": True})
            say("mute confirmed")
            await asyncio.sleep(PAUSE_S)
            await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": False})
            say("unmute confirmed")
        finally:
            await platform.web_rtc_api.delete_web_rtc_client(client.id)
            say("client deleted")


def _words(event: Frame) -> str:
    return f"event: {'muted' if event.muted else 'unmuted'}"
