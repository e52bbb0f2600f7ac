"""What a session means in the dialect of a desk: what is there before it comes, and the names.

The sessions are written in the words of the tutorial. A desk of the platform has no device of
its own to open: it finds a call on its user's softphone, and hears of it on a channel.
"""

from typing import Protocol

import msgspec

from offhook.domain.inputs import DropSockets, Input, StartCall
from offhook.faults.rule import RuleSpec
from offhook.server import MockServer
from offhook_scenarios.sessions.session import Session

PLATFORM_NAMES = {
    "postWebrtcClientMute": "patchConversationsCallParticipant",
    "getWebrtcClientEvents": "getChannelSocket",
    "muteChanged": "conversations.calls",
}
"""Operations and event types of the tutorial, and what does their work on the platform."""

NOT_ON_THE_PLATFORM = {
    "conflict-while-initializing": "no state of a call answers a mute with 409",
    "reconnect-resets-to-unmuted": "mute belongs to the call, which outlives a socket",
}
"""Sessions, by id, whose trouble the platform dialect does not have, and why."""


class Stage(Protocol):
    """One dialect's reading of a session."""

    def why_not(self, session: Session) -> str | None:
        """Why the session cannot be played in this dialect; None when it can."""

    def furnish(self, server: MockServer, username: str) -> None:
        """Put there what a desk of this dialect expects to find."""

    def rule(self, rule: RuleSpec) -> RuleSpec:
        """The same fault, by the names of this dialect."""

    def act(self, item: Input[object]) -> Input[object]:
        """The same act, on what the desk of this dialect really uses."""


class TutorialStage:
    """As the sessions are written; the desk opens its device itself."""

    def why_not(self, session: Session) -> str | None:
        """Every session was written for it."""

    def furnish(self, server: MockServer, username: str) -> None:
        """Nothing."""

    def rule(self, rule: RuleSpec) -> RuleSpec:
        """As it is."""
        return rule

    def act(self, item: Input[object]) -> Input[object]:
        """As it is."""
        return item


class PlatformStage:
    """The user's softphone is in a call; mute is the participant's, events come on a channel."""

    def why_not(self, session: Session) -> str | None:
        """By the table."""
        return NOT_ON_THE_PLATFORM.get(session.id)

    def furnish(self, server: MockServer, username: str) -> None:
        """A connected call."""
        user = server.org.find_user(username)
        assert user is not None, f"the org has no user {username}"
        server.receive(StartCall(user_id=user.id))

    def rule(self, rule: RuleSpec) -> RuleSpec:
        """The rule on the platform's operation or topic. One without a name stays as it is."""
        named = rule.match.operation
        if named is None:
            return rule
        match = msgspec.structs.replace(rule.match, operation=PLATFORM_NAMES[named])
        return msgspec.structs.replace(rule, match=match)

    def act(self, item: Input[object]) -> Input[object]:
        """Where the network cuts a device's sockets it cuts all, as a channel's is no device's."""
        if isinstance(item, DropSockets):
            return msgspec.structs.replace(item, device_id=None)
        return item


TUTORIAL = TutorialStage()
PLATFORM = PlatformStage()
