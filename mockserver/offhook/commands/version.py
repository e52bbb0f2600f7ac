"""`offhook version`."""

import click

from offhook import __version__


@click.command()
def version() -> None:
    """Print the version.

    \b
    Example:
      offhook version

    Exit codes: 0 printed, 2 usage.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    click.echo(__version__)
