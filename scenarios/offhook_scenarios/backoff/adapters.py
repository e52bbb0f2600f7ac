"""Retry logic of well-known libraries as policies. Each takes what you would give the library.

They tell when a library waits, and for how long; what it retries is asked where the library
decides it by status. Adapters that need their library import it only when they are called.
"""

import random
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

from offhook_scenarios.backoff.policy import NO_ANSWER, Policy

if TYPE_CHECKING:
    from aiohttp_retry import RetryOptionsBase
    from tenacity import BaseRetrying
    from urllib3.util.retry import Retry

_SERVER_ERRORS = 500


class RefusedAnswer(Exception):  # noqa: N818 - it stands for an answer, and is raised by nobody.
    """What a library's hooks are shown as the failure: `status` and `headers`."""

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers


@contextmanager
def chance_of(rng: Random) -> Iterator[None]:
    """Let Python's one shared generator, which libraries draw from, follow `rng` for a while."""
    state = random.getstate()
    random.seed(rng.getrandbits(64))
    try:
        yield
    finally:
        random.setstate(state)


def from_tenacity(retrying: "BaseRetrying") -> Policy:
    """The `wait` and `stop` of a tenacity `Retrying` or `AsyncRetrying`."""
    from tenacity import Future, RetryCallState  # noqa: PLC0415 - only whoever has it gets here.

    def delay(
        attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float | None:
        call = RetryCallState(retrying, None, (), {})
        call.attempt_number = attempt
        call.start_time, call.outcome_timestamp = 0.0, elapsed
        call.outcome = Future(attempt)
        call.outcome.set_exception(RefusedAnswer(status, headers))
        with chance_of(rng):
            wait = call.upcoming_sleep = retrying.wait(call)
            return None if retrying.stop(call) else wait

    return delay


def from_stamina(
    *,
    attempts: int | None = 10,
    timeout: float | None = 45.0,
    wait_initial: float = 0.1,
    wait_max: float = 5.0,
    wait_jitter: float = 1.0,
    wait_exp_base: float = 2.0,
) -> Policy:
    """What `stamina.retry` does with these parameters, which are its own, defaults included."""

    def delay(
        attempt: int, _status: int, _headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float | None:
        if attempts is not None and attempt >= attempts:
            return None
        if timeout is not None and elapsed >= timeout:
            return None
        grown = wait_initial * wait_exp_base ** min(attempt - 1, 500)
        return min(wait_max, grown + rng.uniform(0.0, wait_jitter))

    return delay


class FromBackoff:
    """The parameters of `backoff.on_exception`: a wait generator, jitter, and where it ends."""

    def __init__(
        self,
        wait_gen: Callable[..., Generator[Any, Any, None]],
        *,
        jitter: Callable[[float], float] | None = None,
        max_tries: int | None = None,
        max_time: float | None = None,
        **wait_gen_kwargs: Any,
    ) -> None:
        self._wait_gen = wait_gen
        self._kwargs = wait_gen_kwargs
        self._jitter = jitter
        self._max_tries = max_tries
        self._max_time = max_time

    def fresh(self) -> Policy:
        """The policy of one client: the generator remembers."""
        waits = self._wait_gen(**self._kwargs)
        next(waits)

        def delay(
            attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
        ) -> float | None:
            if attempt == self._max_tries:
                return None
            if self._max_time is not None and elapsed >= self._max_time:
                return None
            try:
                wait = float(waits.send(RefusedAnswer(status, headers)))
            except StopIteration:
                return None
            if self._jitter is not None:
                with chance_of(rng):
                    wait = self._jitter(wait)
            return wait if self._max_time is None else min(wait, self._max_time - elapsed)

        return delay

    def __call__(
        self, attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float | None:
        """The first wait of a client."""
        return self.fresh()(attempt, status, headers, elapsed, rng)


class FromUrllib3:
    """A `urllib3.Retry`, for requests of one method."""

    def __init__(self, retry: "Retry", *, method: str = "GET") -> None:
        self._retry = retry
        self._method = method

    def fresh(self) -> Policy:
        """The policy of one client: a `Retry` counts down."""
        from urllib3.exceptions import (  # noqa: PLC0415 - only whoever has it gets here.
            MaxRetryError,
            ProtocolError,
        )
        from urllib3.response import HTTPResponse  # noqa: PLC0415 - as above.

        retry = self._retry

        def delay(
            _attempt: int, status: int, headers: Mapping[str, str], _elapsed: float, rng: Random
        ) -> float | None:
            nonlocal retry
            response = None
            told = "Retry-After" in headers
            if status != NO_ANSWER:
                if not retry.is_retry(self._method, status, told):
                    return None
                response = HTTPResponse(status=status, headers=headers)
            error = ProtocolError("no answer") if response is None else None
            try:
                retry = retry.increment(self._method, "/", response=response, error=error)
            except (MaxRetryError, ProtocolError):
                return None
            if response is not None and told and retry.respect_retry_after_header:
                asked = retry.get_retry_after(response)
                if asked:
                    return asked
            with chance_of(rng):
                return retry.get_backoff_time()

        return delay

    def __call__(
        self, attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float | None:
        """The first wait of a client."""
        return self.fresh()(attempt, status, headers, elapsed, rng)


def from_aiohttp_retry(options: "RetryOptionsBase") -> Policy:
    """The options of an aiohttp-retry `RetryClient`. It does not look at `Retry-After`."""

    def delay(
        attempt: int, status: int, _headers: Mapping[str, str], _elapsed: float, rng: Random
    ) -> float | None:
        wanted = (
            status == NO_ANSWER
            or status in options.statuses
            or (status >= _SERVER_ERRORS and options.retry_all_server_errors)
        )
        if attempt >= options.attempts or not wanted:
            return None
        with chance_of(rng):
            return options.get_timeout(attempt=attempt, response=None)

    return delay
