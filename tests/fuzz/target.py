"""A coverage-guided fuzzer at every parser of ours: `python tests/fuzz/target.py`, needs atheris.

The first byte of an input chooses the door: HTTP body, device frame, channel message,
configuration, plan, path and query, log of inputs, trace. What a door declares to raise is no
finding; anything else is, and so is an answer of 500 or more.
atheris has wheels for Python 3.11 on Linux.

    python tests/fuzz/target.py -runs=1000000 -max_len=512
"""

import sys
from importlib import import_module
from typing import Any

atheris: Any = import_module("atheris")

with atheris.instrument_imports(include=["offhook"]):
    import tomllib

    import msgspec
    from aiohttp import web

    from offhook import DEFAULT
    from offhook.adapters.clock import ManualClock
    from offhook.adapters.line_file import LineFileError, parse_lines
    from offhook.api.apply import apply
    from offhook.api.exchange import Request, Response
    from offhook.api.notifications import read_report
    from offhook.api.platform.topics import read_message
    from offhook.api.resolve import resolve
    from offhook.config import ConfigError, read_config
    from offhook.domain.input_log import INPUTS, unpack
    from offhook.oauth.inputs import MintToken
    from offhook.server import DIALECTS, OPERATIONS
    from offhook.tenancy import Tenancy
    from offhook_scenarios.plan.plan import Plan, PlanError, read_plan

NOW = 1_790_000_000.0
NAMES = sorted(INPUTS)
LIMITS: dict[str, object] = dict.fromkeys(
    ("rate_per_token", "rate_per_user", "rate_per_user_and_client"), 10**9
)


def _tenancy() -> tuple[Tenancy, str]:
    settings = msgspec.structs.replace(DEFAULT, policies=DEFAULT.policies.changed(LIMITS))
    tenancy = Tenancy(
        settings, seed=1, now=NOW, operations=OPERATIONS, dialects=DIALECTS, clock=ManualClock(NOW)
    )
    return tenancy, tenancy.org.receive(MintToken(user="agent"), now=NOW).secret


TENANCY, SECRET = _tenancy()
ROWS = [row for row in OPERATIONS if row.body is not None or row.form is not None]


def _http(data: bytes) -> None:
    row = ROWS[data[0] % len(ROWS)] if data else ROWS[0]
    path = "/".join("x" if part.startswith("{") else part for part in row.path.split("/"))
    _ask(row.method, path, "", data[1:], form=row.form is not None)


def _place(data: bytes) -> None:
    path, _, query = data.decode("latin-1").partition("?")
    _ask("GET", "/" + path, query, b"", form=False)


def _ask(method: str, path: str, query: str, body: bytes, *, form: bool) -> None:
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {"authorization": f"Bearer {SECRET}", "content-type": kind}
    request = Request(
        method=method, path=path, query=query, headers=headers, body=body, origin="http://mock"
    )
    answer = apply(TENANCY, resolve(TENANCY, request, now=NOW), now=NOW)
    TENANCY.org.take_outbound()
    if isinstance(answer, Response):
        assert answer.status < web.HTTPInternalServerError.status_code or answer.status == 501, (
            TENANCY.org.journal.entries(kind="error")[-1:]
        )


def _frame(data: bytes) -> None:
    read_report("s", data.decode(errors="replace"))
    read_message("c", data.decode(errors="replace"))


def _config(data: bytes) -> None:
    try:
        read_config(tomllib.loads(data.decode()))
    except (ConfigError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return


def _plan(data: bytes) -> None:
    try:
        plan = read_plan(data)
    except PlanError:
        return
    assert isinstance(plan, Plan)


def _log(data: bytes) -> None:
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    try:
        unpack(name, data[1:])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return


def _lines(data: bytes) -> None:
    try:
        lines = parse_lines(data, where="t")
    except LineFileError:
        return
    assert len(lines.values) == data.count(b"\n")


DOORS = (_http, _frame, _config, _plan, _place, _log, _lines)


def one_input(data: bytes) -> None:
    """What atheris calls."""
    if data:
        DOORS[data[0] % len(DOORS)](data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
