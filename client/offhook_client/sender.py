"""Sends mutes, one attempt at a time, and says what became of each.

There is no loop of retries in here: a mute that failed is reported, and the protocol orders the
newest wish again. So a retry can never carry an old wish. What is kept here is when the next
attempt may go.
"""

import asyncio
from collections.abc import Callable

import msgspec

from offhook_client import signals
from offhook_client.calls import Caller, UnwantedError
from offhook_client.errors import ClientError, LoginRefusedError, UnreachableError
from offhook_client.http import Reply
from offhook_client.models import Version
from offhook_client.retry import TABLE, Action, Kind, Trouble, backoff
from offhook_client.signals import SendMute, Signal, Why
from offhook_client.waiting import Waiters

OPERATION = "postWebrtcClientMute"


class Sender:
    """The way of one desk's mutes to the server.

    `report` is given what became of each. `is_wanted` tells whether a generation is still the
    one to send.
    """

    operation = OPERATION
    """Under which name it is spoken of."""

    def __init__(
        self,
        caller: Caller,
        waiters: Waiters,
        *,
        instance: str,
        report: Callable[[Signal], None],
        is_wanted: Callable[[SendMute], bool],
    ) -> None:
        self._caller = caller
        self._http = caller.http
        self._waiters = waiters
        self._instance = instance
        self._report = report
        self._is_wanted = is_wanted
        self._not_before = 0.0
        self._troubles = 0
        """Attempts in a row that did not help."""
        self.error: ClientError | None = None
        """What the last final refusal said."""

    async def send(self, order: SendMute, client_id: str) -> None:
        """Wait for the time, send once, report. Raises `LoginRefusedError`."""
        try:
            await self._wait()
        except UnreachableError as error:
            reply = Reply(trouble=Trouble.NOT_SENT, reason=f"no token: {error}")
            self._report(self._read(order, reply))
            return
        # Waiting may have taken long: only now is it decided whether this is still the wish.
        if not self._is_wanted(order):
            self._report(signals.Unsent(generation=order.generation))
            return
        if self._troubles == 0:
            self._http.budget.deposit(now=self._http.now())
        try:
            reply = await self._attempt(order, client_id)
        except LoginRefusedError:
            raise
        except UnwantedError:
            self._report(signals.Unsent(generation=order.generation))
            return
        except UnreachableError as error:
            reply = Reply(trouble=Trouble.NOT_SENT, reason=f"no token: {error}")
        self._report(self._read(order, reply))

    async def _attempt(self, order: SendMute, client_id: str) -> Reply:
        """Send it once, as this dialect says it. Raises as `Caller.attempt` does."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": order.key(self._instance),
            "Offhook-Intent": f"{self._instance}:{order.generation}",
        }
        if order.if_match is not None:
            headers["If-Match"] = order.if_match.etag
        return await self._caller.attempt(
            self.operation,
            "POST",
            f"/api/v2/webrtc/clients/{client_id}/mute",
            headers=headers,
            body=msgspec.json.encode({"muted": order.muted}),
            wanted=lambda: self._is_wanted(order),
        )

    async def _wait(self) -> None:
        now = self._http.now()
        closed_until = self._caller.closed_until()
        until = max(self._not_before, closed_until)
        if until > now:
            self._waiters.postpone(until, now=now, reason=self.operation)
            await asyncio.sleep(max(0.0, self._not_before - now))
        await self._caller.pass_gate(self.operation)

    def _read(self, order: SendMute, reply: Reply) -> Signal:
        generation = order.generation
        if reply.trouble is None:
            self._troubles = 0
            version = Version.from_etag(reply.headers.get("ETag"))
            return signals.Accepted(generation=generation, version=version)
        self._troubles += 1
        action = TABLE[reply.trouble, Kind.MUTE]
        self._pace(reply, action)
        match action:
            case Action.RESEND if reply.trouble is Trouble.NOT_SENT:
                return signals.Unsent(generation=generation)
            case Action.RESEND:
                return signals.Lost(generation=generation)
            case Action.COOL_DOWN:
                return signals.Unsent(generation=generation)
            case Action.ESTABLISH:
                return signals.Gone()
            case Action.WAIT_CONNECTED:
                return signals.Refused(generation=generation, why=Why.NOT_CONNECTED)
            case Action.RECONCILE:
                stale = reply.error().code == "stale.intent"
                why = Why.STALE if stale else Why.PRECONDITION
                return signals.Refused(generation=generation, why=why)
        refusal = reply.error()
        self.error = refusal
        forced = refusal.code == "forced"
        return signals.Refused(generation=generation, why=Why.FORCED if forced else Why.FINAL)

    def _pace(self, reply: Reply, action: Action) -> None:
        """When the next attempt may go, and who cannot wait so long."""
        http, now, balance = self._http, self._http.now(), None
        wait_s = 0.0
        if action is Action.RESEND:
            wait_s = http.wait_after(reply, self._troubles)
            if not http.budget.withdraw(now=now):
                # Still pursued, since what is desired stays desired, but no faster than the floor,
                # and not by the clock: others have spent theirs at the same time.
                wait_s = max(wait_s, http.rng.uniform(1.0, 2.0) / http.options.budget_floor_per_s)
            balance = http.budget.balance(now=now)
        elif action is Action.COOL_DOWN:
            wait_s = max(0.0, self._caller.closed_until() - now)
        elif action is not Action.FAIL and self._troubles > 1:
            base_s, cap_s = http.options.backoff_base_s, http.options.backoff_cap_s
            wait_s = backoff(self._troubles - 1, http.rng, base_s=base_s, cap_s=cap_s)
        http.note(
            self.operation,
            action,
            reply.reason,
            wait_s=wait_s,
            attempt=self._troubles,
            retry_after_s=reply.retry_after_s,
            budget=balance,
        )
        if action is not Action.COOL_DOWN:
            self._not_before = now + wait_s
        self._waiters.postpone(now + wait_s, now=now, reason=f"{self.operation}: {reply.reason}")
        if self._troubles >= http.options.attempts and action is Action.RESEND:
            self._waiters.fail(
                UnreachableError(
                    f"{self.operation}: no good answer in {self._troubles} attempts: "
                    f"{reply.reason}. It is still pursued."
                )
            )
