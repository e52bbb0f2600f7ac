"""Troubled sessions, the desks that go through them, and the judge.

Public names are loaded on first use (PEP 562), so that importing this costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offhook_scenarios.adapters.adapter import (
        Ability,
        Adapter,
        Belief,
        Config,
        Gate,
        Restart,
        Shown,
    )
    from offhook_scenarios.check.assertion import assert_holds
    from offhook_scenarios.check.clients import find_client
    from offhook_scenarios.plan.judgement import Finding, Invariant, Judged, run_plan
    from offhook_scenarios.plan.plan import Plan, read_plan
    from offhook_scenarios.plan.swarm import generate

_HOME = {
    "Ability": "offhook_scenarios.adapters.adapter",
    "Adapter": "offhook_scenarios.adapters.adapter",
    "Belief": "offhook_scenarios.adapters.adapter",
    "Config": "offhook_scenarios.adapters.adapter",
    "Gate": "offhook_scenarios.adapters.adapter",
    "Restart": "offhook_scenarios.adapters.adapter",
    "Shown": "offhook_scenarios.adapters.adapter",
    "assert_holds": "offhook_scenarios.check.assertion",
    "find_client": "offhook_scenarios.check.clients",
    "Finding": "offhook_scenarios.plan.judgement",
    "Invariant": "offhook_scenarios.plan.judgement",
    "Judged": "offhook_scenarios.plan.judgement",
    "run_plan": "offhook_scenarios.plan.judgement",
    "Plan": "offhook_scenarios.plan.plan",
    "read_plan": "offhook_scenarios.plan.plan",
    "generate": "offhook_scenarios.plan.swarm",
}
"""Where each public name lives."""

__all__ = [
    "Ability",
    "Adapter",
    "Belief",
    "Config",
    "Finding",
    "Gate",
    "Invariant",
    "Judged",
    "Plan",
    "Restart",
    "Shown",
    "assert_holds",
    "find_client",
    "generate",
    "read_plan",
    "run_plan",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'offhook_scenarios' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
