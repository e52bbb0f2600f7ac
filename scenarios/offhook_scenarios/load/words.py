"""What load came to, for people and for programs."""

from collections.abc import Iterator
from typing import Any

import msgspec

from offhook.policies import Policies
from offhook_scenarios.load.meter import Tally

DEFAULT = Policies()


def told(tally: Tally, *, policy: str, users: int) -> Iterator[str]:
    """The result, in lines."""
    statuses = ", ".join(
        f"{count:,} x {status}" for status, count in sorted(tally.statuses.items())
    )
    yield f"{users:,} users that retry by {policy}: {tally.attempts:,} requests ({statuses})."
    amplification = _amplification(tally)
    if amplification is not None:
        yield (
            f"{tally.operations:,} operations, {amplification:.2f} requests for each; "
            f"{tally.gave_up:,} were given up."
        )
    if tally.told or tally.waiting:
        yield from _waits(tally)
    if tally.statuses.get("429"):
        yield (
            f"A mock answers 429 from {DEFAULT.rate_per_user_and_client} requests a minute of a "
            "user and OAuth client on, earlier runs included; its policies "
            "rate_per_user_and_client, rate_per_user and rate_per_token raise that."
        )


def _waits(tally: Tally) -> Iterator[str]:
    if tally.told:
        yield (
            f"{tally.told:,} retries were told a Retry-After: {tally.early:,} were early; asked "
            f"{tally.asked_s / tally.told:.2f} s, waited {tally.waited_s / tally.told:.2f} s on "
            "average."
        )
    if tally.waiting:
        yield f"{tally.waiting:,} were still waiting for theirs at the end."


def document(tally: Tally, *, policy: str, users: int) -> dict[str, Any]:
    """The same as JSON-able values, in camelCase."""
    counts: dict[str, Any] = msgspec.to_builtins(tally)
    return {
        "policy": policy,
        "users": users,
        **counts,
        "requestsPerOperation": _amplification(tally),
    }


def _amplification(tally: Tally) -> float | None:
    return tally.attempts / tally.operations if tally.operations else None
