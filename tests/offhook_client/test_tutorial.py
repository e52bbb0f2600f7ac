"""The tutorial's names, and its complete example as it stands in the documentation."""

import asyncio
import gc
import runpy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from offhook.config import load_config
from offhook.domain.inputs import ForceMute, SetUserState
from offhook.server import MockServer
from offhook_client.errors import LoginRefusedError, RefusedError
from offhook_client.models import Frame
from offhook_client.tutorial import EVENTS, PlatformClient, WebRtcClient

EXAMPLE = Path(__file__).parents[2] / "docs" / "tutorial" / "mute_and_unmute.py"


@pytest.fixture
async def server(serve: Any) -> AsyncIterator[MockServer]:
    async with serve(allow_password_grant=True) as made:
        yield made


async def test_its_configuration_is_what_lets_the_example_log_in() -> None:
    (org,) = load_config(EXAMPLE.with_name("offhook.toml")).orgs
    assert org.policies.allow_password_grant
    async with MockServer(org, seed=1) as server:
        await runpy.run_path(str(EXAMPLE))["main"](server.url, pause_s=0.0)


@pytest.fixture
async def platform(server: MockServer) -> AsyncIterator[PlatformClient]:
    async with PlatformClient(server.url) as made:
        made.auth_client.set_client_secret("offhook-secret")
        await made.auth_client.login(
            grant_type="password", username="agent", password="agent-password"
        )
        yield made


async def test_the_complete_example_runs(
    server: MockServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await runpy.run_path(str(EXAMPLE))["main"](server.url, pause_s=0.0)
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("mute")] == [
        "mute is now True",
        "mute is now False",
    ]
    (device,) = server.org.devices()
    assert device.status.value in {"terminating", "terminated"}


def test_the_complete_example_is_about_as_long_as_the_tutorials_main() -> None:
    lines = EXAMPLE.read_text().split("async def main")[1].splitlines()
    assert len([line for line in lines if line.strip()]) <= 25


async def test_a_client_has_the_tutorials_properties(platform: PlatformClient) -> None:
    client = await platform.web_rtc_api.get_web_rtc_client()
    assert client.id is not None
    assert client.connection_status in {"initializing", "connected"}
    assert client.muted is False
    assert client.audio_level == 0.0


async def test_asking_twice_gives_the_same_client(platform: PlatformClient) -> None:
    api = platform.web_rtc_api
    assert await api.get_web_rtc_client() is await api.get_web_rtc_client()
    assert await api.get_web_rtc_client(device_id="left") is not await api.get_web_rtc_client()


async def test_listeners_hear_what_others_do(platform: PlatformClient, server: MockServer) -> None:
    client = await platform.web_rtc_api.get_web_rtc_client()
    heard: list[Frame] = []
    await client.desk.settled(deadline_s=20.0)
    take_off = client.on("muteChanged", heard.append)
    server.receive(ForceMute(device_id=client.id or "", muted=True))
    async for belief in client.desk.beliefs():
        if belief.cause == "admin":
            break
    take_off()
    server.receive(ForceMute(device_id=client.id or "", muted=False))
    await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": True})
    assert [(frame.muted, frame.cause) for frame in heard] == [(True, "admin")]


async def test_the_audio_level_follows_the_samples(
    platform: PlatformClient, server: MockServer
) -> None:
    client = await platform.web_rtc_api.get_web_rtc_client()
    await client.desk.settled(deadline_s=20.0)
    await client.desk.report({"type": "audioLevel", "level": 0.5})
    await client.desk.report({"type": "ping"})
    await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": True})
    assert client.audio_level in {0.0, 0.5}


async def test_an_event_that_does_not_exist_is_named(platform: PlatformClient) -> None:
    client: WebRtcClient = await platform.web_rtc_api.get_web_rtc_client()
    with pytest.raises(ValueError, match="muteChanged"):
        client.on("mutechanged", print)
    assert len(EVENTS) == 3


@pytest.mark.parametrize("request_body", [{}, {"muted": "yes"}, {"muted": True, "x": False}])
async def test_a_mute_request_is_one_boolean(
    platform: PlatformClient, request_body: dict[str, Any]
) -> None:
    client = await platform.web_rtc_api.get_web_rtc_client()
    with pytest.raises(ValueError, match="mute request"):
        await platform.web_rtc_api.post_web_rtc_client_mute(client.id, request_body)


