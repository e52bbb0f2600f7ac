"""What a test may demand of what the server saw, with messages that tell what came near."""

from difflib import get_close_matches

from offhook.domain.views import DeviceView
from offhook.server import MockServer
from offhook.testing.bites import bite_lines
from offhook.testing.explain import call_lines, clock_line, device_line, often
from offhook.testing.seen import SeenCall, SeenCalls, calls_of
from offhook.testing.truth import Witnesses

NEAR_MISSES = 5
"""How many requests that came near are told."""


def find_device(server: MockServer, who: str | None) -> DeviceView:
    """A device by its id, or a user's newest by id, username or email; the newest when None.

    Raises `LookupError`.
    """
    devices = server.org.devices()
    if who is None:
        found = devices[-1:]
    else:
        user = server.org.find_user(who)
        user_id = None if user is None else user.id
        found = tuple(d for d in devices if d.id == who or d.user_id == user_id)[-1:]
    if found:
        return found[0]
    wanted = (
        "no device at all" if who is None else f"no device {who!r}, and no device of such a user"
    )
    there = "".join(f"\n  {device_line(device)}" for device in devices)
    raise LookupError(
        f"There is {wanted}: a client opens one with GET /api/v2/webrtc/clients/me.{there}\n"
        + "\n".join(_last(server))
    )


def check_called(
    server: MockServer, operation: str, *, status: int | None, times: int | None
) -> tuple[SeenCall, ...]:
    """The requests of an operation. Raises `AssertionError` when there are none, or not so many.

    Raises `ValueError` for an operation that cannot come.
    """
    _check_name(server, operation)
    calls = calls_of(server)
    found = calls.of(operation, status=status)
    if len(found) == times or (times is None and found):
        return tuple(found)
    wanted = f"{operation}{'' if status is None else f' that was answered {status}'}"
    lines = [
        f"The mock saw no {wanted}."
        if not found
        else f"The mock saw {wanted} {often(len(found))}, not {often(times or 0)}."
    ]
    lines += _near(calls, found or calls.of(operation), operation)
    raise AssertionError("\n".join([*lines, clock_line(server)]))


def check_muted(server: MockServer, who: str | None, *, muted: bool) -> None:
    """Raises `AssertionError` unless the device is muted, or live, on the server."""
    device = find_device(server, who)
    if device.muted == muted:
        return
    wish = device.last_intent
    lines = [
        f"The server holds {_word(device.muted)}, not {_word(muted)}.",
        device_line(device),
        "Nobody has asked for either through the API."
        if wish is None
        else f"What was last asked for through the API is {_word(wish.muted)}.",
        *_last(server),
    ]
    raise AssertionError("\n".join(lines))


def check_truthful(server: MockServer, witnesses: Witnesses, within_s: float) -> None:
    """Raises `UntruthError` when a screen has lied for longer, or lies now."""
    refused = calls_of(server).refused[-NEAR_MISSES:]
    why = ["The mock has refused:", *(f"  {line}" for line in call_lines(refused))]
    told = (*(why if refused else ()), *bite_lines(server), clock_line(server))
    witnesses.demand(within_s, *told)


def _last(server: MockServer) -> list[str]:
    calls = calls_of(server)[-NEAR_MISSES:]
    if not calls:
        return ["The mock saw no request: does the client point at its url?", clock_line(server)]
    return ["The mock saw:", *(f"  {line}" for line in call_lines(calls)), clock_line(server)]


def _word(muted: bool) -> str:  # noqa: FBT001 - muted or not is what it turns into a word.
    return "muted" if muted else "live"


def _near(calls: SeenCalls, of_it: SeenCalls, operation: str) -> list[str]:
    if of_it:
        near, title = of_it, "Of it the mock saw:"
    else:
        method = operation.partition(" ")[0]
        alike = [call for call in calls if call.method == method or call.operation is None]
        near, title = SeenCalls(alike or calls), "What came nearest:"
    if not near:
        return ["It saw no request at all: does the client point at the mock's url?"]
    return [title, *(f"  {line}" for line in call_lines(near[-NEAR_MISSES:]))]


def _check_name(server: MockServer, operation: str) -> None:
    if " /" in operation:
        return
    known = [row.id for row in server.tenancy.operations]
    if operation not in known:
        near = get_close_matches(operation, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "GET /a/path names a path."
        raise ValueError(f"There is no operation {operation!r}; {hint}")
