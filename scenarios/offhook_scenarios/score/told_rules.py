"""Rules about `Retry-After`, in each form that clients meet."""

from statistics import fmean

from offhook_scenarios.score.probes import TOLD_S
from offhook_scenarios.score.rule import Judged, Look, Rule, Weight, holds, unjudged
from offhook_scenarios.score.seen import SOCKETS, Seen

GRAIN_S = 0.02
"""Timers are not finer than this: a retry so little too soon is on time."""
AT_ONCE_S = 0.03
"""A mean wait below this is none: it is what the network takes."""
ZERO_PER_S = 10.0
LATE_S = 10.0
SPREAD_S = 0.05
PATIENCE_S = 75.0
"""A person has left by then."""

_RFC = "RFC 9110 §10.2.3"
_LIMITS = "RFC 6585 §4"


def _early(look: Look) -> Judged:
    waits = look.told()
    if not waits:
        return unjudged("it never came back after being told when")
    early = [(asked, waited) for asked, waited, _ in waits if waited < asked - GRAIN_S]
    if not early:
        first = min(waited - asked for asked, waited, _ in waits)
        return holds(True, f"{len(waits)} retries, the soonest {first:.2f} s after the time")
    asked, waited = min(early, key=lambda pair: pair[1] - pair[0])
    return holds(
        False,
        f"{len(early)} of {len(waits)} retries came early: after {waited:.2f} s "
        f"instead of {asked:.2f} s",
    )


def _zero(look: Look) -> Judged:
    if not look.rows():
        return unjudged("it did not retry")
    most = max(_busiest_second(look, client) for client in range(look.one.clients))
    requests = "1 request" if most == 1 else f"{most} requests"
    return holds(most <= ZERO_PER_S, f"at most {requests} of one client within a second")


def _busiest_second(look: Look, client: int) -> int:
    times = [arrival.at for arrival in look.one.of(look.operations, client)]
    return max((sum(at <= other < at + 1.0 for other in times) for at in times), default=0)


def _huge(look: Look) -> Judged:
    gaps = [gap for row in look.rows() for gap in row]
    if not gaps:
        return holds(True, "did not come back while it was watched")
    return holds(False, f"asked to stay away for an hour, it came back after {min(gaps):.2f} s")


def _deadline(look: Look) -> Judged:
    seen = look.one
    if look.rows():
        return unjudged("it did not wait at all")
    ended = [press.ended_at - press.at for press in seen.presses if press.ended_at is not None]
    if len(ended) < len(seen.presses):
        left = len(seen.presses) - len(ended)
        return holds(
            False, f"{left} of {len(seen.presses)} callers still waited after {_length(seen)}"
        )
    return holds(max(ended) <= PATIENCE_S, f"callers were told after {max(ended):.2f} s at most")


def _length(seen: Seen) -> str:
    return f"{seen.ended - seen.began:.0f} s"


def backs_off(look: Look) -> Judged:
    """The first retries do not come at once."""
    first = [row[0] for row in look.rows()]
    if not first:
        return unjudged("it did not retry")
    mean = fmean(first)
    return holds(mean > AT_ONCE_S, f"first retry after {mean:.3f} s on average")


def _late(look: Look) -> Judged:
    waits = look.told()
    if not waits:
        return unjudged("it never came back after being told when")
    most = max(waited - asked for asked, waited, _ in waits)
    return holds(most <= LATE_S, f"the latest came {max(most, 0.0):.2f} s after the time")


def _spread(look: Look) -> Judged:
    first = {client: waited for asked, waited, client in reversed(look.told())}
    obeyed = [waited for waited in first.values() if waited >= TOLD_S - GRAIN_S]
    if len(obeyed) < 2:  # noqa: PLR2004 - one alone is not spread.
        return unjudged("fewer than two clients waited as long as they were told")
    width = max(obeyed) - min(obeyed)
    return holds(
        width >= SPREAD_S, f"{len(obeyed)} clients came back within {width:.2f} s of each other"
    )


def _gate(look: Look) -> Judged:
    seen, operations = look.one, look.operations
    early = 0
    for client in range(seen.clients):
        arrivals = seen.of(operations, client)
        if arrivals and (until := arrivals[0].asked_until) is not None:
            early += sum(arrival.at < until - GRAIN_S for arrival in arrivals[1:])
    told = sum(bool(seen.of(operations, client)) for client in range(seen.clients))
    if not told:
        return unjudged("it sent nothing")
    return holds(not early, f"{early} requests of {told} clients before the wait was over")


