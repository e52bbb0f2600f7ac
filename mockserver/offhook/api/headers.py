"""The headers that every answer carries, prebuilt.

Errors carry them too: without CORS a browser reports a 429 as a network error (wire contract §2).
"""

from collections.abc import Sequence

from offhook.limits import Admission
from offhook.policies import Policies, RateHeaders

Headers = tuple[tuple[str, str], ...]

EXPOSED = (
    "ETag",
    "ININ-Correlation-Id",
    "Idempotency-Replayed",
    "Location",
    "Offhook-Intent",
    "Offhook-Shaped",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "inin-ratelimit-allowed",
    "inin-ratelimit-count",
    "inin-ratelimit-reset",
)
"""What a page of another origin may read."""

ACCEPTED = (
    "accept",
    "authorization",
    "content-type",
    "genesys-app",
    "idempotency-key",
    "if-match",
    "offhook-intent",
    "offhook-key",
    "purecloud-sdk",
    "x-requested-with",
)
"""What a page of another origin may send: the platform's (wire contract §2) and ours."""

_CORS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(EXPOSED)),
)

_NO_CACHE: Headers = (
    ("Cache-Control", "no-cache, no-store, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
)

COMMON: Headers = _CORS + _NO_CACHE
_NO_CACHE_NAMES = frozenset(name.lower() for name, _ in _NO_CACHE)
_LENGTHS = frozenset(map(len, _NO_CACHE_NAMES))

PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", ", ".join(ACCEPTED)),
    ("Access-Control-Max-Age", "600"),
)


def with_common(own: Headers, correlation_id: str) -> Headers:
    """An answer's own headers, and those that every answer carries. Its own win."""
    correlated = (*own, ("ININ-Correlation-Id", correlation_id))
    for name, _ in own:
        if len(name) in _LENGTHS and name.lower() in _NO_CACHE_NAMES:
            return correlated + _CORS + _without(own, _NO_CACHE)
    return correlated + COMMON


def _without(own: Headers, common: Sequence[tuple[str, str]]) -> Headers:
    taken = {name.lower() for name, _ in own}
    return tuple(pair for pair in common if pair[0].lower() not in taken)


def rate_headers(policies: Policies, admission: Admission) -> Headers:
    """What an answer tells of the budget, by policy.

    `inin`: as the platform did until 2021 (wire contract §4.4). `ietf`: the structured fields
    of draft-ietf-httpapi-ratelimit-headers-10.
    """
    match policies.rate_headers:
        case RateHeaders.NONE:
            return ()
        case RateHeaders.ININ:
            return (
                ("inin-ratelimit-count", str(admission.used)),
                ("inin-ratelimit-allowed", str(admission.budget)),
                ("inin-ratelimit-reset", str(admission.reset_s)),
            )
        case RateHeaders.IETF:
            left = max(0, admission.budget - admission.used)
            window_s = max(1, round(policies.rate_window_s))
            name = f'"{admission.layer}"'
            return (
                ("RateLimit-Policy", f"{name};q={admission.budget};w={window_s}"),
                ("RateLimit", f"{name};r={left};t={admission.reset_s}"),
            )
