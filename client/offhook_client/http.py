"""One attempt over HTTP, and the waits between attempts: gate, budget, backoff.

Whole calls are made of them in `offhook_client.calls`.

aiohttp re-sends some requests by itself when a kept connection breaks; that is switched off
here, so that what is counted is what is sent.
"""

import asyncio
import random
from collections.abc import Callable, Mapping

import aiohttp
import msgspec

from offhook_client.decisions import Decision, DecisionLog
from offhook_client.errors import RefusedError, TooLateError, UnreachableError
from offhook_client.models import UNREADABLE
from offhook_client.options import Options
from offhook_client.retry import (
    Action,
    Cooldown,
    RetryBudget,
    Trouble,
    backoff,
    classify,
    read_retry_after,
    spread_after,
)

_NO_ROUNDING_S = 1e9
"""aiohttp rounds timeouts above a threshold up to whole seconds of the loop; never here."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt: an answer, or a trouble without one."""

    status: int = 0
    """0 when there was no answer."""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    trouble: Trouble | None = None
    reason: str = ""
    """For the decision log: the status, or what happened to the connection."""
    retry_after_s: float | None = None

    def error(self) -> RefusedError:
        """The answer as an error, in the server's words."""
        try:
            words = msgspec.json.decode(self.body, type=_Refusal)
        except UNREADABLE:
            words = _Refusal()
        code = words.code or words.error
        message = words.message or words.error_description or self.reason
        return RefusedError(self.status, code, message, words.context_id)


class _Refusal(msgspec.Struct, frozen=True, rename={"context_id": "contextId"}):
    code: str = ""
    message: str = ""
    context_id: str = ""
    error: str = ""
    error_description: str = ""