def _limit(number: str, mode: str, what: str) -> Rule:
    return Rule(
        id=number,
        name=f"limit-{mode}",
        asks=f"Under the mock's own limit, with {what}, no retry comes early.",
        reason="What holds for one refusal must hold under load, where refusals come in crowds.",
        reference=f"{_RFC}; {_LIMITS}",
        weight=Weight.SHOULD,
        probes=(f"limit-{mode}",),
        how=_early,
    )


RULES = (
    Rule(
        id="B01",
        name="early-seconds",
        asks="After Retry-After in seconds, no retry comes before the time.",
        reason="A retry that is early is refused again, and costs the server what it lacks.",
        reference=f"{_RFC}; {_LIMITS}",
        weight=Weight.MUST,
        probes=("seconds",),
        how=_early,
    ),
    Rule(
        id="B02",
        name="early-date",
        asks="After Retry-After as an HTTP-date, no retry comes before the date.",
        reason="Both forms mean the same; a client that reads one only obeys half of all servers.",
        reference=_RFC,
        weight=Weight.SHOULD,
        probes=("date",),
        how=_early,
    ),
    Rule(
        id="B03",
        name="zero",
        asks=f"Retry-After: 0 is no invitation to more than {ZERO_PER_S:g} requests a second.",
        reason="A wait that was rounded down to 0 s otherwise becomes a busy loop.",
        reference=f"{_RFC}; Site Reliability Engineering, ch. 22",
        weight=Weight.MUST,
        probes=("zero",),
        how=_zero,
    ),
    Rule(
        id="B04",
        name="huge",
        asks="After Retry-After: 3600 it does not come back within minutes.",
        reason="A longest wait that cuts what the server asked for turns obedience into a flood.",
        reference=_RFC,
        weight=Weight.MUST,
        probes=("huge",),
        how=_huge,
    ),
    Rule(
        id="B05",
        name="deadline",
        asks="When the server asks for longer than the caller can wait, the caller is told.",
        reason="A call that sleeps for an hour is an outage of the client's own making.",
        reference="Site Reliability Engineering, ch. 22, Latency and Deadlines",
        weight=Weight.SHOULD,
        probes=("huge",),
        how=_deadline,
    ),
    Rule(
        id="B06",
        name="malformed",
        asks="A Retry-After that cannot be read is treated as absent: backed off from.",
        reason="Read as 0 or as an error it becomes a retry at once.",
        reference=_RFC,
        weight=Weight.SHOULD,
        probes=("malformed",),
        how=backs_off,
    ),
    Rule(
        id="B07",
        name="late",
        asks=f"A retry comes within {LATE_S:g} s of the time that it was told.",
        reason="Capacity that nobody comes back for is lost.",
        reference="RFC 9110 §10.2.3: the time that it ought to wait, and no longer",
        weight=Weight.NICE,
        probes=("seconds", "date"),
        how=_late,
    ),
    Rule(
        id="B08",
        name="told-spread",
        asks="Clients told the same time do not come back in the same instant.",
        reason="A window's reset, obeyed to the instant, is met by the whole herd at once.",
        reference="AWS Builders' Library, Timeouts, retries and backoff with jitter",
        weight=Weight.SHOULD,
        probes=("seconds",),
        how=_spread,
    ),
    Rule(
        id="B09",
        name="gate",
        asks="What one request was told, the other requests of the same token heed.",
        reason="The limit is the token's; otherwise every request has to be refused by itself.",
        reference=_LIMITS,
        weight=Weight.NICE,
        probes=("gate",),
        how=_gate,
    ),
    _limit("B10", "constant", "a constant Retry-After"),
    _limit("B11", "window-reset", "the rest of the window as Retry-After"),
    _limit("B12", "backlog-aware", "a Retry-After that knows the backlog"),
    Rule(
        id="B13",
        name="handshake-told",
        asks="A refused handshake's Retry-After is obeyed too.",
        reason="Sockets come back in larger herds than requests do.",
        reference=f"{_RFC}; RFC 6455 §4.1",
        weight=Weight.SHOULD,
        probes=("handshake-told",),
        of=SOCKETS,
        how=_early,
    ),
)
"""Of `Retry-After`."""
