"""`offhook schema`: what the server speaks, as OpenAPI 3.1 or AsyncAPI 3 on stdout."""

import json
from typing import TYPE_CHECKING, Any

import click

from offhook import __version__

if TYPE_CHECKING:
    from offhook.api.operation import Operation

DIALECTS = {"both": ("tutorial", "platform"), "platform": ("platform",), "tutorial": ("tutorial",)}
"""What `--dialect` stands for."""


_DIALECT = click.option(
    "--dialect",
    type=click.Choice(list(DIALECTS)),
    default="both",
    envvar="OFFHOOK_DIALECT",
    show_envvar=True,
    show_default=True,
    help="Which API to print.",
)


@click.group()
def schema() -> None:
    """Print what the server speaks: OpenAPI 3.1, and AsyncAPI 3 for the sockets.

    \b
    Examples:
      offhook schema openapi > openapi.json
      offhook schema openapi --dialect tutorial
      offhook schema asyncapi > asyncapi.json
      offhook schema control

    Exit codes: 0 printed, 2 usage, 3 the surroundings do not allow it.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.


@schema.command()
@_DIALECT
def openapi(dialect: str) -> None:
    """The API and OAuth, as clients use them.

    \b
    Example:
      offhook schema openapi --dialect tutorial > openapi.json

    Exit codes: 0 printed, 2 usage, 3 the surroundings do not allow it.
    """  # noqa: D301 - as above.
    from offhook.api import oauth, tutorial  # noqa: PLC0415 - msgspec is loaded only to print.
    from offhook.api.operation import Dialect  # noqa: PLC0415 - as above.
    from offhook.api.platform import operations as platform  # noqa: PLC0415 - as above.

    wanted = {Dialect.OAUTH, *(Dialect(name) for name in DIALECTS[dialect])}
    rows = (*tutorial.OPERATIONS, *platform.OPERATIONS, *oauth.OPERATIONS)
    _print("Offhook", [row for row in rows if row.dialects & wanted])


@schema.command()
@_DIALECT
def asyncapi(dialect: str) -> None:
    """The event sockets of devices, and those of notification channels.

    \b
    Example:
      offhook schema asyncapi > asyncapi.json

    Exit codes: 0 printed, 2 usage, 3 the surroundings do not allow it.
    """  # noqa: D301 - as above.
    from offhook.api.asyncapi import document  # noqa: PLC0415 - as above.
    from offhook.api.operation import Dialect  # noqa: PLC0415 - as above.

    wanted = [Dialect(name) for name in DIALECTS[dialect]]
    _echo(document(wanted, title="Offhook", version=__version__))


@schema.command()
def control() -> None:
    """The control API under /_offhook/v1.

    \b
    Example:
      offhook schema control > control.json

    Exit codes: 0 printed, 2 usage, 3 the surroundings do not allow it.
    """  # noqa: D301 - as above.
    from offhook.control.operations import OPERATIONS  # noqa: PLC0415 - as above.

    _print("Offhook control", list(OPERATIONS))


def _print(title: str, operations: "list[Operation]") -> None:
    from offhook.api.openapi import document  # noqa: PLC0415 - as above.

    _echo(document(operations, title=title, version=__version__))


def _echo(printed: dict[str, Any]) -> None:
    click.echo(json.dumps(printed, indent=2))
