"""The device as the API shows it: read, wait for, delete."""

from urllib.parse import quote

import msgspec

from offhook_client.calls import Caller
from offhook_client.errors import UnreachableError
from offhook_client.models import UNREADABLE, ClientView
from offhook_client.retry import Kind, Trouble

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
        except UNREADABLE as error:
            raise UnreachableError(f"{READ}: {reply.reason}, and no client: {error}.") from None

    async def read_patiently(self) -> ClientView | None:
        """As `read`, again and again until there is an answer."""
        return await self._caller.patiently(READ, lambda deadline: self.read(deadline=deadline))

    async def read_until_there(self) -> ClientView:
        """As `read_patiently`, until there is a device: a conflicting state may end."""
        attempt = 0
        while (view := await self.read_patiently()) is None:
            attempt += 1
            await self._http.back_off(READ, attempt, "404")
        return view

    async def delete(self, client_id: str, *, deadline: float) -> None:
        """End it. That it is gone, or going, is success too. Raises as `read` does."""
        path = f"/api/v2/webrtc/clients/{client_id}"
        await self._caller.call(Kind.DELETE, DELETE, "DELETE", path, deadline=deadline)
