"""Mutants that try again wrongly: when, how often, under which key, on which device."""

import asyncio
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from offhook.faults.verdicts import RetryAfterForm
from offhook_client import signals
from offhook_client.desk import Desk
from offhook_client.device import Device
from offhook_client.http import Http, Reply
from offhook_client.models import ClientView
from offhook_client.retry import TABLE, Action, Chance, Cooldown, Kind, RetryBudget, Trouble
from offhook_client.sender import Sender
from offhook_client.signals import SendMute
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.steps import (
    MUTE,
    answer_lost,
    answered,
    cut,
    force,
    lost,
    mute,
    news_late,
    plan,
    restart,
    slow,
    unmute,
)
from offhook_scenarios.mutants.works import NEVER_S, Works, grafted, swap
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"
_OWN = "our own"


def toggle_retry(works: Works) -> None:
    """A mute is a toggle of what the server holds, and so is its repetition."""

    class Toggles(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            deadline = self._http.now() + self._http.options.interactive_deadline_s
            view = await works.device.read(deadline=deadline)
            muted = view is None or not view.muted
            return await self._caller.attempt(
                self.operation,
                "POST",
                f"/api/v2/webrtc/clients/{client_id}/mute",
                headers={"Content-Type": "application/json"},
                body=msgspec.json.encode({"muted": muted}),
            )

    swap(works.sender, Toggles)


def fresh_key(works: Works) -> None:
    """Each attempt is a request of its own: with a new key and a new number."""
    attempts = 0

    class Fresh(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            nonlocal attempts
            attempts += 1
            self._instance, known = f"{self._instance}-{attempts}", self._instance
            try:
                return await super()._attempt(order, client_id)
            finally:
                self._instance = known

    swap(works.sender, Fresh)


def stale_retry(works: Works) -> None:
    """A request that failed is sent again as it was, until it gets through."""

    class Stubborn(Sender):
        async def send(self, order: SendMute, client_id: str) -> None:
            while True:
                await self._wait()
                reply = await self._attempt(replace(order, if_match=None), client_id)
                signal = self._read(order, reply)
                if not isinstance(signal, signals.Unsent | signals.Lost):
                    self._report(signal)
                    return

    works.sender._is_wanted = lambda _order: True
    swap(works.sender, Stubborn)


def _misread(works: Works, factor: float | None) -> None:
    class Misreads(Http):
        def _read(self, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
            reply = super()._read(status, headers, body)
            if reply.retry_after_s is None:
                return reply
            wait_s = None if factor is None else reply.retry_after_s * factor
            return replace(reply, retry_after_s=wait_s)

    swap(works.http, Misreads)


def ignore_retry_after(works: Works) -> None:
    """It backs off as it likes, whatever the server asks for."""
    _misread(works, None)


def retry_after_milliseconds(works: Works) -> None:
    """Seconds are taken for milliseconds."""
    _misread(works, 0.001)


def retry_after_number_only(works: Works) -> None:
    """A Retry-After that is a date is passed over."""

    class Numbers(Http):
        def _read(self, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
            reply = super()._read(status, headers, body)
            number = headers.get("Retry-After", "").isdigit()
            return reply if number else replace(reply, retry_after_s=None)

    swap(works.http, Numbers)


def gate_per_request(works: Works) -> None:
    """A 429 holds back the request that got it, and no other."""

    class NoGate(Cooldown):
        def wait_s(self, key: tuple[str, str], chance: Chance, *, now: float) -> float:
            return 0.0

    swap(works.http.cooldown, NoGate)


def refused_without_a_time(works: Works) -> None:
    """A 429 that asks for no wait is followed by none."""

    class Eager(Http):
        def cool_down(self, key: tuple[str, str], reply: Reply) -> None:
            if reply.retry_after_s:
                super().cool_down(key, reply)

    swap(works.http, Eager)


def not_found_is_final(works: Works) -> None:
    """A 404 ends the press, and nobody asks whether there is another device, or the same."""
    table = {**TABLE, (Trouble.NOT_FOUND, Kind.MUTE): Action.FAIL}

    class Fails(Sender):
        _read = grafted(Sender._read, TABLE=table)

    swap(works.sender, Fails)


def retry_storm(works: Works) -> None:
    """A request that failed is sent again at once, and no budget stops it."""

    class Endless(RetryBudget):
        def withdraw(self, *, now: float) -> bool:
            return True

    swap(works.http.budget, Endless)
    works.options(backoff_base_s=0.0)


def no_request_timeout(works: Works) -> None:
    """A request waits for its answer as long as the connection seems to live."""
    works.options(request_timeout_s=NEVER_S)


def keeps_old_id(works: Works) -> None:
    """A device that is gone is asked for again and again under its old id."""

    class Keeps(Desk):
        def gone(self) -> None:
            self._tasks.run("socket", self._again)

        async def _again(self) -> None:
            await asyncio.sleep(5.0)
            socket = self._socket
            assert socket is not None
            await socket.run()

    class Same(Device):
        async def read_patiently(self) -> ClientView | None:
            view = await super().read_patiently()
            client_id = works.state.client_id
            return None if view is None or client_id is None else replace(view, id=client_id)

    table = {**TABLE, (Trouble.NOT_FOUND, Kind.MUTE): Action.RESEND}

    class Resends(Sender):
        _read = grafted(Sender._read, TABLE=table)

    swap(works.desk, Keeps)
    swap(works.device, Same)
    swap(works.sender, Resends)


MUTANTS = (
    Mutant(
        name="toggle_retry",
        bug="a mute is sent as a toggle, and repeated as one",
        ports=_STUDY,
        patch=toggle_retry,
        caught_by=(Invariant.I5, Invariant.I14),
        plan=plan(news_late(1, 4), answer_lost(1, MUTE), mute(1.1)),
    ),
    Mutant(
        name="fresh_key",
        bug="each attempt has a key and a number of its own, so a repetition has a second effect",
        ports=_STUDY,
        patch=fresh_key,
        caught_by=(Invariant.I5,),
        plan=plan(slow(1, MUTE, 6), news_late(1, 8), mute(1.1), force(3, muted=False)),
    ),
    Mutant(
        name="stale_retry",
        bug="an unmute that failed is sent again as it was, also after a supervisor's mute",
        ports=_STUDY,
        patch=stale_retry,
        caught_by=(Invariant.I7,),
        plan=plan(
            mute(1), answered(2, MUTE, 429, retry_after_s=5), unmute(2.1), force(4, muted=True)
        ),
    ),
    Mutant(
        name="ignore_retry_after",
        bug="it backs off as it likes, whatever the server asks for",
        ports=_STUDY,
        patch=ignore_retry_after,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30), mute(1.1)),
    ),
    Mutant(
        name="retry_after_milliseconds",
        bug="the seconds of a Retry-After are taken for milliseconds",
        ports=_OWN,
        patch=retry_after_milliseconds,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30), mute(1.1)),
    ),
    Mutant(
        name="retry_after_number_only",
        bug="a Retry-After that is a date is passed over",
        ports="fetch-retry: the popular helper read the numeric form only",
        link="https://github.com/vercel/fetch-retry/pull/31",
        patch=retry_after_number_only,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30, form=RetryAfterForm.DATE), mute(1.1)),
    ),
    Mutant(
        name="gate_per_request",
        bug="a 429 holds back the request that got it, and no other",
        ports=_OWN,
        patch=gate_per_request,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 429, retry_after_s=30), mute(1.1), cut(3)),
    ),
    Mutant(
        name="refused_without_a_time",
        bug="a 429 without Retry-After is tried again at once",
        ports=_OWN,
        patch=refused_without_a_time,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 429, times=None), mute(1.1)),
    ),
    Mutant(
        name="not_found_is_final",
        bug="a 404 on a mute ends it for good, though the device is there or can be had again",
        ports=_OWN,
        patch=not_found_is_final,
        caught_by=(Invariant.I1,),
        plan=plan(answered(1, MUTE, 404), mute(1.1)),
    ),
    Mutant(
        name="retry_storm",
        bug="a mute that failed is sent again at once, and no budget stops it",
        ports=_OWN,
        patch=retry_storm,
        caught_by=(Invariant.I6,),
        plan=plan(answered(1, MUTE, 503, times=None, lasts_s=5), mute(1.1)),
    ),
    Mutant(
        name="no_request_timeout",
        bug="a request without an answer is waited for as long as its connection seems to live",
        ports=_OWN,
        patch=no_request_timeout,
        caught_by=(Invariant.I1, Invariant.I14),
        plan=plan(lost(1, "POST /api/v2/webrtc"), mute(1.1)),
    ),
    Mutant(
        name="keeps_old_id",
        bug="a device that is gone is asked for again and again under its old id",
        ports=_OWN,
        patch=keeps_old_id,
        caught_by=(Invariant.I1,),
        plan=plan(restart(1, 2, keeps_state=False)),
    ),
)
