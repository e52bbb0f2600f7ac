"""Rules about waits that no server asked for: growth, cap, jitter, and how much in all."""

from collections.abc import Sequence
from statistics import fmean

from offhook_scenarios.score.probes import OUTAGE_S
from offhook_scenarios.score.rule import Judged, Look, Rule, Weight, holds, unjudged
from offhook_scenarios.score.seen import SOCKETS, TOKENS
from offhook_scenarios.score.told_rules import backs_off

MOST_ATTEMPTS = 20.0
"""Of one wish in a minute of outage. Full jitter from 0.25 s to 20 s needs about 12."""
GROWTH = 1.5
"""The longest waits of a row are on average so many times as long as the first."""
JITTER = 0.1
"""From the shortest to the longest, as a share of the mean."""
CAP_S = 120.0
AT_CAP = 6
"""From the sixth wait on a row counts as having come to its cap."""
DIALS_MAX = 12
"""Handshakes of one client within the first ten seconds."""
_FIRST_S = 10.0
_FEW = 2

_AWS = "Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015"
_SRE = "Site Reliability Engineering, ch. 22, Retries"


def _amplification(look: Look) -> Judged:
    seen = look.one
    until = seen.began + OUTAGE_S
    calls = [a for a in seen.arrivals if a.at <= until and a.operation not in SOCKETS | TOKENS]
    if not calls:
        return unjudged("it sent nothing")
    each = len(calls) / len(seen.presses)
    return holds(
        each <= MOST_ATTEMPTS,
        f"{each:.1f} requests for each press in {min(OUTAGE_S, seen.ended - seen.began):.0f} s",
    )


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    """The mean of each client's first wait, second wait, … while half of the clients have one."""
    found, number = [], 0
    while len(some := [row[number] for row in rows if len(row) > number]) * 2 > len(rows):
        found.append(fmean(some))
        number += 1
    return found


def _growth(look: Look) -> Judged:
    means = _means(look.rows())
    if len(means) < _FEW:
        return unjudged("fewer than two retries in a row")
    shown = ", ".join(f"{mean:.2f}" for mean in means[:7])
    return holds(max(means[1:]) >= GROWTH * means[0], f"waits of {shown} s on average")


def _cap(look: Look) -> Judged:
    rows = look.rows()
    if max(map(len, rows), default=0) < AT_CAP:
        return unjudged(f"fewer than {AT_CAP} retries in a row")
    longest = max(max(row) for row in rows)
    return holds(longest <= CAP_S, f"the longest wait was {longest:.1f} s")


def _jitter(look: Look) -> Judged:
    return _spread([row[0] for row in look.rows()], "first waits")


def _first_dial(look: Look) -> Judged:
    """How far apart the clients come back whose sockets were cut together."""
    seen = look.one
    first = [
        arrivals[0].at - seen.began
        for client in range(seen.clients)
        if (arrivals := seen.of(look.operations, client))
    ]
    return _spread(first, "first reconnects")


def _jitter_at_cap(look: Look) -> Judged:
    late = [row[AT_CAP - 1 :] for row in look.rows() if len(row) >= AT_CAP]
    if len(late) < _FEW:
        return unjudged(f"fewer than {AT_CAP} retries in a row")
    shortest = min(map(len, late))
    return _spread([row[shortest - 1] for row in late], "waits at the cap")


def _spread(values: Sequence[float], what: str) -> Judged:
    if len(values) < _FEW:
        return unjudged(f"fewer than two {what}")
    low, high, mean = min(values), max(values), fmean(values)
    return holds(
        high - low >= JITTER * mean, f"{len(values)} {what} from {low:.2f} to {high:.2f} s"
    )


def _flap(look: Look) -> Judged:
    counts = [_within(look, client) for client in range(look.one.clients)]
    if max(counts) == 0:
        return unjudged("it opened no socket again")
    return holds(
        max(counts) <= DIALS_MAX,
        f"at most {max(counts)} handshakes of one client in {_FIRST_S:g} s",
    )


def _within(look: Look, client: int) -> int:
    until = look.one.began + _FIRST_S
    return sum(arrival.at < until for arrival in look.one.of(look.operations, client))


RULES = (
    Rule(
        id="B20",
        name="amplification",
        asks=f"In an outage a wish costs at most {MOST_ATTEMPTS:g} requests a minute.",
        reason="Retries are load, and there is most of it when the server can bear least.",
        reference=_SRE,
        weight=Weight.MUST,
        probes=("outage",),
        how=_amplification,
    ),
    Rule(
        id="B21",
        name="immediate",
        asks="The first retry is not sent at once.",
        reason="What has just failed has hardly changed, and all clients fail together.",
        reference=_SRE,
        weight=Weight.MUST,
        probes=("absent", "outage"),
        how=backs_off,
    ),
    Rule(
        id="B22",
        name="growth",
        asks="Waits grow from retry to retry.",
        reason="A fixed wait keeps the load of an outage for as long as it lasts.",
        reference=f"{_AWS}; {_SRE}",
        weight=Weight.SHOULD,
        probes=("absent",),
        how=_growth,
    ),
    Rule(
        id="B23",
        name="cap",
        asks=f"No wait that nobody asked for is longer than {CAP_S:g} s.",
        reason="Without a cap, an outage of an hour is followed by another of the client's own.",
        reference=_AWS,
        weight=Weight.NICE,
        probes=("absent",),
        how=_cap,
    ),
    Rule(
        id="B24",
        name="jitter",
        asks="First waits of clients that fail together differ.",
        reason="Without jitter the herd stays a herd, however long it waits.",
        reference=_AWS,
        weight=Weight.SHOULD,
        probes=("absent",),
        how=_jitter,
    ),
    Rule(
        id="B25",
        name="jitter-at-cap",
        asks="Waits that have come to the cap still differ.",
        reason="Jitter that the cap cuts off is gone where an outage is longest.",
        reference=_AWS,
        weight=Weight.SHOULD,
        probes=("absent",),
        how=_jitter_at_cap,
    ),
    Rule(
        id="B30",
        name="socket-growth",
        asks="Waits between refused handshakes grow.",
        reason="A fixed reconnect delay times all desks is a steady flood.",
        reference="RFC 6455 §7.2.3",
        weight=Weight.SHOULD,
        probes=("handshake",),
        of=SOCKETS,
        how=_growth,
    ),
    Rule(
        id="B31",
        name="socket-reset",
        asks=f"A socket that opens and is cut is dialled at most {DIALS_MAX} times in ten seconds.",
        reason="Where an open socket counts as success the backoff never grows: a busy loop.",
        reference="RFC 6455 §7.2.3",
        weight=Weight.MUST,
        probes=("flap",),
        of=SOCKETS,
        how=_flap,
    ),
    Rule(
        id="B32",
        name="socket-flap-growth",
        asks="Waits between sockets that open and are cut at once grow too.",
        reason="To be connected is no success before it has lasted.",
        reference="RFC 6455 §7.2.3",
        weight=Weight.SHOULD,
        probes=("flap",),
        of=SOCKETS,
        how=_growth,
    ),
    Rule(
        id="B33",
        name="socket-jitter",
        asks="Clients whose sockets are cut together do not come back together.",
        reason="A restart of the server cuts all sockets in one instant.",
        reference="RFC 6455 §7.2.3: the first reconnect after a random delay",
        weight=Weight.SHOULD,
        probes=("handshake",),
        of=SOCKETS,
        how=_first_dial,
    ),
)
"""Of waits, attempts and reconnects."""
