"""From the words of the command line to a policy. A user's own is tried before it is trusted."""

import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import cast

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.policy import (
    NO_ANSWER,
    TOO_MANY,
    UNAVAILABLE,
    BrokenPolicyError,
    Policy,
    Remembering,
    ask,
)
from offhook_scenarios.backoff.streams import Stream

PATIENCE_S = 5.0
"""How long a user's policy may take for its trial, in real time."""
_TRIAL: tuple[tuple[int, dict[str, str]], ...] = (
    (TOO_MANY, {"Retry-After": "1"}),
    (TOO_MANY, {"Retry-After": "0"}),
    (TOO_MANY, {}),
    (UNAVAILABLE, {}),
    (NO_ANSWER, {}),
)
_ATTEMPTS = 12


class NoSuchPolicyError(ValueError):
    """The words name no policy. The message says what would be right."""


def load(words: str) -> Policy:
    """The policy of a name, or of `module:function` looked for in this folder too.

    Raises:
        NoSuchPolicyError: There is none.
        BrokenPolicyError: There is one, and it does what no policy may.
    """
    if ":" not in words:
        return _named(words)
    module, _, name = words.removeprefix("policy:").partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(import_module(module), name)
    except AttributeError:
        raise NoSuchPolicyError(f"The module {module} has no {name!r}.") from None
    except Exception as error:
        raise NoSuchPolicyError(f"{module} cannot be imported: {error}.") from error
    if not callable(found):
        raise NoSuchPolicyError(
            f"{words} is of type {type(found).__name__}; it must be callable as "
            "delay(attempt, status, headers, elapsed, rng)."
        )
    policy = cast("Policy", found)
    _try(policy)
    return policy


def _named(name: str) -> Policy:
    if name not in CATALOGUE:
        near = get_close_matches(name, CATALOGUE, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(CATALOGUE)}."
        raise NoSuchPolicyError(f"There is no policy {name!r}. {hint}")
    return CATALOGUE[name].policy


def _try(policy: Policy, *, patience_s: float = PATIENCE_S) -> None:
    """Ask it about some failures, from a thread that can be left behind."""
    broken: list[BrokenPolicyError] = []

    def trial() -> None:
        stream = Stream()
        try:
            for number, (status, headers) in enumerate(_TRIAL):
                one = policy.fresh() if isinstance(policy, Remembering) else policy
                for attempt in range(1, _ATTEMPTS):
                    stream.aim(number, attempt)
                    if ask(one, attempt, status, headers, float(attempt), stream) is None:
                        break
        except BrokenPolicyError as error:
            broken.append(error)

    thread = Thread(target=trial, daemon=True)
    thread.start()
    thread.join(patience_s)
    if thread.is_alive():
        raise BrokenPolicyError(f"delay(…) did not return within {patience_s:g} s.")
    if broken:
        raise broken[0]
