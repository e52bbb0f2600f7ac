"""The user and the user's calls, as the platform shows them."""

import asyncio
from typing import TypeVar

import msgspec

from offhook_client.calls import Caller
from offhook_client.errors import TooLateError, UnreachableError
from offhook_client.platform.models import Leg, Listing, Named, own_leg
from offhook_client.retry import Kind, Trouble, backoff

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
        attempt = 0
        while True:
            attempt += 1
            deadline = self.http.now() + self.http.options.background_deadline_s
            try:
                listing = await self._get(
                    CALLS, "/api/v2/conversations/calls", Listing, deadline=deadline
                )
            except TooLateError as error:
                await asyncio.sleep(error.retry_in_s)
            except UnreachableError as error:
                await self._back_off(attempt, str(error))
            else:
                legs = (own_leg(call, self.id) for call in listing.entities)
                return {leg.call_id: leg for leg in legs if leg is not None}

    async def _get(self, operation: str, path: str, shape: type[T], *, deadline: float) -> T:
        reply = await self._caller.call(Kind.READ, operation, "GET", path, deadline=deadline)
        if reply.trouble in {Trouble.NOT_FOUND, Trouble.CONFLICT}:
            raise reply.error()
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except msgspec.MsgspecError as error:
            raise UnreachableError(
                f"{operation}: {reply.reason}, and not what was asked for: {error}."
            ) from None

    async def _back_off(self, attempt: int, reason: str) -> None:
        options = self.http.options
        wait_s = backoff(
            attempt, self.http.rng, base_s=options.reconnect_first_s, cap_s=options.backoff_cap_s
        )
        self.http.note(CALLS, "retry", reason, wait_s=wait_s, attempt=attempt)
        await asyncio.sleep(wait_s)
