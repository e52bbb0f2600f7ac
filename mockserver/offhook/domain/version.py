"""Versions of a device's mute state, `epoch.rev`, and what clients say about their intents."""

from __future__ import annotations

import re
from typing import Self

import msgspec

from offhook.domain.errors import DomainError

_VERSION = re.compile(r"([1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})\Z")
_INTENT = re.compile(r"([A-Za-z0-9._-]{1,64}):([1-9][0-9]{0,17})\Z")


class Version(msgspec.Struct, frozen=True, order=True):
    """Where a device's register stands. `epoch` from 1, `rev` from 0; greater is newer."""

    epoch: int
    rev: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.rev}"

    @property
    def etag(self) -> str:
        """The entity tag of this version (RFC 9110 §8.8.3), quotes included."""
        return f'"{self.epoch}.{self.rev}"'

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """Read `epoch.rev`, with or without an entity tag's quotes; `where` names the input."""
        bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
        match = _VERSION.match(bare)
        if match is None:
            raise DomainError(
                "invalid.value", f'{where} is {text!r}; a version looks like "1.3": epoch.rev.'
            )
        return cls(int(match[1]), int(match[2]))


class Intent(msgspec.Struct, frozen=True):
    """Which wish of which client instance a mute carries. `seq` from 1, rising."""

    instance: str
    seq: int

    def __str__(self) -> str:
        return f"{self.instance}:{self.seq}"

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """Read `instance:seq`; `where` names the input."""
        match = _INTENT.match(text)
        if match is None:
            raise DomainError(
                "invalid.value",
                f"{where} is {text!r}; an intent looks like desk-1:7: instance:seq.",
            )
        return cls(match[1], int(match[2]))