class Http:
    """One origin, spoken to politely. `open` it on the loop that it is used on."""

    def __init__(
        self,
        base_url: str,
        *,
        options: Options,
        rng: random.Random,
        wall_clock: Callable[[], float],
        decisions: DecisionLog,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.options = options
        self.rng = rng
        self.wall_clock = wall_clock
        self.decisions = decisions
        self.cooldown = Cooldown()
        self.budget = RetryBudget(
            ratio=options.budget_ratio,
            floor_per_s=options.budget_floor_per_s,
            life_s=options.budget_life_s,
        )
        self.attempts = 0
        """Requests that were sent, whatever became of them."""
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        # The whole time of a request is ours to measure (`attempt`): aiohttp 3.14 was seen to lose
        # a cancellation that comes in the turn in which its own total runs out.
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=self.options.connect_timeout_s,
            ceil_threshold=_NO_ROUNDING_S,
        )
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        # Without this a dropped GET, PUT or DELETE arrives twice (aiohttp issue 10790).
        self._session._retry_connection = False  # noqa: SLF001 - there is no public switch.

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    def now(self) -> float:
        """The loop's time: the only clock that waits are measured by."""
        return asyncio.get_running_loop().time()

    async def attempt(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Send once and read the answer. Never raises for what the network does."""
        assert self._session is not None, "open() comes first"
        self.attempts += 1
        try:
            async with (
                asyncio.timeout(self.options.request_timeout_s),
                self._session.request(
                    method,
                    self.base_url + path,
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                ) as response,
            ):
                content = await response.read()
        except aiohttp.ClientConnectorCertificateError as error:
            return Reply(trouble=Trouble.UNSUPPORTED, reason=f"certificate: {error}")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Reply(trouble=Trouble.NOT_SENT, reason=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            return Reply(trouble=Trouble.NO_ANSWER, reason=type(error).__name__)
        return self._read(response.status, response.headers, content)

    def _read(self, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
        lacking = 'error="insufficient_scope"' in headers.get("WWW-Authenticate", "")
        raw = Reply(status=status, headers=headers, body=body, reason=str(status))
        code = raw.error().code if status >= 400 else ""  # noqa: PLR2004 - errors begin there.
        wait_s = read_retry_after(
            headers.get("Retry-After"), date=headers.get("Date"), now=self.wall_clock()
        )
        return msgspec.structs.replace(
            raw,
            trouble=classify(status, code, insufficient_scope=lacking),
            reason=f"{status} {code}".strip(),
            retry_after_s=wait_s,
        )

    def wait_after(self, reply: Reply, attempt: int) -> float:
        """How long to wait before the next attempt, the server's wish and the spread included."""
        base_s, cap_s = self.options.backoff_base_s, self.options.backoff_cap_s
        if reply.retry_after_s is None:
            return backoff(attempt, self.rng, base_s=base_s, cap_s=cap_s)
        return reply.retry_after_s + self.rng.uniform(0.0, self._spread(reply, attempt))

    def _spread(self, reply: Reply, attempt: int) -> float:
        return spread_after(
            attempt,
            reply.retry_after_s or 0.0,
            base_s=self.options.backoff_base_s,
            cap_s=self.options.backoff_cap_s,
            spread=self.options.spread,
        )

    async def back_off(self, subject: str, attempt: int, reason: str) -> None:
        """Wait before asking once more for what must be known, as if for a socket."""
        options = self.options
        wait_s = backoff(
            attempt, self.rng, base_s=options.reconnect_first_s, cap_s=options.backoff_cap_s
        )
        self.note(subject, "retry", reason, wait_s=wait_s, attempt=attempt)
        await asyncio.sleep(wait_s)

    def cool_down(self, key: tuple[str, str], reply: Reply) -> None:
        """Close the gate that everything of this token and bucket goes through.

        A server that asks for no wait, or for one of 0 s, is backed off from: longer with each
        refusal in a row.
        """
        attempt = self.cooldown.refused(key, now=self.now())
        wait_s = reply.retry_after_s or self.wait_after(reply, attempt)
        self.cooldown.close(key, until=self.now() + wait_s, spread_s=self._spread(reply, attempt))

    async def pass_gate(
        self, key: tuple[str, str], *, subject: str, deadline: float | None
    ) -> None:
        """Wait until the gate is open. Raises `TooLateError` when that is after the deadline."""
        while wait_s := self.cooldown.wait_s(key, self.rng, now=self.now()):
            left = None if deadline is None else deadline - self.now()
            self.note(subject, "wait", "cooldown gate", wait_s=wait_s, deadline_s=left, attempt=1)
            if left is not None and wait_s > left:
                raise TooLateError(
                    f"{subject}: the server asks for a wait of {wait_s:.1f} s, the caller has "
                    f"{max(left, 0.0):.1f} s.",
                    retry_in_s=wait_s,
                )
            await asyncio.sleep(wait_s)

    async def pause(
        self, reply: Reply, *, subject: str, action: Action, attempt: int, deadline: float | None
    ) -> None:
        """Wait before a retry. Raises when the budget or the deadline forbids it."""
        wait_s = self.wait_after(reply, attempt)
        left = None if deadline is None else deadline - self.now()
        granted = self.budget.withdraw(now=self.now())
        balance = self.budget.balance(now=self.now())
        self.note(
            subject,
            action if granted else "give up",
            reply.reason,
            wait_s=wait_s,
            attempt=attempt,
            retry_after_s=reply.retry_after_s,
            budget=balance,
            deadline_s=left,
        )
        if not granted:
            raise UnreachableError(f"{subject}: {reply.reason}, and the retry budget is spent.")
        if left is not None and wait_s > left:
            raise TooLateError(
                f"{subject}: {reply.reason}; the next attempt makes sense in {wait_s:.1f} s, the "
                f"caller has {max(left, 0.0):.1f} s.",
                retry_in_s=wait_s,
            )
        await asyncio.sleep(wait_s)

    def note(
        self,
        subject: str,
        action: str,
        reason: str,
        *,
        wait_s: float = 0.0,
        attempt: int = 1,
        retry_after_s: float | None = None,
        budget: float | None = None,
        deadline_s: float | None = None,
    ) -> None:
        """Write a line of the decision log."""
        self.decisions.record(
            Decision(
                at=self.now(),
                subject=subject,
                action=action,
                reason=reason,
                wait_s=wait_s,
                attempt=attempt,
                retry_after_s=retry_after_s,
                budget=budget,
                deadline_s=deadline_s,
            )
        )
