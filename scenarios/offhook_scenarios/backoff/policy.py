"""A policy says how long to wait before the next attempt, or that there is none. Pure.

Attempts count from 1: after the first failure `attempt` is 1. Times in seconds.
"""

import inspect
import math
from collections.abc import Mapping
from random import Random
from typing import Protocol, runtime_checkable

from offhook_client.retry import read_retry_after

LONGEST_S = 86_400.0
"""A wait of more than a day is no backoff but a mistake, in units perhaps."""
NO_ANSWER = 0
"""The status of a request that nobody answered."""
TOO_MANY = 429
UNAVAILABLE = 503


class Policy(Protocol):
    """What a caller's own retry logic must look like."""

    def __call__(
        self, attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random, /
    ) -> float | None:
        """The wait before the next attempt, from now; None to give up.

        `attempt` have failed so far, the last with `status` (0: no answer) and `headers`, at
        `elapsed` after the first began. All chance must come from `rng`.
        """


@runtime_checkable
class Remembering(Protocol):
    """A policy that remembers what it did. Each client gets one of its own."""

    def fresh(self) -> Policy:
        """The policy of a client that has not failed yet."""


class BrokenPolicyError(Exception):
    """A policy did what no policy may. The message says what, and after which failure."""


def ask(  # noqa: PLR0917 - the policy and its own arguments, in their order.
    policy: Policy,
    attempt: int,
    status: int,
    headers: Mapping[str, str],
    elapsed: float,
    rng: Random,
) -> float | None:
    """Ask a policy, and check the answer.

    Raises:
        BrokenPolicyError: It raised, or the answer is not a number from 0 to `LONGEST_S`.
    """
    try:
        wait = policy(attempt, status, headers, elapsed, rng)
    except (Exception, SystemExit) as error:
        raise broken(attempt, status, headers, elapsed, error) from error
    if wait is None or sound(wait):
        return wait
    raise broken(attempt, status, headers, elapsed, wait)


def sound(wait: object) -> bool:
    """Whether this is a number of seconds that a policy may ask for."""
    return isinstance(wait, int | float) and 0.0 <= wait <= LONGEST_S


def broken(
    attempt: int, status: int, headers: Mapping[str, str], elapsed: float, fault: object
) -> BrokenPolicyError:
    """The error for `fault`: what a policy raised, or the answer that it gave."""
    where = f"delay({attempt}, {status}, {dict(headers)}, {elapsed:.3f}, rng)"
    return BrokenPolicyError(f"{where} {_told(fault)}.")


def _told(fault: object) -> str:
    if isinstance(fault, BaseException):
        return f"raised {type(fault).__name__}: {str(fault) or 'no message'}"
    if inspect.iscoroutine(fault):
        fault.close()
        return "returned a coroutine; write def, not async def"
    if not isinstance(fault, int | float):
        return f"returned {fault!r}; it must be seconds or None"
    if math.isnan(fault):
        return "returned NaN; it must be seconds or None"
    if fault < 0:
        return f"returned {fault:g} s, a wait that has passed already"
    return f"returned {fault:g} s; more than {LONGEST_S:g} s (a day) is no backoff"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds; None when absent or malformed. A date counts from `Date`.

    Names are lower or title case. Decimal fractions, which RFC 9110 §10.2.3 does not have, are
    read too: the models of servers can be asked not to round.
    """
    value = headers.get("Retry-After") or headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        date = headers.get("Date") or headers.get("date")
        return None if date is None else read_retry_after(value, date=date, now=0.0)
    return seconds if 0.0 <= seconds < math.inf else None
