"""Policies by name: those that everybody talks about, and those that somebody ships.

Where a policy was observed, it was by driving the version named against a scripted server, with
sleeps written down instead of slept. What it does to other statuses or methods is not told here.
"""

import msgspec

from offhook_client.options import DEFAULT
from offhook_client.retry import ceiling
from offhook_scenarios.backoff.policy import TOO_MANY, UNAVAILABLE, Policy
from offhook_scenarios.backoff.waits import (
    Decorrelated,
    Heed,
    Waits,
    doubling,
    equal_jitter,
    exponential,
    full_jitter,
)

BASE_S = 0.5
CAP_S = 20.0
"""Of the textbook policies: first ceiling 1 s, because they double before they wait."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A policy and what it is."""

    policy: Policy
    words: str
    """One line for the help."""
    source: str
    """Where it is from."""


_FULL = full_jitter(2 * BASE_S, CAP_S)
_AWS = "Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015"
_RFC = "RFC 9110 §10.2.3, RFC 6585 §4"


def _ours() -> Waits:
    """The waits of offhook_client after 429, made of its own functions and constants."""
    options = DEFAULT
    ceilings = [
        ceiling(attempt, base_s=options.backoff_base_s, cap_s=options.backoff_cap_s)
        for attempt in range(1, options.attempts)
    ]
    return Waits(
        steps=tuple((0.0, most) for most in ceilings),
        attempts=options.attempts,
        heed=Heed.PLUS,
        share=options.spread,
    )


def _spread(share: float) -> Waits:
    return Waits(
        steps=tuple((0.0, most) for most in doubling(BASE_S, CAP_S)), heed=Heed.PLUS, share=share
    )


CATALOGUE: dict[str, Named] = {
    "none": Named(
        policy=Waits(steps=((0.0, 0.0),), attempts=1), words="no retry", source="the base line"
    ),
    "fixed": Named(
        policy=Waits(steps=((1.0, 1.0),)), words="1 s, always", source="the first thing one writes"
    ),
    "exponential": Named(
        policy=exponential(2 * BASE_S, CAP_S), words="1, 2, 4 … 20 s, not spread", source=_AWS
    ),
    "full-jitter": Named(policy=_FULL, words="U(0, 1, 2, 4 … 20 s)", source=_AWS),
    "equal-jitter": Named(
        policy=equal_jitter(2 * BASE_S, CAP_S),
        words="half of 1, 2, 4 … 20 s, and U(0, the other half)",
        source=_AWS,
    ),
    "decorrelated": Named(
        policy=Decorrelated(base_s=BASE_S, cap_s=CAP_S),
        words="min(20 s, U(0.5 s, 3 · the last wait))",
        source=_AWS,
    ),
    "retry-after": Named(
        policy=msgspec.structs.replace(_FULL, heed=Heed.INSTEAD),
        words="Retry-After exactly; without it full jitter",
        source=_RFC,
    ),
    "retry-after-jitter": Named(
        policy=msgspec.structs.replace(_FULL, heed=Heed.PLUS),
        words="Retry-After plus full jitter",
        source=_RFC,
    ),
    "retry-after-doubled": Named(
        policy=msgspec.structs.replace(_FULL, heed=Heed.INSTEAD, share=1.0),
        words="U(Retry-After, 2 · Retry-After)",
        source=_RFC,
    ),
    "retry-after-spread": Named(
        policy=_spread(1.0),
        words="Retry-After plus U(0, the longer of backoff and Retry-After)",
        source="offhook_client with spread 1, for batches, and no limit of attempts",
    ),
    "retry-after-near": Named(
        policy=_spread(0.2),
        words="Retry-After plus U(0, the longer of backoff and a fifth of Retry-After)",
        source="offhook_client with spread 0.2, for people, and no limit of attempts",
    ),
    "offhook": Named(
        policy=_ours(), words="what offhook_client does: 4 attempts", source="offhook_client.retry"
    ),
    "tutorial": Named(
        policy=Waits(steps=((1.0, 1.0), (2.0, 2.0)), attempts=3, statuses=frozenset({TOO_MANY})),
        words="the naive desk: 429 only, 1 s, 2 s, and out",
        source="the tutorial's retryWithBackoff",
    ),
    "genesys-python-sdk": Named(
        policy=Waits(
            steps=((0.0, 0.0),),
            attempts=11,
            heed=Heed.INSTEAD,
            needs_header=True,
            statuses=frozenset({413, TOO_MANY, UNAVAILABLE}),
        ),
        words="Retry-After exactly, ten times; without it an error",
        source="observed: PureCloudPlatformClientV2 269.0.0",
    ),
    "genesys-js-sdk": Named(
        policy=Waits(steps=((0.0, 0.0),), attempts=1),
        words="an error at once",
        source="observed: purecloud-platform-client-v2 262.0.0",
    ),
    "stamina": Named(
        policy=Waits(
            steps=tuple((0.1 * 2.0**n, 0.1 * 2.0**n + 1.0) for n in range(7)),
            attempts=10,
            longest_s=5.0,
        ),
        words="its defaults: 0.1, 0.2 … s + U(0, 1 s), at most 5 s, ten attempts",
        source="observed: stamina 26.1.0; its limit of 45 s is left out",
    ),
    "websockets": Named(
        policy=Waits(steps=((0.0, 5.0), *(((min(90.0, 3.1 * 1.618**n),) * 2) for n in range(9)))),
        words="U(0, 5 s), then 3.1, 5.0, 8.1 … 90 s, not spread",
        source="observed: the reconnect iterator of websockets 17.4",
    ),
}
"""Name → policy. A test walks them all."""
