"""`offhook version`."""

import click

from offhook import __version__


@click.command()
def version() -> None:
    """Print the version.

    \b
    Example:
      offhook version
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    click.echo(__version__)
