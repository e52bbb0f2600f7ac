"""I13: who knows that news is missing claims nothing."""

from collections.abc import Iterator

import msgspec

from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import Heard, History, Sighting, Stream
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.knowledge import Known, known
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.screen import claim, word

SOCKET_DOWN = "the event socket is known to be down"


class _Doubt(msgspec.Struct):
    """What the desk knows that it does not know."""

    streams: int = 0
    """How many event sockets are open."""
    began: bool = False
    """Whether there was one: who never had one polls, and misses nothing by that."""
    unheard: bool = False
    """Whether the socket was down, and nothing has been told since it is up again."""
    garbled: bool = False
    newest: Version | None = None
    """The newest version that was told."""
    valued: Version | None = None
    """The newest version whose value was told."""

    @property
    def why(self) -> tuple[str, bool] | None:
        """Why nothing can be claimed, and whether that rests on versions."""
        if self.began and not self.streams:
            return SOCKET_DOWN, False
        if self.unheard:
            return "nothing has been told since the event socket was down", False
        if self.garbled:
            return "a frame could not be read, and nothing has been told since", False
        if self.newest is not None and (self.valued is None or self.valued < self.newest):
            epoch, rev = self.newest
            return f"version {epoch}.{rev} is known to be there, and not what it says", True
        return None


_News = tuple[float, int, "Sighting | Stream | Known | Heard | bool"]


class HonestDoubt(Oracle):
    """Doubt begins with what was completely delivered, and ends with what was.

    It begins with the end of the socket, a frame that is no JSON, a version without its value; it
    ends with what tells the newest version's value. A socket that is open again tells nothing yet:
    what it missed is told by its first frame, by a version, or by what is read.
    """

    id = Invariant.I13
    term = "honest doubt (fail-closed display)"
    rule = "While the event socket is known to be down, or news is known to be missing: unknown."
    bound = f"{GRACE_S * 1000:g} ms; I + T + close for a closing handshake that goes dead"
    needs = "an event socket; `Belief.version`, for a claim of muted behind a cut gate"

    def judge(self, case: Case) -> list[Finding]:
        """Claims that stood while there was doubt."""
        return [
            each
            for history in case.histories
            if history.watched
            for each in self._claimed(case, history)
        ]

    def unjudged(self, case: Case) -> str | None:
        """Who opens no socket has nothing that could be down."""
        if any(history.streams for history in case.histories):
            return None
        return "doubt of a socket: this client opened none"

    def _claimed(self, case: Case, history: History) -> Iterator[Finding]:
        doubt, shown, since = _Doubt(), None, None
        reason: tuple[str, bool] | None = None
        for at, _, item in [*_news(case, history), (history.ended, 9, False)]:
            if since is not None and at - since > case.grace_s:
                assert reason is not None
                from_s = f"from {since - history.began:.3f} s on"
                words = f"{from_s} the screen says {word(bool(shown))}, though {reason[0]}"
                sure_at, by_version = since + case.grace_s, reason[1]
                yield case.found(self.id, history, sure_at, words, by_version=by_version)
                since = float("inf")
            if isinstance(item, Sighting):
                shown = claim(item.belief)
            else:
                _learn(doubt, item)
            before, reason = reason, doubt.why if shown is not None else None
            if reason is None:
                since = None
            elif before is None:
                since = at


def _news(case: Case, history: History) -> list[_News]:
    """Everything that makes, ends or betrays doubt, in order; what is learnt comes first."""
    news: list[_News] = [(piece.at, 1, piece) for piece in known(history)]
    news += [(frame.at, 0, frame) for frame in history.surely_heard if not frame.type]
    for stream in history.streams:
        news.append((stream.at, 0, stream))
        if (down := _down_at(case, stream)) is not None:
            news.append((case.awake(history, down), 2, True))
    news += [(sighting.at, 3, sighting) for sighting in history.sightings]
    return sorted(news, key=lambda entry: entry[:2])


def _down_at(case: Case, stream: Stream) -> float | None:
    """When the desk knows: it has let go, or would have to.

    After the server's close frame a library waits for the end of the connection. Should that go
    dead meanwhile, it is let go of like any dead one.
    """
    ends = [] if stream.ended_at is None else [stream.ended_at]
    if stream.closed_at is not None:
        ends.append(stream.closed_at + case.limits.dead_link_s)
    return min(ends, default=None)


def _learn(doubt: _Doubt, item: "Stream | Known | Heard | bool") -> None:
    if isinstance(item, Stream):
        doubt.streams += 1
        doubt.began = True
    elif isinstance(item, Heard):
        doubt.garbled = True
    elif isinstance(item, Known):
        doubt.garbled = False
        doubt.unheard = doubt.unheard and not doubt.streams
        if item.version is not None:
            if item.sure:
                doubt.newest = max(doubt.newest or item.version, item.version)
            if item.muted is not None:
                doubt.valued = max(doubt.valued or item.version, item.version)
    elif item:
        doubt.streams -= 1
        doubt.unheard = doubt.unheard or not doubt.streams
