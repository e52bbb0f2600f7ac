"""The probes: what a few clients are put through together, one trouble each.

Times are those of the loop. Where time is real a probe watches for less, and what would take
longer to show itself is not judged.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from offhook.faults.verdicts import RetryAfterForm, When
from offhook_scenarios.score.bench import Bench
from offhook_scenarios.score.seen import SOCKETS, WRITES

TOLD_S = 3
"""What `Retry-After` asks for where it is short."""
HUGE_S = 3600
LOST_S = 0.5
"""How long a trouble stays that each client shall meet once."""
REFUSALS = (400, 403, 405, 413, 415, 422, 501)
"""Statuses that no repeat will change (RFC 9110 §15.5, §15.6.2)."""
REFUSED_FOR_S = 3.0
OUTAGE_S = 60.0
"""How long amplification is counted for."""
LIMIT_WINDOW_S = 2.0
"""The mock serves one write in each."""

Play = Callable[[Bench], Coroutine[Any, Any, None]]


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble. `policies` are those of the mock."""

    id: str
    words: str
    play: Play
    policies: dict[str, object] = {}
    capacity_per_s: float | None = None
    """What the mock serves where it limits; for the plot."""


async def _told(bench: Bench, **fields: Any) -> None:
    """A 429 for whoever writes now."""
    laid = bench.reply(WRITES, 429, **fields)
    bench.press(muted=True)
    await bench.watch(LOST_S)
    laid.lift()
    await bench.watch(14.5, wire_s=8.0)


async def _seconds(bench: Bench) -> None:
    await _told(bench, retry_after_s=TOLD_S)


async def _date(bench: Bench) -> None:
    await _told(bench, retry_after_s=TOLD_S, retry_after_form=RetryAfterForm.DATE)


async def _zero(bench: Bench) -> None:
    laid = bench.reply(WRITES, 429, retry_after_s=0)
    bench.press(muted=True)
    await bench.watch(10.0, wire_s=5.0)
    laid.lift()
    await bench.watch(2.0)


async def _huge(bench: Bench) -> None:
    bench.reply(WRITES, 429, retry_after_s=HUGE_S)
    bench.press(muted=True)
    await bench.watch(90.0, wire_s=13.0)


async def _absent(bench: Bench) -> None:
    bench.reply(WRITES, 429)
    bench.press(muted=True)
    await bench.watch(300.0, wire_s=14.0)


async def _malformed(bench: Bench) -> None:
    laid = bench.reply(WRITES, 429, retry_after_text="soon")
    bench.press(muted=True)
    await bench.watch(2.0)
    laid.lift()
    await bench.watch(10.0, wire_s=4.0)


async def _outage(bench: Bench) -> None:
    bench.reply(None, 503)
    bench.cut_sockets()
    bench.press(muted=True)
    await bench.watch(OUTAGE_S, wire_s=14.0)


async def _refused(bench: Bench) -> None:
    for number, status in enumerate(REFUSALS):
        laid = bench.reply(WRITES, status)
        bench.press(muted=number % 2 == 0)
        await bench.watch(REFUSED_FOR_S)
        laid.lift()
        await bench.watch(4.0, wire_s=0.5)


async def _lost(bench: Bench) -> None:
    laid = bench.abort(WRITES, When.AFTER)
    bench.press(muted=True)
    await bench.watch(LOST_S)
    laid.lift()
    await bench.watch(20.0, wire_s=8.0)


async def _broken(bench: Bench) -> None:
    laid = bench.abort(None, When.BEFORE)
    bench.cut_sockets()
    bench.press(muted=True)
    await bench.watch(3.0)
    laid.lift()
    await bench.watch(12.0, wire_s=4.0)


async def _expiry(bench: Bench) -> None:
    bench.expire_tokens()
    for muted in (True, False, True):
        bench.press(muted=muted)
    await bench.watch(30.0, wire_s=8.0)


async def _unauthorized(bench: Bench) -> None:
    bench.reply(WRITES | SOCKETS | {"getWebrtcClientsMe", "getUsersMe", "getConversations"}, 401)
    bench.cut_sockets()
    bench.press(muted=True)
    await bench.watch(60.0, wire_s=8.0)


async def _handshake(bench: Bench) -> None:
    bench.reply(SOCKETS, 503)
    bench.cut_sockets()
    await bench.watch(300.0, wire_s=15.0)


async def _handshake_told(bench: Bench) -> None:
    laid = bench.reply(SOCKETS, 429, retry_after_s=5)
    bench.cut_sockets()
    await bench.watch(4.5)
    laid.lift()
    await bench.watch(20.0, wire_s=8.0)


async def _flap(bench: Bench) -> None:
    bench.close_every_socket_at_its_first_frame()
    bench.cut_sockets()
    await bench.watch(60.0, wire_s=15.0)


async def _gate(bench: Bench) -> None:
    laid = bench.reply(WRITES, 429, retry_after_s=TOLD_S)
    bench.press(muted=True)
    await bench.watch(LOST_S)
    laid.lift()
    bench.press(muted=False)
    await bench.watch(10.0, wire_s=6.0)


async def _limited(bench: Bench) -> None:
    bench.press(muted=True)
    await bench.watch(90.0, wire_s=18.0)


def _limit(mode: str, words: str) -> Probe:
    return Probe(
        id=f"limit-{mode}",
        words=words,
        play=_limited,
        policies={
            "rate_per_operation": dict.fromkeys(sorted(WRITES), 1),
            "rate_window_s": LIMIT_WINDOW_S,
            "retry_after": mode,
            "retry_after_constant_s": 2,
        },
        capacity_per_s=1 / LIMIT_WINDOW_S,
    )


PROBES: dict[str, Probe] = {
    probe.id: probe
    for probe in (
        Probe(id="seconds", words="a 429 with Retry-After in seconds", play=_seconds),
        Probe(id="date", words="a 429 with Retry-After as a date", play=_date),
        Probe(id="zero", words="429 with Retry-After: 0, for 10 s", play=_zero),
        Probe(id="huge", words="429 with Retry-After: 3600", play=_huge),
        Probe(id="absent", words="429 without Retry-After, for minutes", play=_absent),
        Probe(id="malformed", words="429 with Retry-After: soon, for 2 s", play=_malformed),
        Probe(id="outage", words="503 for everything, for a minute", play=_outage),
        Probe(id="refused", words="statuses that no repeat changes", play=_refused),
        Probe(id="lost", words="a write that took effect, and whose answer is lost", play=_lost),
        Probe(id="broken", words="every connection breaks, for 3 s", play=_broken),
        Probe(id="expiry", words="the access token ends, and three presses", play=_expiry),
        Probe(id="unauthorized", words="401 whatever the token, for a minute", play=_unauthorized),
        Probe(id="handshake", words="handshakes answered 503, for minutes", play=_handshake),
        Probe(
            id="handshake-told",
            words="a handshake answered 429 with Retry-After",
            play=_handshake_told,
        ),
        Probe(id="flap", words="sockets that open and are cut at once", play=_flap),
        Probe(id="gate", words="a 429, and another press before the wait is over", play=_gate),
        _limit("constant", "the mock's own limit, Retry-After constant"),
        _limit("window-reset", "the mock's own limit, Retry-After the rest of the window"),
        _limit("backlog-aware", "the mock's own limit, Retry-After by the backlog"),
    )
}
"""Id → probe, in the order in which they are played."""
