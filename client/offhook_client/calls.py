"""Calls of the API: an attempt with a token, and reads and deletes made of attempts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from offhook_client.errors import TooLateError, UnreachableError
from offhook_client.http import Http, Reply
from offhook_client.retry import TABLE, Action, Kind, Trouble
from offhook_client.tokens import Tokens

T = TypeVar("T")

BUCKET = "api"


class UnwantedError(Exception):
    """It was no longer wanted when it could be sent, and was not; nothing came of it before."""


class Caller:
    """Sends with the current token, through the gate of that token."""

    def __init__(self, http: Http, tokens: Tokens) -> None:
        self.http = http
        self.tokens = tokens

    def closed_until(self) -> float:
        """Until when the gate of the current token is closed, in the loop's time; 0 when open."""
        return self.http.cooldown.until((str(self.tokens.generation), BUCKET))

    async def pass_gate(self, operation: str) -> None:
        """Wait until the gate of the current token is open. Raises as `attempt` does."""
        key = (str((await self.tokens.current()).generation), BUCKET)
        await self.http.pass_gate(key, subject=operation, deadline=None)

    async def attempt(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        deadline: float | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Reply:
        """One attempt; an ended token is replaced once and the request sent again at once.

        `wanted` is asked each time before it is sent: fetching a token and waiting at the gate
        take time. Raises `LoginRefusedError` or `UnreachableError` for want of a token,
        `TooLateError`, and `UnwantedError`.
        """
        while True:
            token = await self.tokens.current()
            key = (str(token.generation), BUCKET)
            await self.http.pass_gate(key, subject=operation, deadline=deadline)
            if not wanted():
                raise UnwantedError
            reply = await self.http.attempt(
                method, path, headers={**(headers or {}), **token.headers}, body=body
            )
            if reply.trouble is Trouble.UNAUTHORIZED:
                self.http.note(operation, "refresh", reply.reason)
                await self.tokens.replace(token.generation)
                continue
            if reply.status:
                self.tokens.proved(token.generation)
            if reply.trouble is Trouble.THROTTLED:
                self.http.cool_down(key, reply)
            elif reply.status:
                self.http.cooldown.admitted(key)
            return reply

    async def call(
        self,
        kind: Kind,
        operation: str,
        method: str,
        path: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        attempts: int | None = None,
    ) -> Reply:
        """Attempts until there is something to say: an answer, 404 and 409 included.

        `attempts` None is what the options say; a caller that retries by itself gives 1, or the
        two would multiply.
        Raises `RefusedError`, `LoginRefusedError`, `UnreachableError`, `TooLateError`.
        """
        http = self.http
        http.budget.deposit(now=http.now())
        most = http.options.attempts if attempts is None else attempts
        for attempt in range(1, most + 1):
            reply = await self.attempt(
                operation, method, path, headers=headers, body=body, deadline=deadline
            )
            if reply.trouble is None:
                return reply
            action = TABLE[reply.trouble, kind]
            if action is Action.COOL_DOWN:
                # The gate is closed; the next attempt waits at it, and draws its own spread.
                http.note(operation, action, reply.reason, retry_after_s=reply.retry_after_s)
            elif action is Action.FAIL and reply.status:
                raise reply.error()
            elif action is Action.FAIL:
                break
            elif action not in {Action.RETRY, Action.RESEND}:
                return reply
            elif attempt < most:
                await http.pause(
                    reply, subject=operation, action=action, attempt=attempt, deadline=deadline
                )
        raise UnreachableError(
            f"{operation}: no good answer in {attempt} attempts: {reply.reason}."
        )

    async def patiently(self, subject: str, ask: Callable[[float], Awaitable[T]]) -> T:
        """Ask again and again until there is an answer; `ask` is given a deadline each time.

        Raises whatever `ask` does but `UnreachableError` and `TooLateError`.
        """
        http, attempt = self.http, 0
        while True:
            attempt += 1
            try:
                return await ask(http.now() + http.options.background_deadline_s)
            except TooLateError as error:
                await asyncio.sleep(error.retry_in_s)
            except UnreachableError as error:
                await http.back_off(subject, attempt, str(error))
