"""The sets that the desk's own requests made, and which press each may have come from."""

from collections.abc import Iterator

import msgspec

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending
from offhook_scenarios.history import History, Press, Write
from offhook_scenarios.oracles.finality import is_final


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A set by a request of the desk."""

    write: Write
    press: Press | None
    """The earliest press that it can come from without an effect going before an older one's."""


def is_own(write: Write) -> bool:
    """Whether a request of the desk made it."""
    return write.cause is Cause.SELF and write.asked_at is not None


def own_writes(history: History) -> Iterator[Write]:
    """The sets that requests of the desk made, in order."""
    return (write for write in history.writes if is_own(write))


def others_between(history: History, at: float, before: float) -> list[Write]:
    """What anybody else has set from `at` on and before `before`."""
    return [write for write in history.writes if at <= write.at < before and not is_own(write)]


def given_up(history: History, write: Write) -> bool:
    """Whether the press that an own set came from had been refused for good, and called failed.

    An attempt of it that was lost on its way may still arrive. Who keeps to what was told undoes
    it: nobody who was told so expects to be live.
    """
    presses = [p for p in history.presses if p.at <= write.at and p.muted == write.muted]
    if not presses or presses[-1].ending is not Ending.FAILED:
        return False
    at, ended_at = presses[-1].at, presses[-1].ended_at
    if ended_at is None or ended_at > write.at:
        return False
    answers = (each for each in history.answers if at <= each.at <= write.at)
    return any(each.path.endswith("/mute") and is_final(each.status) for each in answers)


def effects(history: History) -> Iterator[Effect]:
    """Each own set with its press, in order: presses are used in the order they were made in.

    A press may have several effects, as a mute that is set again because it did not hold. One
    that comes when it had been given up makes no older press too old.
    """
    floor = 0
    for write in own_writes(history):
        found = next(
            (
                index
                for index in range(floor, len(history.presses))
                if history.presses[index].at <= write.at
                and history.presses[index].muted == write.muted
            ),
            None,
        )
        floor = floor if found is None or given_up(history, write) else found
        yield Effect(write=write, press=None if found is None else history.presses[found])
