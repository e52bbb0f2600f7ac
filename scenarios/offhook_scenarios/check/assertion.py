"""For a test of one's own: a client holds in a plan, or the failure tells the shortest story."""

from collections.abc import Callable

from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.report import Shown
from offhook_scenarios.check.setup import play
from offhook_scenarios.check.words import headline, replayed
from offhook_scenarios.drivers.shrink import NotBrokenError, shrink
from offhook_scenarios.plan.floor import MakeClient, Played
from offhook_scenarios.plan.judgement import Finding
from offhook_scenarios.plan.plan import Plan, read_plan, written


def assert_holds(
    plan: Plan | str | bytes,
    client: MakeClient | str,
    *,
    strict: bool = False,
    shorten: bool = True,
) -> None:
    """Play the plan (or its JSON) with a client, by its factory or by its name.

    Must not be called on a running loop. With `strict` findings on what is only assumed count.
    Raises `AssertionError`, which tells the shortest session that breaks the same invariant, or
    without `shorten` this one; `PlanError` and `NoClientError` for what cannot be played.
    """
    __tracebackhide__ = True
    made = plan if isinstance(plan, Plan) else read_plan(plan)
    make = find_client(client) if isinstance(client, str) else client

    def counts(finding: Finding) -> bool:
        return strict or not finding.advisory

    broken = [each for each in play(made, make).findings if counts(each)]
    if not broken:
        return
    if shorten:
        made, broken = _shortened(made, make, broken, counts)
    seen: list[Played] = []
    judged = play(made, make, watch=seen.append)
    lines = [
        headline(broken),
        "",
        *replayed(Shown(judged=judged, played=seen[0] if seen else None), broken),
    ]
    raise AssertionError("\n".join([*lines, "", f"The plan: {written(made).decode()}"]))


def _shortened(
    plan: Plan, make: MakeClient, broken: list[Finding], counts: Callable[[Finding], bool]
) -> tuple[Plan, list[Finding]]:
    """The shortest session that breaks the same; as it is, if it does not repeat."""
    try:
        shrunk = shrink(plan, broken[0].invariant, lambda each: play(each, make), counts=counts)
    except NotBrokenError:
        return plan, broken
    return shrunk.judged.plan, [*filter(counts, shrunk.judged.findings)]
