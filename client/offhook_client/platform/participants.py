"""Sends the mute of one participant: `PATCH …/participants/{id}` with `muted`, and nothing else.

There is no version, no number and no key to send with it. It sets an absolute value, so a
repeat does what the first one did; but one that comes late cannot be told from a new one.
"""

import msgspec

from offhook_client.http import Reply
from offhook_client.sender import Sender
from offhook_client.signals import SendMute

OPERATION = "patchConversationsCallParticipant"


def place(call_id: str, participant_id: str) -> str:
    """Where a participant is, below `/api/v2/conversations/calls`."""
    return f"{call_id}/participants/{participant_id}"


class ParticipantSender(Sender):
    """The way of one participant's mutes. `send` is given the `place` as the client's id."""

    operation = OPERATION

    async def _attempt(self, order: SendMute, client_id: str) -> Reply:
        return await self._caller.attempt(
            self.operation,
            "PATCH",
            f"/api/v2/conversations/calls/{client_id}",
            headers={"Content-Type": "application/json"},
            body=msgspec.json.encode({"muted": order.muted}),
            wanted=lambda: self._is_wanted(order),
        )
