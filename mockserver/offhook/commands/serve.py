"""`offhook serve`: its flags, their mirrors in the environment, and the configuration file."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from offhook.commands.exits import Surroundings
from offhook.commands.ranges import NumberRange

_CERTIFICATES = "SSL_CERT_FILE"
"""Where OpenSSL is told to find them."""

FC = TypeVar("FC", bound=Callable[..., Any] | click.Command)


class ConfigFailure(click.ClickException):
    """A file that says what to serve is wrong: exit code 2."""

    exit_code = 2


def _load(ctx: click.Context, _: click.Parameter, path: Path | None) -> Any:
    """Read the file first, so that it gives the other flags their defaults."""
    from offhook.config import Config, ConfigError, load_config  # noqa: PLC0415 - only to serve.

    if path is None:
        return Config()
    try:
        config = load_config(path)
    except ConfigError as error:
        raise ConfigFailure(str(error)) from error
    ctx.default_map = {**(ctx.default_map or {}), **config.serve.given()}
    return config


def _key(_ctx: click.Context, _param: click.Parameter, key: str | None) -> str | None:
    if key is not None and not key.strip():
        raise click.BadParameter("an empty key is anybody's; without the flag one is drawn.")
    return key


def _option(flag: str, **settings: Any) -> Callable[[FC], FC]:
    """A flag with its mirror: --ready-file is OFFHOOK_READY_FILE."""
    mirror = "OFFHOOK_" + flag.removeprefix("--").replace("-", "_").upper()
    return click.option(
        flag, envvar=mirror, show_envvar=True, show_default="default" in settings, **settings
    )


@contextlib.contextmanager
def _dialling_nobody() -> Iterator[None]:
    """Let aiohttp be imported without the machine's certificates, which only its client needs.

    It reads them as it is imported, which takes longer than all of the mock: and this process
    answers, and dials nobody.
    """
    kept = os.environ.get(_CERTIFICATES)
    os.environ[_CERTIFICATES] = os.devnull
    try:
        yield
    finally:
        del os.environ[_CERTIFICATES]
        if kept is not None:
            os.environ[_CERTIFICATES] = kept


@click.command()
@_option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_load,
    is_eager=True,
    help="A TOML file that declares orgs. Flags and the environment win over its [serve].",
)
@_option(
    "--host",
    default="127.0.0.1",
    help="Address to listen on. Beyond loopback, the control API needs a key.",
)
@_option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8089,
    help="Port of the first org; 0 takes free ones. More orgs get the ports after it.",
)
@_option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the ready line is also written, once everything listens.",
)
@_option(
    "--seed",
    type=click.IntRange(min=0),
    help="What all ids and secrets are drawn from; drawn itself when not given.",
)
@_option(
    "--clock",
    type=click.Choice(["system", "manual"]),
    default="system",
    help="manual: time stands until the control API advances it.",
)
@_option(
    "--speed",
    type=NumberRange(1, 100),
    default=1.0,
    help="How many times as fast the system clock runs: only for clients whose own does too.",
)
@_option(
    "--dialect",
    type=click.Choice(["both", "platform", "tutorial"]),
    default="both",
    help="Which API to serve.",
)
@_option(
    "--api-definition",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Swagger 2.0 or OpenAPI 3 as JSON: what is not modelled is answered in its shape.",
)
@_option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file in which tokens, devices and calls outlive the process; it holds secrets.",
)
@_option(
    "--trace",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to which everything the mock sees is appended at once, as JSON lines.",
)
@_option(
    "--control-key",
    callback=_key,
    help="What control requests must send as Offhook-Key; drawn when needed and not given.",
)
@_option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    help="What is logged to stderr.",
)
def serve(config: Any, **flags: Any) -> None:
    """Serve the mock until SIGTERM or SIGINT.

    Once everything listens, one line of JSON on stdout (and in --ready-file) says where.
    Logs go to stderr.

    \b
    Examples:
      offhook serve
      offhook serve --port 0 --ready-file ready.json --seed 7
      offhook serve --config offhook.toml --clock manual
      offhook serve --state mock.sqlite
      OFFHOOK_PORT=9000 offhook serve

    \b
    Exit codes: 0 told to stop, 2 usage or a configuration that cannot be, 3 the surroundings do
    not allow it.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    with _dialling_nobody():
        from offhook.commands.serving import ServeOptions, run  # noqa: PLC0415 - only to serve.
    from offhook.api.definition import DefinitionError  # noqa: PLC0415 - as above.
    from offhook.domain.errors import OffhookError  # noqa: PLC0415 - as above.
    from offhook.stubs import StubError  # noqa: PLC0415 - as above.

    if flags["clock"] == "manual" and flags["speed"] != 1:
        raise click.UsageError(
            "--speed makes the system clock faster, and --clock manual stands still: "
            "give one of them."
        )
    try:
        run(config, ServeOptions(**flags))
    except (DefinitionError, StubError) as error:
        raise ConfigFailure(str(error)) from error
    except OffhookError as error:
        raise Surroundings(str(error)) from error
