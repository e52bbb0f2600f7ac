"""Rules about what is sent again at all: refusals, writes, tokens, and layers that nobody sees."""

from offhook_scenarios.score.probes import REFUSALS, REFUSED_FOR_S
from offhook_scenarios.score.rule import Judged, Look, Rule, Weight, holds, unjudged
from offhook_scenarios.score.seen import TOKENS, Seen

TOKENS_MAX = 3
"""Token requests of one client while everything is answered 401."""
CALLS_MAX = 20
"""Other requests of one client, meanwhile."""
_MUTATING = frozenset({"POST", "PATCH"})
"""Methods that are not idempotent by themselves (RFC 9110 §9.2.2)."""


def _refused(look: Look) -> Judged:
    seen = look.one
    again: dict[int, int] = {}
    first = 0
    for press in seen.presses:
        sent = [
            arrival
            for arrival in seen.of(look.operations, press.client)
            if press.at <= arrival.at < press.at + REFUSED_FOR_S and arrival.status in REFUSALS
        ]
        first += bool(sent)
        for arrival in sent[1:]:
            again[arrival.status] = again.get(arrival.status, 0) + 1
    if not first:
        return unjudged("it sent nothing")
    if not again:
        return holds(True, f"{first} refusals, none asked for again")
    shown = ", ".join(f"{count} after {status}" for status, count in sorted(again.items()))
    return holds(False, f"sent again: {shown}")


def _duplicates(look: Look) -> Judged:
    seen = look.one
    applied = [arrival for arrival in seen.of(look.operations) if arrival.applied]
    if not applied:
        return unjudged("it wrote nothing")
    bare = 0
    for client in range(seen.clients):
        writes = (arrival for arrival in applied if arrival.client == client)
        keys = [arrival.key for arrival in writes if arrival.method in _MUTATING]
        bare += sum(key is None or key not in keys[:at] for at, key in enumerate(keys) if at)
    again = len(applied) - len({arrival.client for arrival in applied})
    if not again:
        return holds(True, "no write that had taken effect was sent again")
    return holds(
        not bare,
        f"{again} writes were sent again after they had taken effect, {bare} without the key "
        "of the first",
    )


def _single_flight(look: Look) -> Judged:
    seen = look.one
    count = len(seen.of(look.operations))
    if not count:
        return unjudged("it asked for no new token")
    each = count / seen.clients
    return holds(each <= 1.0, f"{each:.1f} token requests for each token that ended")


def _token_loop(look: Look) -> Judged:
    seen = look.one
    tokens = len(seen.of(look.operations)) / seen.clients
    calls = sum(a.operation not in look.operations for a in seen.arrivals) / seen.clients
    if not seen.arrivals:
        return unjudged("it sent nothing")
    return holds(
        tokens <= TOKENS_MAX and calls <= CALLS_MAX,
        f"{tokens:.1f} token requests and {calls:.1f} others of each client",
    )


def _layers(look: Look) -> Judged:
    seen = [each for each in look.seen if each.believed is not None]
    if not seen:
        return unjudged("it does not say how many requests it believes to have sent")
    believed = sum(each.believed or 0 for each in seen)
    hidden = {each.probe: each.received - (each.believed or 0) for each in seen}
    worst = max(hidden, key=lambda probe: hidden[probe])
    received = sum(each.received for each in seen)
    words = f"{received} requests arrived, {believed} were believed sent"
    if hidden[worst] <= 0:
        return holds(True, words)
    return holds(False, f"{words}; {hidden[worst]} more than believed when {worst}")


def _flood(look: Look) -> Judged:
    for seen in look.seen:
        if seen.broken is not None:
            return holds(False, f"{seen.probe}: {seen.broken}")
    busiest, seen = max(((_rate(each), each) for each in look.seen), key=lambda pair: pair[0])
    return holds(True, f"never more than {busiest:.1f} requests/s of one client ({seen.probe})")


def _rate(seen: Seen) -> float:
    length_s = seen.ended - seen.began
    return len(seen.arrivals) / seen.clients / length_s if length_s > 0 else 0.0


RULES = (
    Rule(
        id="B40",
        name="refused",
        asks=f"{', '.join(map(str, REFUSALS))} are not retried.",
        reason="The same request gets the same answer; the retries only hide the mistake.",
        reference="RFC 9110 §15.5, §15.6.2",
        weight=Weight.SHOULD,
        probes=("refused",),
        how=_refused,
    ),
    Rule(
        id="B41",
        name="duplicate-writes",
        asks="A write whose answer was lost is sent again with its key, or not at all.",
        reason="It may have taken effect, and somebody else's may have come after it.",
        reference="RFC 9110 §9.2.2",
        weight=Weight.MUST,
        probes=("lost",),
        how=_duplicates,
    ),
    Rule(
        id="B42",
        name="single-flight",
        asks="A token that ended is replaced by one token request, whoever needs it.",
        reason="With rotating refresh tokens a second one looks like theft, and ends the login.",
        reference="RFC 9700 §4.14.2",
        weight=Weight.SHOULD,
        probes=("expiry",),
        of=TOKENS,
        how=_single_flight,
    ),
    Rule(
        id="B43",
        name="token-loop",
        asks=f"401 for ever ends after at most {TOKENS_MAX} token requests.",
        reason="A new token that is refused as well will not be helped by a third.",
        reference="RFC 6750 §3.1",
        weight=Weight.MUST,
        probes=("unauthorized",),
        of=TOKENS,
        how=_token_loop,
    ),
    Rule(
        id="B44",
        name="hidden-layers",
        asks="No layer below sends requests of which the client does not know.",
        reason="Layers multiply: three attempts over two are six, and nobody wrote six.",
        reference="Site Reliability Engineering, ch. 22, Retries: at a single level",
        weight=Weight.SHOULD,
        probes=("broken", "lost"),
        how=_layers,
    ),
    Rule(
        id="B45",
        name="sound",
        asks="It starts, stops, does not break and does not flood, whatever it meets.",
        reason="What breaks on a refusal is judged no further.",
        reference="this page",
        weight=Weight.MUST,
        probes=("seconds", "zero", "absent", "malformed", "outage", "broken", "flap"),
        how=_flood,
    ),
)
"""Of requests."""
