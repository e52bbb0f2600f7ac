"""Sentences for whoever reads a failed test: why, the likely cause, what came near."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offhook.api.answer import stamp
from offhook.domain.views import DeviceView
from offhook.faults.rule import Rule
from offhook.server import MockServer
from offhook.testing.bites import bite_lines
from offhook.testing.seen import SeenCall, calls_of

SHOWN_CALLS = 12
"""How many requests a story tells, the last ones."""


def clock_line(server: MockServer) -> str:
    """What the org's clock shows, in a sentence."""
    return f"The org's clock is {server.clock.mode} and shows {stamp(server.clock.now())}."


def device_line(device: DeviceView) -> str:
    """A device in a sentence."""
    mute = "muted" if device.muted else "live"
    by = "" if device.cause is None else f" (set last by {device.cause})"
    forced = ", forced by an administrator" if device.forced else ""
    return f"Device {device.id} is {device.status} and {mute}{by}{forced}."


def call_lines(calls: Iterable[SeenCall]) -> Iterator[str]:
    """Requests, each with the reason of its refusal."""
    for call in calls:
        yield str(call)
        if call.why is not None:
            yield from (f"    {line}" for line in why_lines(call.why))


def why_lines(why: Mapping[str, Any]) -> Iterator[str]:
    """Why a request was refused: the words, the state that forbade it, what would be right."""
    message = why.get("message")
    yield str(why["code"]) + ("" if message is None else f": {message}")
    facts, token, device = why.get("facts") or {}, why.get("token"), why.get("device")
    if token is not None and "scope" in facts:
        yield f"The scope {facts['scope']} is missing; the token has {_listed(token['scopes'])}."
    if token is not None and token["status"] != "active":
        yield f"The token is {token['status']}; its life ended at {token['expiresAt']}."
    if device is not None:
        mute = "muted" if device["muted"] else "live"
        forced = ", forced by an administrator" if device["forced"] else ""
        yield f"The device was {device['status']} and {mute}{forced}."
    if "right" in why:  # OAuth's refusals say it in their message.
        yield f"Likely remedy: {why['right']}"


def rule_line(rule: Rule) -> str:
    """A fault rule in a sentence."""
    kind = rule.fault.__struct_config__.tag
    at = "anything" if rule.match.operation is None else rule.match.operation
    if rule.matched == 0:
        why = f"{at} never came" if rule.match.operation else "nothing came"
        if rule.match.client_id or rule.match.token_id:
            why += ", or not from the client or token it is meant for"
    elif rule.remaining == rule.times:
        why = f"{rule.matched} came, and skip={rule.skip} let them pass"
    else:
        why = "it was decided and not carried out: it still waits, or the peer had left"
    return f"The fault {kind!r} on {at} never bit: {why}."


def story(server: MockServer) -> str:
    """What a person needs who reads a failed test: requests, refusals, faults, devices, clock."""
    calls = calls_of(server)
    lines = [clock_line(server), *map(device_line, server.org.devices())]
    if not calls:
        lines.append("The mock saw no request.")
    else:
        left_out = max(0, len(calls) - SHOWN_CALLS)
        lines.append("The mock saw" + (f", after {left_out} others:" if left_out else ":"))
        lines += [f"  {line}" for line in call_lines(calls[-SHOWN_CALLS:])]
    lines += bite_lines(server)
    return "\n".join(lines)


def often(count: int) -> str:
    """`once`, or `3 times`."""
    return "once" if count == 1 else f"{count} times"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
