"""Hand-written histories: a story is told in a few calls, in seconds from 0."""

from collections.abc import Iterable
from copy import copy
from typing import Any, Self

import msgspec

from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import Belief, Ending, Gate, Shown, Version
from offhook_scenarios.history import (
    Act,
    Answer,
    Ask,
    Heard,
    History,
    Press,
    Probe,
    Sighting,
    Stream,
    Trouble,
    Truth,
    Write,
)
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.plan.plan import Plan, Weather

STILL = Plan(weather=Weather(latency_s=0, jitter_s=0))
"""No trouble and no weather: exposure_s is 9.5."""
MINE, THEIRS = "d1", "d2"


class Story:
    """Of one desk whose device is `d1`, from 0 to 100 s, its bytes read."""

    def __init__(self, *, desk: str = "desk 1", watched: bool = True) -> None:
        self._history = History(session="story", desk=desk, began=0.0, ended=100.0, watched=watched)

    def _with(self, **entries: Any) -> Self:
        added = {name: (*getattr(self._history, name), entry) for name, entry in entries.items()}
        return self._changed(**added)

    def _changed(self, **fields: Any) -> Self:
        """Another story: what was told so far stays as it is."""
        made = copy(self)
        made._history = msgspec.structs.replace(self._history, **fields)
        return made

    def shows(
        self,
        at: float,
        shown: Shown,
        *,
        version: Version | None = None,
        gate: Gate = Gate.UNKNOWN,
        switch: Gate = Gate.UNKNOWN,
    ) -> Self:
        """The screen says this from then on."""
        belief = Belief(shown=shown, gate=gate, device_id=MINE, version=version, switch=switch)
        return self._with(sightings=Sighting(at=at, belief=belief))

    def held(
        self,
        at: float,
        *,
        muted: bool,
        device: str = MINE,
        status: Status = Status.CONNECTED,
    ) -> Self:
        """The server holds this from then on."""
        truth = Truth(at=at, device_id=device, status=status, muted=muted, cause=None)
        return self._with(truths=truth)

    def writes(
        self,
        at: float,
        rev: int,
        *,
        muted: bool,
        cause: Cause = Cause.SELF,
        intent: str | None = None,
        asked_at: float | None = None,
        epoch: int = 1,
        device: str = MINE,
    ) -> Self:
        """The server accepts a set; one of cause `self` is by the desk's request."""
        flipped = not self._history.writes or self._history.writes[-1].muted != muted
        asked = at if asked_at is None and cause is Cause.SELF else asked_at
        write = Write(
            at=at,
            device_id=device,
            version=(epoch, rev),
            muted=muted,
            flipped=flipped,
            cause=cause,
            intent=intent,
            asked_at=asked,
        )
        return self.held(at, muted=muted, device=device)._with(writes=write)

    def presses(
        self,
        at: float,
        *,
        muted: bool,
        ended_at: float | None = None,
        ending: Ending | None = None,
    ) -> Self:
        """The agent presses."""
        return self._with(presses=Press(at=at, muted=muted, ended_at=ended_at, ending=ending))

    def hears(
        self,
        at: float,
        rev: int | None,
        *,
        muted: bool | None = None,
        kind: str = "muteChanged",
        device: str = MINE,
        epoch: int = 1,
        leaving: bool = False,
    ) -> Self:
        """A frame is delivered."""
        version = None if rev is None else (epoch, rev)
        return self._with(
            heard=Heard(
                at=at,
                connection=2,
                type=kind,
                device_id=device,
                version=version,
                muted=muted,
                leaving=leaving,
            )
        )

    def asks(
        self,
        at: float,
        *,
        whose: str = "credentials 1",
        path: str = "/me",
        muted: bool | None = None,
        dialled_at: float | None = None,
    ) -> Self:
        """A request is written; the first of its connection tells when that was dialled."""
        return self._with(
            asks=Ask(
                at=at,
                connection=1,
                method="GET",
                path=path,
                whose=whose,
                muted=muted,
                dialled_at=dialled_at,
            )
        )

    def answered(
        self,
        at: float,
        status: int = 200,
        *,
        rev: int | None = None,
        muted: bool | None = None,
        retry_after_s: float | None = None,
        whose: str = "credentials 1",
        path: str = "/me",
    ) -> Self:
        """An answer is delivered."""
        return self._with(
            answers=Answer(
                at=at,
                connection=1,
                status=status,
                whose=whose,
                path=path,
                version=None if rev is None else (1, rev),
                muted=muted,
                retry_after_s=retry_after_s,
            )
        )

    def streams(
        self,
        at: float,
        ended_at: float | None = None,
        *,
        closed_at: float | None = None,
        code: int | None = None,
    ) -> Self:
        """An event socket is open for so long."""
        return self._with(
            streams=Stream(at=at, connection=2, ended_at=ended_at, closed_at=closed_at, code=code)
        )

    def dials(self, times: Iterable[float]) -> Self:
        """The desk tries to connect."""
        return self._changed(dials=tuple(times))

    def acts(self, at: float, what: str) -> Self:
        """The agent does something."""
        return self._with(acts=Act(at=at, who="agent", what=what))

    def troubles(self, name: str, *bites: float) -> Self:
        """A fault of the mock, and when it bit."""
        return self._with(troubles=Trouble(at=0.0, until=50.0, name=name, bites=bites))

    @property
    def history(self) -> History:
        """What was told."""
        return self._history

    def case(
        self,
        *,
        plan: Plan = STILL,
        checkpoints: tuple[tuple[float, float], ...] = (),
        probes: tuple[Probe, ...] = (),
    ) -> Case:
        """The session with this desk alone."""
        return Case(plan=plan, histories=(self._history,), checkpoints=checkpoints, probes=probes)

    def judged(self, oracle: Oracle, **of_case: Any) -> list[str]:
        """What the oracle says of it."""
        return [finding.words for finding in oracle.judge(self.case(**of_case))]
