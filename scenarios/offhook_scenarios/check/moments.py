"""What happened in a session, moment by moment: who did what, what the screen said, who heard."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter

import msgspec

from offhook_scenarios.check.step_words import told
from offhook_scenarios.history import History, states
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.verdict import hears

EVERYBODY = ""
"""The desk of what happens to all of them."""


class Moment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something that happened, `at_s` seconds after the desks were up."""

    at_s: float
    desk: str
    """`desk 1`; empty: all of them."""
    who: str
    what: str

    @property
    def words(self) -> str:
        """In one line of a table."""
        return f"{self.at_s:8.2f} s  {self.who:<13}{self.what}"


def moments(plan: Plan, played: Played) -> tuple[Moment, ...]:
    """In the order of time; causes before what follows from them in the same instant."""
    began = min(history.began for history in played.histories)
    lived = [list(_screen(history)) for history in played.histories]
    found = [moments[0] for moments in lived]
    found += _steps(plan)
    found += [
        Moment(at_s=at - began, desk=EVERYBODY, who="all", what=what)
        for at, what in zip(played.checkpoints, _CALM, strict=False)
    ]
    healed = played.checkpoints[0] if played.checkpoints else float("inf")
    for history in played.histories:
        found += _bites(history)
        found += _refusals(history)
        found += [
            Moment(at_s=act.at - began, desk=history.desk, who=act.who, what=act.what)
            for act in history.acts
            if act.at > healed
        ]
        found += _sockets(history)
    found += [moment for moments in lived for moment in moments[1:]]
    many = plan.desks > 1
    return tuple(
        _rounded(moment, many=many) for moment in sorted(found, key=lambda each: each.at_s)
    )


_CALM = ("nothing is wrong any more", "the last test: everything is cut, everything is changed")
"""What begins at each checkpoint."""


def _rounded(moment: Moment, *, many: bool) -> Moment:
    """With its desk's number, where there are many."""
    who = moment.who
    if many and moment.desk != EVERYBODY:
        who = f"{who} {moment.desk.removeprefix('desk ')}"
    return msgspec.structs.replace(moment, at_s=round(moment.at_s, 3), who=who)


def _steps(plan: Plan) -> Iterator[Moment]:
    for step in plan.steps:
        who, what = told(step)
        desk = getattr(step, "desk", None)
        yield Moment(
            at_s=step.at_s, desk=EVERYBODY if desk is None else f"desk {desk}", who=who, what=what
        )


def _bites(history: History) -> Iterator[Moment]:
    """The first time that each fault bit: what it does, the plan has told."""
    for trouble in history.troubles:
        if trouble.bites:
            often = f", {len(trouble.bites)} times in all" if len(trouble.bites) > 1 else ""
            yield Moment(
                at_s=trouble.bites[0] - history.began,
                desk=history.desk,
                who="server",
                what=f"does it: {trouble.name}{often}",
            )


def _sockets(history: History) -> Iterator[Moment]:
    """When the client's event socket came and went, as the client saw it."""
    for stream in history.streams:
        code = "" if stream.code is None else f", closed with {stream.code}"
        ends = {stream.at: "opens an event socket"}
        if stream.ended_at is not None:
            ends[stream.ended_at] = f"has lost its event socket{code}"
        for at, what in ends.items():
            if history.began < at < history.ended:
                yield Moment(at_s=at - history.began, desk=history.desk, who="client", what=what)


def _refusals(history: History) -> Iterator[Moment]:
    """What the server would not do; of many alike in a row the first, and until when."""
    refused = (call for call in history.calls if call.at > history.began)
    for (operation, status), alike in groupby(refused, key=attrgetter("operation", "status")):
        calls = list(alike)
        if status is not None and status >= HTTPStatus.BAD_REQUEST:
            until_s = calls[-1].at - history.began
            often = f", {len(calls)} times until {until_s:.2f} s" if len(calls) > 1 else ""
            yield Moment(
                at_s=calls[0].at - history.began,
                desk=history.desk,
                who="server",
                what=f"answers {operation} with {status}{often}",
            )


def _screen(history: History) -> Iterator[Moment]:
    """What the screen says and what the caller hears, each time one of them changes."""
    became: dict[float, tuple[str, str]] = {}
    for at, belief, devices in states(history, before=history.ended):
        heard = "the agent" if hears(belief, devices.values()) else "nothing"
        became[max(0.0, at - history.began)] = (belief.shown.value, heard)
    first = next(iter(became), 0.0)
    shown, heard = became.pop(first, ("nothing", "nothing"))
    yield Moment(at_s=first, desk=history.desk, who="start", what=_both(shown, heard))
    for at_s, (now_shown, now_heard) in became.items():
        parts = []
        if now_shown != shown:
            parts.append(("screen", f"says {now_shown}"))
        if now_heard != heard:
            parts.append(("caller", f"hears {now_heard}"))
        shown, heard = now_shown, now_heard
        for who, what in parts:
            yield Moment(at_s=at_s, desk=history.desk, who=who, what=what)
    end_s = history.ended - history.began
    yield Moment(at_s=end_s, desk=history.desk, who="end", what=_both(shown, heard))


def _both(shown: str, heard: str) -> str:
    return f"the screen says {shown}, the caller hears {heard}"
