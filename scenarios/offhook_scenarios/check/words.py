"""What a check has found, in lines for people."""

from collections.abc import Iterator, Sequence

from offhook_scenarios.check.causes import RULES, likely_cause
from offhook_scenarios.check.found import Found
from offhook_scenarios.check.moments import Moment
from offhook_scenarios.check.report import Report, Shown
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.oracles.hygiene import BROKE
from offhook_scenarios.plan.judgement import Finding, Judged
from offhook_scenarios.plan.plan import Plan

SURE_AFTER = 1_000
"""Sessions after which a fault that never bit is worth telling."""
LOG_TOLD, LOG_WIDTH = 12, 160
"""Lines of the client's log that are printed, and how much of each; the file has all."""
MOMENTS_MAX = 40
"""A longer session is told without its middle."""


def told(report: Report, shown: Shown | None = None) -> list[str]:
    """The result; with the session to show, the shortest that broke."""
    lines = list(_sums(report, shown))
    if report.found:
        first, *others = report.found
        lines += ["", *_headline(first)]
        if shown is not None:
            lines += ["", *_once_more(first, shown), *_moments(shown.moments)]
        lines += ["", *_verdict(first)]
        if others:
            lines += ["", *_others(others)]
    return lines


def _sums(report: Report, shown: Shown | None) -> Iterator[str]:
    tally = report.tally
    yield (
        f"{counted(tally.sessions, 'session')}, {tally.virtual_s / 3600:.1f} virtual hours in "
        f"{report.wall_s:.1f} s ({_pace(report)}): {tally.sessions - tally.failed} held, "
        f"{tally.failed} broke."
    )
    if any(each.shrunk.runs for each in report.found):
        telling = "" if shown is None else f", playing it once more {shown.took_s:.1f} s"
        yield f"Shortening what broke took {report.shortened_s:.1f} s{telling}."
    spread = tally.converged()
    if spread is not None:
        yield (
            f"Right again after all was quiet: p50 {spread.p50:.1f} s, p99 {spread.p99:.1f} s, "
            f"longest {spread.max:.1f} s."
        )
    yield (
        f"Shown muted and heard: {tally.exposed_s:.1f} s at most, over {tally.budget_s:g} s in "
        f"{counted(tally.over_budget, 'session')}."
    )
    if tally.sessions >= SURE_AFTER and tally.never_bit:
        yield f"Never bit: {', '.join(tally.never_bit)}."
    if tally.not_judged:
        yield f"Not judged of this client: {_unjudged(tally)}; --json says why."
    if tally.broken:
        yield f"Broken: {_counts(tally.broken)}."
    if tally.advised:
        yield (
            f"On what is only assumed: {_counts(tally.advised)}; that counts with --strict only."
        )
    if tally.excused:
        yield f"Excused, as no client could do it: {_excused(tally.excused)}; --json says why."


def _unjudged(tally: Tally) -> str:
    """An invariant may be judged in part, and in some sessions: what is left out is named."""
    by_number = sorted(tally.not_judged.items(), key=lambda each: int(each[0][1:]))
    return ", ".join(
        f"{found.why.partition(':')[0]} ({name}"
        + (f", in {found.sessions} of {tally.sessions}" if found.sessions < tally.sessions else "")
        + ")"
        for name, found in by_number
    )


def _excused(excused: dict[tuple[str, str, str], int]) -> str:
    by_number = sorted(excused.items(), key=lambda each: int(each[0][0][1:]))
    return ", ".join(
        f"{invariant} in {count} ({policy})" for (invariant, policy, _), count in by_number
    )


def _pace(report: Report) -> str:
    """`82 a second`, and of what is slower `13.3 s each`."""
    sessions, wall_s = report.tally.sessions, report.wall_s
    if 0 < sessions < wall_s:
        return f"{wall_s / sessions:.1f} s each"
    return f"{sessions / max(wall_s, 1e-9):.0f} a second"


