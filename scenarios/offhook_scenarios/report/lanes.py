"""From a history to the lanes of its picture. Values only; seconds from the session's start."""

from collections.abc import Iterable, Sequence

import msgspec

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import Gate, Shown
from offhook_scenarios.history import History, Truth, states
from offhook_scenarios.verdict import hears


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a lane had one value. `kind` chooses its colour."""

    start: float
    end: float
    kind: str
    label: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at one moment."""

    at: float
    kind: str
    label: str
    written: bool = False
    """Whether the label is drawn beside the mark, and not only told on pointing at it."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the picture."""

    name: str
    segments: tuple[Segment, ...] = ()
    marks: tuple[Mark, ...] = ()


def lanes(history: History) -> tuple[Lane, ...]:
    """All lanes of one history, from the person at the top to the network at the bottom."""
    devices = sorted(
        {truth.device_id for truth in history.truths},
        key=lambda device_id: next(t.at for t in history.truths if t.device_id == device_id),
    )
    many = len(devices) > 1
    return (
        *_acts(history),
        _screen(history),
        *_gate(history),
        _caller(history),
        *(
            _device(history, device_id, f"server, device {number}" if many else "server")
            for number, device_id in enumerate(devices, 1)
        ),
        *_socket(history),
        _requests(history),
        *_faults(history),
    )


def _acts(history: History) -> Iterable[Lane]:
    """What the agent does at the desk, and what everybody else does; no lane for nothing."""
    agent: list[Mark] = []
    others: list[Mark] = []
    for act in history.acts:
        at_desk = act.wish is not None
        mark = Mark(
            at=act.at - history.began,
            kind="press" if at_desk else "hand",
            label=act.what if at_desk else f"{act.who} {act.what}",
            written=True,
        )
        (agent if at_desk else others).append(mark)
    if agent:
        yield Lane(name="agent at the desk", marks=tuple(agent))
    if others:
        yield Lane(name="other hands", marks=tuple(others))


def _screen(history: History) -> Lane:
    changes = [(sighting.at, sighting.belief.shown.value) for sighting in history.sightings]
    return Lane(
        name="screen says",
        segments=_segments(history, [(0.0, Shown.UNKNOWN.value), *changes], _SCREEN),
    )


_SCREEN = {
    Shown.MUTED.value: "muted",
    Shown.LIVE.value: "live",
    Shown.MUTING.value: "muting…",
    Shown.UNMUTING.value: "unmuting…",
    Shown.UNKNOWN.value: "unknown",
}


def _gate(history: History) -> Iterable[Lane]:
    """The client's own switch; no lane for a client that never had one."""
    changes = [(sighting.at, sighting.belief.gate) for sighting in history.sightings]
    if all(gate is Gate.UNKNOWN for _, gate in changes):
        return
    named = [(at, f"gate-{gate.value}") for at, gate in changes]
    words = {f"gate-{gate.value}": gate.value for gate in Gate}
    yield Lane(
        name="microphone gate",
        segments=_segments(history, [(0.0, "gate-unknown"), *named], words),
    )


def _caller(history: History) -> Lane:
    """What the caller could hear: the server's word and the gate's together."""
    changes = [(0.0, "silent")]
    for at, belief, devices in states(history):
        changes.append((at, "heard" if hears(belief, devices.values()) else "silent"))
    words = {"heard": "hears the agent", "silent": "hears nothing"}
    return Lane(name="caller", segments=_segments(history, changes, words))


def _device(history: History, device_id: str, name: str) -> Lane:
    changes = [
        (truth.at, _state(truth)) for truth in history.truths if truth.device_id == device_id
    ]
    words = {kind: kind.removeprefix("server-") for _, kind in changes}
    return Lane(name=name, segments=_segments(history, changes, words))


def _state(truth: Truth) -> str:
    """A device's value while it carries media, else its status."""
    if truth.status is Status.CONNECTED:
        return "server-muted" if truth.muted else "server-unmuted"
    return f"server-{truth.status.value}"


def _socket(history: History) -> Iterable[Lane]:
    """No lane for a client that never opened one."""
    if not history.links:
        return
    began = history.began
    segments = []
    for link in history.links:
        segments.append(
            Segment(start=link.at - began, end=link.until - began, kind="up", label="open")
        )
        segments += [
            Segment(start=start - began, end=end - began, kind="stalled", label="open, but dead")
            for start, end in link.stalled
        ]
    yield Lane(name="event socket", segments=tuple(segments))


def _requests(history: History) -> Lane:
    marks = tuple(
        Mark(
            at=call.at - history.began,
            kind=_answer_kind(call.status),
            label=f"{call.operation}: {call.status or 'no answer'}",
        )
        for call in history.calls
    )
    return Lane(name="requests", marks=marks)


_FIRST_REFUSAL = 400


def _answer_kind(status: int | None) -> str:
    if status is None:
        return "unanswered"
    return "refused" if status >= _FIRST_REFUSAL else "answered"


def _faults(history: History) -> Iterable[Lane]:
    """One lane for each planned fault: while it lay in wait, and when it bit."""
    began = history.began
    for trouble in history.troubles:
        waited_until = trouble.bites[-1] if trouble.bites else trouble.until
        yield Lane(
            name="fault",
            segments=(
                Segment(
                    start=trouble.at - began,
                    end=waited_until - began,
                    kind="armed",
                    label=f"{trouble.name}, laid out",
                ),
            ),
            marks=tuple(
                Mark(at=bite - began, kind="bite", label=trouble.name, written=number == 0)
                for number, bite in enumerate(trouble.bites)
            ),
        )


def _segments(
    history: History, changes: Sequence[tuple[float, str]], words: dict[str, str]
) -> tuple[Segment, ...]:
    """Neighbours of one kind joined. Times are absolute; 0.0 stands for the beginning."""
    found: list[Segment] = []
    length_s = history.ended - history.began
    for index, (at, kind) in enumerate(changes):
        after = changes[index + 1][0] - history.began if index + 1 < len(changes) else length_s
        start, end = max(0.0, at - history.began), min(max(0.0, after), length_s)
        if end <= start:
            continue
        if found and found[-1].kind == kind and found[-1].end == start:
            start = found.pop().start
        found.append(Segment(start=start, end=end, kind=kind, label=words[kind]))
    return tuple(found)
