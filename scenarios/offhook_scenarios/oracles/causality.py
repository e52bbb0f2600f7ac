"""I7: what another hand has muted is not undone by an older wish."""

from collections.abc import Iterator

from offhook.domain.views import Cause
from offhook_scenarios.history import Answer, Heard, History, Write
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.effects import is_own
from offhook_scenarios.oracles.exchanges import sent_at
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle

_HANDS = {Cause.ADMIN: "an administrator's", Cause.HEADSET: "a headset's"}
"""Who mutes beside the desk's own button, as it is told."""


class Causality(Oracle):
    """An unmute that takes effect after another hand's mute needs a press after it.

    A person who mutes by the headset means it as much as an administrator does: a client that
    goes live again because live was pressed last lets the caller hear what was not to be heard.

    Where the news of the mute had been delivered before the unmute was asked for, nothing else is
    needed to know better. Where it had not, only `If-Match` could have kept the unmute from
    passing it, and versions are an assumption of ours: then the finding is advisory. News without
    a version counts where it can be of nothing older.

    Where the desk's own older mute had landed upon the other hand's, and only that was told of,
    nobody could know of another: who muted and unmuted in one breath may have both.
    """

    id = Invariant.I7
    term = "writes follow reads (session guarantee); causal order"
    rule = (
        "No unmute that was pressed before a mute by an administrator or by the headset takes "
        "effect after it."
    )

    def judge(self, case: Case) -> list[Finding]:
        """Unmutes that passed a mute."""
        return [each for history in case.histories for each in self._passed(case, history)]

    def _passed(self, case: Case, history: History) -> Iterator[Finding]:
        mutes: dict[tuple[str, int], Write] = {}
        covers: dict[tuple[str, int], Write] = {}
        for write in history.writes:
            key = write.device_id, write.version[0]
            if write.cause in _HANDS:
                covers.pop(key, None)
                if write.muted:
                    mutes[key] = write
                else:
                    mutes.pop(key, None)
            elif write.cause is Cause.DEFAULT_RESET and not write.muted:
                # Under its policy the server itself has undone the mute: there is none to pass.
                mutes.pop(key, None)
            elif is_own(write) and write.muted:
                covers.setdefault(key, write)
            elif is_own(write) and key in mutes:
                mute = mutes[key]
                if any(not p.muted and mute.at <= p.at <= write.at for p in history.presses):
                    continue
                if not _was_told(history, mute, write, until=covers.get(key)) and key in covers:
                    continue
                words = (
                    f"an unmute took effect {write.at - mute.at:.3f} s after {_HANDS[mute.cause]} "
                    "mute, and nobody had pressed unmute since"
                )
                untold = not _was_told(history, mute, write)
                yield case.found(
                    self.id, history, write.at, words, since=mute.at, by_version=untold
                )


def _was_told(history: History, mute: Write, unmute: Write, *, until: Write | None = None) -> bool:
    """Whether the news of the mute had been delivered when the unmute was sent.

    News of what came `until` then and later told of something else.
    """
    told: list[Heard | Answer] = [*history.surely_heard, *history.answers]
    by = sent_at(history, unmute)
    return _told_by_value(history, mute, by) or any(
        each.at <= by
        and each.version is not None
        and mute.version <= each.version
        and (until is None or each.version < until.version)
        for each in told
    )


def _told_by_value(history: History, mute: Write, by: float) -> bool:
    """Whether a frame without a version has told of it: the device's first mute, and its only one.

    A frame about one of two may be late, and about the other.
    """
    mutes = [w for w in history.writes if w.device_id == mute.device_id and w.muted and w.at <= by]
    return mutes == [mute] and any(
        frame.muted and frame.version is None and mute.at <= frame.at <= by
        for frame in history.surely_heard
        if frame.device_id in {None, mute.device_id}
    )
