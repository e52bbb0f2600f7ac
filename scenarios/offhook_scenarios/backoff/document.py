"""The report as JSON, for `--json`."""

from collections.abc import Sequence
from typing import Any

import msgspec

from offhook_scenarios.backoff.figures import Figures
from offhook_scenarios.backoff.lab import Experiment, Result


class _Row(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    policy: str
    finding: str | None
    figures: dict[str, Any] | None
    arrivals: list[float] | None
    recovers_up_to: float | None
    ramp: list[dict[str, float]] | None


def document(results: Sequence[Result], experiment: Experiment) -> dict[str, Any]:
    """JSON-able values in camelCase; numbers to four digits after the point."""
    return {
        "clients": experiment.herd.clients,
        "seed": experiment.herd.seed,
        "server": experiment.limit.value,
        "capacityPerS": experiment.capacity_per_s,
        "outageS": experiment.outage_s,
        "idealS": experiment.herd.clients / experiment.capacity_per_s,
        "policies": [msgspec.to_builtins(_row(result)) for result in results],
    }


def _row(result: Result) -> _Row:
    collapse = result.collapse
    return _Row(
        policy=result.name,
        finding=result.finding,
        figures=None if result.figures is None else _camel(result.figures),
        arrivals=None if result.outcome is None else _seconds(result.outcome.arrivals),
        recovers_up_to=None if collapse is None else _short(collapse.recovers_up_to),
        ramp=None
        if collapse is None
        else [
            {"load": step.load, "up": _short(step.up), "down": _short(step.down)}
            for step in collapse.steps
        ],
    )


def _camel(found: Figures) -> dict[str, Any]:
    return {
        _camel_name(name): _short(value) if isinstance(value, float) else value
        for name, value in msgspec.structs.asdict(found).items()
    }


def _camel_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def _seconds(arrivals: Sequence[float]) -> list[float]:
    """Arrivals of each second."""
    return [_short(sum(arrivals[at : at + 10])) for at in range(0, len(arrivals), 10)]


def _short(value: float) -> float:
    return round(float(value), 4)
