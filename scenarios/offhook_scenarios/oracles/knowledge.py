"""What a desk can have known: every value and version that was completely delivered to it."""

from collections.abc import Iterator

import msgspec

from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import Answer, Heard, History


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """From `at` on the desk could know that the server stood at `version`, and held `muted`."""

    at: float
    version: Version | None
    muted: bool | None
    """None: only the version was told, as by a heartbeat."""
    source: str
    """In words: an event, an answer."""
    sure: bool = True
    """False: the desk was leaving, and need not have read it."""


def known(history: History) -> list[Known]:
    """All of it, in the order in which it came. Frames about other devices tell nothing."""
    values = {write.version: write.muted for write in history.writes}
    mine = {write.device_id for write in history.writes} | {
        truth.device_id for truth in history.truths
    }
    everything: list[Heard | Answer] = [*history.heard, *history.answers]
    told = sorted(everything, key=lambda entry: entry.at)
    return [piece for entry in told if (piece := _read(entry, values, mine)) is not None]


def _read(entry: Heard | Answer, values: dict[Version, bool], mine: set[str]) -> Known | None:
    if entry.device_id is not None and entry.device_id not in mine:
        return None
    muted, source = entry.muted, "an answer"
    if isinstance(entry, Heard):
        source = f"the frame {entry.type}"
    elif entry.version is not None and muted is None:
        # An answer to a set has an ETag and no body: what it set is what was asked for.
        muted = values.get(entry.version)
    if entry.version is None and muted is None:
        return None
    sure = not (isinstance(entry, Heard) and entry.leaving)
    return Known(at=entry.at, version=entry.version, muted=muted, source=source, sure=sure)


def foreign(history: History) -> Iterator[Heard]:
    """Frames about a device that is not the desk's."""
    mine = {truth.device_id for truth in history.truths}
    for frame in history.heard:
        if frame.device_id is not None and frame.device_id not in mine:
            yield frame
