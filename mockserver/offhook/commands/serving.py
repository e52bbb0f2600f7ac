"""What `offhook serve` does: one server an org, a ready line, and a graceful end."""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import stat
import sys
from pathlib import Path

import msgspec

from offhook import __version__
from offhook.adapters.clock import Clock, ManualClock, SystemClock
from offhook.adapters.definition_file import load_definition
from offhook.adapters.loop import serving_loop
from offhook.adapters.whole_file import write_whole
from offhook.api.operation import Dialect
from offhook.config import Config
from offhook.server import DIALECTS, MockServer, SurroundingsError, is_loopback
from offhook.settings import OrgSettings
from offhook.unmodelled import listed

logger = logging.getLogger("offhook.serve")

_SEEDS = 1 << 32
_DIALECTS = {
    "both": DIALECTS,
    "platform": frozenset({Dialect.PLATFORM}),
    "tutorial": frozenset({Dialect.TUTORIAL}),
}


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The flags of `offhook serve`, checked already. `port` 0: a free one for each org."""

    host: str
    port: int
    ready_file: Path | None
    seed: int | None
    clock: str
    speed: float
    dialect: str
    api_definition: Path | None
    state: Path | None
    trace: Path | None
    control_key: str | None
    log_level: str


def run(config: Config, options: ServeOptions) -> None:
    """Serve until SIGTERM or SIGINT. Raises `SurroundingsError` when it cannot."""
    logging.basicConfig(
        stream=sys.stderr,
        level=options.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if options.speed > 1:
        logger.warning(
            "The clock runs %g times as fast: to a client on the wall's clock this server would "
            "look broken.",
            options.speed,
        )
    with asyncio.Runner(loop_factory=serving_loop(options.speed)) as runner:
        runner.run(_serve(config, options))


async def _serve(config: Config, options: ServeOptions) -> None:
    told_to_stop = asyncio.Event()
    _listen_for_signals(told_to_stop)
    refuse_special(options.ready_file)
    async with contextlib.AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(s) for s in make_servers(config, options)]
        # Only who listens may take the file away: it may be that of a server on the same port.
        _forget(options.ready_file)
        stack.callback(_forget, options.ready_file)
        for server in servers:
            if server.settings in Config().orgs:
                _say(describe(server.settings, seed=server.seed))
        if not is_loopback(options.host):
            _say(f"Reachable beyond this machine. Offhook-Key: {servers[0].control_key}")
        announce(ready_line(servers, options), options.ready_file)
        await told_to_stop.wait()
        logger.info("Told to stop")
        for server in servers:
            if server.unmodelled:
                others = server.tenancy.unmodelled.others
                _say(listed(server.settings.name, server.unmodelled, others=others))


def make_servers(config: Config, options: ServeOptions) -> list[MockServer]:
    """One server for each org. Their seeds follow each other, so that no secret is in two orgs."""
    seed = secrets.randbelow(_SEEDS) if options.seed is None else options.seed
    key = options.control_key
    if key is None and not is_loopback(options.host):
        key = secrets.token_urlsafe(24)
    path = options.api_definition
    definition = None if path is None else load_definition(path)
    return [
        MockServer(
            settings,
            # A state file knows its seed; only one that was asked for is held against it.
            seed=None if options.seed is None and options.state is not None else seed + at,
            clock=_clock(options.clock),
            host=options.host,
            port=options.port + at if options.port else 0,
            dialects=_DIALECTS[options.dialect],
            control_key=key,
            api_definition=definition,
            state=_file_of(settings, options.state, alone=len(config.orgs) == 1),
            trace=_file_of(settings, options.trace, alone=len(config.orgs) == 1),
        )
        for at, settings in enumerate(config.orgs)
    ]


def _file_of(org: OrgSettings, path: Path | None, *, alone: bool) -> Path | None:
    """The org's own state or trace: of several orgs each has one, with its name in it."""
    if path is None or alone:
        return path
    return path.with_name(f"{path.stem}-{org.name}{path.suffix}")


def _clock(mode: str) -> Clock:
    return ManualClock() if mode == "manual" else SystemClock()


def ready_line(servers: list[MockServer], options: ServeOptions) -> str:
    """Where everything is, as one line of JSON."""
    first = servers[0]
    ready: dict[str, object] = {
        "ready": True,
        "url": first.url,
        "pid": os.getpid(),
        "version": __version__,
        "seed": first.seed,
        "clock": options.clock,
        "speed": options.speed,
        "orgs": [
            {"name": server.settings.name, "url": server.url, "controlUrl": server.control_url}
            for server in servers
        ],
    }
    if not is_loopback(options.host):
        ready["controlKey"] = first.control_key
    return json.dumps(ready)


def announce(line: str, ready_file: Path | None) -> None:
    """Write the ready line to the file, whole or not at all, and to stdout if anyone reads it."""
    if ready_file is not None:
        try:
            write_whole(ready_file, line + "\n")
        except OSError as error:
            raise SurroundingsError(
                f"Cannot write the ready file {ready_file}: {error.strerror}."
            ) from error
    _say(line, to_stdout=True)


def _say(text: str, *, to_stdout: bool = False) -> None:
    """Print, unless the stream is closed: a server goes on without anyone listening to it."""
    stream = sys.stdout if to_stdout else sys.stderr
    try:
        print(text, file=stream, flush=True)
    except (OSError, ValueError, AttributeError):
        # The interpreter would complain once more when it flushes at exit.
        if to_stdout:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until exit.


def describe(org: OrgSettings, *, seed: int) -> str:
    """An org as a small table: who may log in, and how. These secrets are examples."""
    rows = [("user", "password", "")]
    rows += [(user.username, user.password, user.email) for user in org.users]
    rows += [("", "", ""), ("OAuth client", "secret", "")]
    rows += [
        (client.id, client.secret or "(public: PKCE)", ", ".join(sorted(client.grants)))
        for client in org.clients
    ]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"  {a:<{wide[0]}}  {b:<{wide[1]}}  {c}".rstrip() for a, b, c in rows]
    return "\n".join([f"Org {org.name} (seed {seed})", *lines])


def refuse_special(ready_file: Path | None) -> None:
    """A ready file is replaced whole and taken away at the end, which `/dev/null` must not be.

    Raises `SurroundingsError` when the path is there and is no ordinary file.
    """
    if ready_file is None or not os.path.lexists(ready_file):
        return
    if not stat.S_ISREG(ready_file.lstat().st_mode):
        raise SurroundingsError(
            f"The ready file {ready_file} is there already and no ordinary file: name another."
        )


def _forget(ready_file: Path | None) -> None:
    """A ready file without a server behind it would mislead."""
    if ready_file is not None:
        with contextlib.suppress(OSError):
            ready_file.unlink(missing_ok=True)


def _listen_for_signals(told_to_stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            # Its loops know no signals: a plain handler must wake the loop itself.
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(told_to_stop.set))
        else:
            loop.add_signal_handler(name, told_to_stop.set)