def _counts(counted: dict[str, int]) -> str:
    by_number = sorted(counted.items(), key=lambda each: int(each[0][1:]))
    return ", ".join(f"{name} in {count}" for name, count in by_number)


def _headline(found: Found) -> Iterator[str]:
    yield headline(found.broken)
    first, steps = found.first.plan, len(found.first.plan.steps)
    if not found.repeats:
        yield (
            f"Seed {first.seed} broke it, and did not when it was played again: "
            "something in it is not repeatable."
        )
        if found.divergence is not None:
            yield f"Of two more plays of it: {found.divergence}"
    elif found.shrunk.runs:
        yield (
            f"The shortest session that breaks it, {counted(len(found.plan.steps), 'step')}; "
            f"found as seed {first.seed} with {steps}, shortened in {found.shrunk.runs} plays:"
        )
    else:
        yield f"As seed {first.seed}, {counted(steps, 'step')}, not shortened:"


def counted(number: int, noun: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _once_more(found: Found, shown: Shown) -> Iterator[str]:
    if not any(each.invariant is found.invariant for each in shown.judged.findings):
        yield "  Played once more to be told, it held. This is how it went then:"


def _moments(moments: tuple[Moment, ...]) -> Iterator[str]:
    if not moments:
        yield "  It came to no end: nobody could write down what happened."
    half = MOMENTS_MAX // 2
    for number, moment in enumerate(moments):
        if len(moments) <= MOMENTS_MAX or not half <= number < len(moments) - half:
            yield moment.words
        elif number == half:
            yield f"        …    {len(moments) - MOMENTS_MAX} more"


def _verdict(found: Found) -> Iterator[str]:
    yield from told_of(found.broken, found.plan, found.judged.findings)
    if log := found.judged.log:
        yield from ("Its log:", *(f"  | {line[:LOG_WIDTH]}" for line in log[-LOG_TOLD:]))
    if found.reference_breaks is not None:
        yield (
            "The reference client breaks it too in this session: doubt the harness first, and "
            "please report it."
            if found.reference_breaks
            else "The reference client holds in this session."
        )


def _finding(finding: Finding) -> str:
    advisory = " (on what is only assumed)" if finding.advisory else ""
    return f"{finding.invariant.value} {finding.desk}: {finding.words.rstrip('.')}.{advisory}"


def _others(others: list[Found]) -> Iterator[str]:
    told_of = ", ".join(
        f"{each.invariant.value} in {counted(len(each.plan.steps), 'step')} (seed {each.plan.seed})"
        for each in others
    )
    yield f"Also broken: {told_of}; `--invariant {others[0].invariant.value}` shows that one."


def replayed(shown: Shown, broken: Sequence[Finding]) -> list[str]:
    """A session that was played again."""
    return [*_moments(shown.moments), "", *session(shown.judged, broken)]


def headline(broken: Sequence[Finding]) -> str:
    """What broke, in a sentence, or that nothing did."""
    if not broken:
        return "Nothing broke in this session."
    name = broken[0].invariant.value
    return f"{name} breaks: {RULES[name]}"


def told_of(broken: Sequence[Finding], plan: Plan, others: Sequence[Finding] = ()) -> list[str]:
    """The findings and their likely cause; `others`: whatever was found in the session."""
    cause = likely_cause(broken[0], plan, others)
    # What raised is seldom the invariant that is told, and most often why it broke.
    raised = [each for each in others if each not in broken and each.words.startswith(BROKE)]
    return [*map(_finding, (*broken, *raised[:1])), f"Likely cause: {cause}"]


def session(judged: Judged, broken: Sequence[Finding]) -> list[str]:
    """Whether one session broke, and what."""
    verdict = "broke" if broken else "held"
    lines = [
        f"Seed {judged.plan.seed} {verdict}, {counted(len(judged.plan.steps), 'step')}:",
        *(f"  {_finding(finding)}" for finding in judged.findings),
    ]
    if broken:
        lines.append(f"Likely cause: {likely_cause(broken[0], judged.plan, judged.findings)}")
    return lines
