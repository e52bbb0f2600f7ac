"""Notification topics: their grammar, which there are, and who may subscribe to them.

A topic id is `v2.users.{userId}.conversations.calls`, or several at once:
`v2.users.{userId}?conversations&station` means `v2.users.{userId}.conversations` and
`v2.users.{userId}.station`, and events carry the single names (wire contract §7).
"""

import msgspec

from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence

MAX_ID = 200
"""Characters of a topic id; the longest that the official streaming client builds (§7)."""


class TopicKind(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the topics of a user."""

    meaning: str
    evidence: Evidence
    spoken: bool
    """The mock sends events on it; the others may be subscribed to and stay silent."""


def _row(meaning: str, evidence: Evidence, *, spoken: bool = True) -> TopicKind:
    return TopicKind(meaning=meaning, evidence=evidence, spoken=spoken)


_OBS, _DOC = Evidence.OBSERVED, Evidence.DOCUMENTED

OF_USER: dict[str, TopicKind] = {
    "conversations": _row("the user's conversations, legs nested in participants", _OBS),
    "conversations.calls": _row("the user's calls, participants flat", _OBS),
    "conversations.chats": _row("the user's chats", _DOC, spoken=False),
    "conversations.emails": _row("the user's emails", _DOC, spoken=False),
    "conversations.messages": _row("the user's messages", _DOC, spoken=False),
    "conversations.callbacks": _row("the user's callbacks", _DOC, spoken=False),
    "conversationsummary": _row("how many conversations of which kind", _DOC, spoken=False),
    "presence": _row("the user's presence", _DOC),
    "routingStatus": _row("the user's routing status", _DOC),
    "station": _row("the user's station", _OBS),
    "activity": _row("the user's activity", _DOC, spoken=False),
    "outofoffice": _row("the user's out of office", _DOC, spoken=False),
    "geolocation": _row("where the user is", _DOC, spoken=False),
    "tokens": _row("the user's tokens", _OBS, spoken=False),
    "persistentconnection": _row("the softphone's persistent connection", _OBS, spoken=False),
    "alertingleader": _row("which connection alerts", _OBS, spoken=False),
}
"""What follows `v2.users.{userId}.`, and how we know it."""

_USER = "v2.users."


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A single topic of a user."""

    user_id: str
    suffix: str

    @property
    def name(self) -> str:
        """The full name, as events carry it."""
        return f"{_USER}{self.user_id}.{self.suffix}"


def read_topics(topic_id: str) -> tuple[Topic, ...]:
    """The single topics that an id means. Raises `DomainError` (400) when it means none."""
    if len(topic_id) > MAX_ID:
        raise DomainError(
            "invalid.value",
            f"The topic id {topic_id[:40]!r}… has {len(topic_id)} characters, at most {MAX_ID}.",
        )
    prefix, question, rest = topic_id.partition("?")
    if question:
        user_id, suffixes = prefix.removeprefix(_USER), rest.split("&")
    else:
        user_id, _, suffix = prefix.removeprefix(_USER).partition(".")
        suffixes = [suffix]
    if not topic_id.startswith(_USER) or not user_id or "." in user_id:
        raise DomainError(
            "invalid.value",
            f"There is no topic {topic_id!r}; one looks like v2.users.{{userId}}.conversations.",
        )
    for suffix in suffixes:
        if suffix not in OF_USER:
            raise DomainError(
                "invalid.value",
                f"There is no topic {suffix!r} of a user; there are {', '.join(sorted(OF_USER))}.",
            )
    return tuple(Topic(user_id=user_id, suffix=suffix) for suffix in suffixes)
