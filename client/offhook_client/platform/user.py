"""The user and the user's calls, as the platform shows them."""

from typing import TypeVar

import msgspec

from offhook_client.calls import Caller
from offhook_client.errors import UnreachableError
from offhook_client.models import UNREADABLE
from offhook_client.platform.models import Leg, Listing, Named, own_leg
from offhook_client.retry import Kind, Trouble

ME = "getUsersMe"
CALLS = "getConversationsCalls"

T = TypeVar("T")


class User:
    """The token's user."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.http = caller.http
        self.id = ""
        """Known after `find`."""

    async def find(self, *, deadline: float) -> None:
        """`GET /api/v2/users/me`. Raises `RefusedError`, `LoginRefusedError`, `UnreachableError`.

        The token of client credentials is nobody's: it is refused here.
        """
        self.id = (await self._get(ME, "/api/v2/users/me", Named, deadline=deadline)).id

    async def legs(self) -> dict[str, Leg]:
        """The user's part in each call that has not ended, by call.

        Asked for again and again until there is an answer. Raises `RefusedError` and
        `LoginRefusedError`.
        """
        path = "/api/v2/conversations/calls"
        listing = await self._caller.patiently(
            CALLS, lambda deadline: self._get(CALLS, path, Listing, deadline=deadline)
        )
        legs = (own_leg(call, self.id) for call in listing.entities)
        return {leg.call_id: leg for leg in legs if leg is not None}

    async def _get(self, operation: str, path: str, shape: type[T], *, deadline: float) -> T:
        reply = await self._caller.call(Kind.READ, operation, "GET", path, deadline=deadline)
        if reply.trouble in {Trouble.NOT_FOUND, Trouble.CONFLICT}:
            raise reply.error()
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except UNREADABLE as error:
            raise UnreachableError(
                f"{operation}: {reply.reason}, and not what was asked for: {error}."
            ) from None