async def test_an_unknown_id_is_told_before_anything_is_sent(platform: PlatformClient) -> None:
    with pytest.raises(ValueError, match="get_web_rtc_client"):
        await platform.web_rtc_api.post_web_rtc_client_mute("nobody", {"muted": True})


async def test_a_deleted_client_can_be_had_again(platform: PlatformClient) -> None:
    api = platform.web_rtc_api
    client = await api.get_web_rtc_client()
    await api.delete_web_rtc_client(client.id)
    assert await api.get_web_rtc_client() is not client


async def test_asking_twice_at_once_gives_the_same_client(platform: PlatformClient) -> None:
    api = platform.web_rtc_api
    one, other = await asyncio.gather(api.get_web_rtc_client(), api.get_web_rtc_client())
    assert one is other


async def test_a_client_of_a_login_that_is_over_is_given_to_nobody(
    platform: PlatformClient,
) -> None:
    client = await platform.web_rtc_api.get_web_rtc_client()
    await platform.auth_client.login(
        grant_type="password", username="agent", password="agent-password"
    )
    another = await platform.web_rtc_api.get_web_rtc_client()
    assert another is not client
    await platform.web_rtc_api.post_web_rtc_client_mute(another.id, {"muted": True})


async def test_a_client_that_could_not_be_had_is_nobodys_device(
    platform: PlatformClient, server: MockServer
) -> None:
    user = server.org.find_user("agent")
    assert user is not None
    server.receive(SetUserState(user_id=user.id, conflict=True))
    with pytest.raises(RefusedError):
        await platform.web_rtc_api.get_web_rtc_client(device_id="left")
    server.receive(SetUserState(user_id=user.id, conflict=False))
    await platform.web_rtc_api.get_web_rtc_client(device_id="right")
    await platform.auth_client.account.set_mute(muted=True)


async def test_a_login_that_is_given_up_leaves_no_session(server: MockServer) -> None:
    platform = PlatformClient(server.url)
    platform.auth_client.set_client_secret("offhook-secret")
    login = asyncio.ensure_future(
        platform.auth_client.login(
            grant_type="password", username="agent", password="agent-password"
        )
    )
    await asyncio.sleep(0)
    login.cancel()
    with pytest.raises(asyncio.CancelledError):
        await login
    # A session that is collected unclosed would be a warning, and warnings are errors here.
    gc.collect()
    with pytest.raises(RuntimeError, match="Not logged in"):
        _ = platform.auth_client.account


@pytest.mark.parametrize(
    ("grant_type", "parameters", "complaint"),
    [
        ("magic", {}, "client_credentials exist"),
        ("password", {"username": "agent"}, "needs 'password'"),
        ("password", {"username": "a", "password": "b", "pin": "c"}, "takes no 'pin'"),
        ("client_credentials", {"username": "a"}, "takes no 'username'"),
    ],
)
async def test_what_login_cannot_do_is_told(
    server: MockServer, grant_type: str, parameters: dict[str, str], complaint: str
) -> None:
    async with PlatformClient(server.url) as platform:
        with pytest.raises(ValueError, match=complaint):
            await platform.auth_client.login(grant_type=grant_type, **parameters)


async def test_login_needs_a_place_and_calls_need_a_login(server: MockServer) -> None:
    async with PlatformClient() as platform:
        with pytest.raises(ValueError, match="set_environment"):
            await platform.auth_client.login(grant_type="authorization_code")
        with pytest.raises(RuntimeError, match="Not logged in"):
            await platform.web_rtc_api.get_web_rtc_client()


async def test_a_wrong_password_is_told(server: MockServer) -> None:
    async with PlatformClient(server.url) as platform:
        platform.auth_client.set_client_secret("offhook-secret")
        with pytest.raises(LoginRefusedError):
            await platform.auth_client.login(
                grant_type="password", username="agent", password="wrong"
            )


async def test_a_code_login_fetches_its_code_by_itself(server: MockServer) -> None:
    async with PlatformClient(server.url) as platform:
        platform.auth_client.set_client_id("offhook-desktop")
        await platform.auth_client.login(grant_type="authorization_code", login_hint="agent")
        client = await platform.web_rtc_api.get_web_rtc_client()
        await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": True})
        assert client.muted is True


async def test_a_service_login_has_no_client(server: MockServer) -> None:
    async with PlatformClient(server.url) as platform:
        platform.auth_client.set_client_secret("offhook-secret")
        await platform.auth_client.login(grant_type="client_credentials")
        with pytest.raises(RefusedError):
            await platform.web_rtc_api.get_web_rtc_client()
