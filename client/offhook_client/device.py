"""The device as the API shows it: read, wait for, delete."""

import asyncio
from urllib.parse import quote

import msgspec

from offhook_client.calls import Caller
from offhook_client.errors import TooLateError, UnreachableError
from offhook_client.models import ClientView
from offhook_client.retry import Kind, Trouble, backoff

READ = "getWebrtcClientsMe"
DELETE = "deleteWebrtcClient"


class Device:
    """One device of the token's user, by its `deviceId`."""

    def __init__(self, caller: Caller, device_id: str) -> None:
        self._caller = caller
        self._http = caller.http
        self._path = f"/api/v2/webrtc/clients/me?deviceId={quote(device_id, safe='')}"

    async def read(self, *, deadline: float) -> ClientView | None:
        """`GET …/clients/me`, which also creates or wakes it; None for 404.

        Raises `RefusedError`, `LoginRefusedError`, `UnreachableError`.
        """
        reply = await self._caller.call(Kind.READ, READ, "GET", self._path, deadline=deadline)
        if reply.trouble is Trouble.NOT_FOUND:
            return None
        try:
            return msgspec.json.decode(reply.body, type=ClientView)
        except msgspec.MsgspecError as error:
            raise UnreachableError(f"{READ}: {reply.reason}, and no client: {error}.") from None

    async def read_patiently(self) -> ClientView | None:
        """As `read`, again and again until there is an answer."""
        attempt = 0
        while True:
            attempt += 1
            try:
                deadline = self._http.now() + self._http.options.background_deadline_s
                return await self.read(deadline=deadline)
            except TooLateError as error:
                await asyncio.sleep(error.retry_in_s)
            except UnreachableError as error:
                await self._back_off(attempt, str(error))

    async def read_until_there(self) -> ClientView:
        """As `read_patiently`, until there is a device: a conflicting state may end."""
        attempt = 0
        while (view := await self.read_patiently()) is None:
            attempt += 1
            await self._back_off(attempt, "404")
        return view

    async def delete(self, client_id: str, *, deadline: float) -> None:
        """End it. That it is gone, or going, is success too. Raises as `read` does."""
        path = f"/api/v2/webrtc/clients/{client_id}"
        await self._caller.call(Kind.DELETE, DELETE, "DELETE", path, deadline=deadline)

    async def _back_off(self, attempt: int, reason: str) -> None:
        options = self._http.options
        wait_s = backoff(
            attempt, self._http.rng, base_s=options.reconnect_first_s, cap_s=options.backoff_cap_s
        )
        self._http.note(READ, "retry", reason, wait_s=wait_s, attempt=attempt)
        await asyncio.sleep(wait_s)
