"""`offhook schema`: what the server speaks, as OpenAPI 3.1 on stdout."""

import json
from typing import TYPE_CHECKING

import click

from offhook import __version__

if TYPE_CHECKING:
    from offhook.api.operation import Operation

DIALECTS = {"both": ("tutorial", "platform"), "platform": ("platform",), "tutorial": ("tutorial",)}
"""What `--dialect` stands for."""


@click.group()
def schema() -> None:
    """Print what the server speaks, as OpenAPI 3.1.

    \b
    Examples:
      offhook schema openapi > openapi.json
      offhook schema openapi --dialect tutorial
      offhook schema control
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.


@schema.command()
@click.option(
    "--dialect",
    type=click.Choice(list(DIALECTS)),
    default="both",
    envvar="OFFHOOK_DIALECT",
    show_envvar=True,
    show_default=True,
    help="Which API to print.",
)
def openapi(dialect: str) -> None:
    """The API and OAuth, as clients use them."""
    from offhook.api import oauth, tutorial  # noqa: PLC0415 - msgspec is loaded only to print.
    from offhook.api.operation import Dialect  # noqa: PLC0415 - as above.
    from offhook.api.platform import operations as platform  # noqa: PLC0415 - as above.

    wanted = {Dialect.OAUTH, *(Dialect(name) for name in DIALECTS[dialect])}
    rows = (*tutorial.OPERATIONS, *platform.OPERATIONS, *oauth.OPERATIONS)
    _print("Offhook", [row for row in rows if row.dialects & wanted])


@schema.command()
def control() -> None:
    """The control API under /_offhook/v1."""
    from offhook.control.operations import OPERATIONS  # noqa: PLC0415 - as above.

    _print("Offhook control", list(OPERATIONS))


def _print(title: str, operations: "list[Operation]") -> None:
    from offhook.api.openapi import document  # noqa: PLC0415 - as above.

    click.echo(json.dumps(document(operations, title=title, version=__version__), indent=2))
