"""The tutorial's complete example: log in, follow the client, mute, unmute, clean up.

offhook serve --config docs/tutorial/offhook.toml
python docs/tutorial/mute_and_unmute.py
"""

import asyncio
import sys

from offhook_client.tutorial import PlatformClient


async def main(base_url: str, *, pause_s: float = 2.0) -> None:
    async with PlatformClient(base_url) as platform:
        # The password grant is deprecated; docs/tutorial/offhook.toml allows it.
        platform.auth_client.set_client_secret("offhook-secret")
        await platform.auth_client.login(
            grant_type="password", username="agent@example.com", password="agent-password"
        )
        client = await platform.web_rtc_api.get_web_rtc_client()
        client.on("muteChanged", lambda event: print("mute is now", event.muted))
        client.on("connectionStatusChanged", lambda event: print("the client is", event.status))
        try:
            await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": True})
            await asyncio.sleep(pause_s)
            await platform.web_rtc_api.post_web_rtc_client_mute(client.id, {"muted": False})
        finally:
            await platform.web_rtc_api.delete_web_rtc_client(client.id)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if sys.argv[1:] else "http://127.0.0.1:8089"))
