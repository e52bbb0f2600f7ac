"""How verbs end: the exit codes of all of them, and the ends that no verb is to blame for.

0: good. 2: click's, for what was typed. The others are here.
"""

import contextlib
from collections.abc import Iterator

import click

FINDINGS = 1
SURROUNDINGS = 3
"""The machine, and neither a client nor whoever typed, is to blame."""
INTERRUPTED = 130
"""After Ctrl-C, as shells give it."""


class Surroundings(click.ClickException):
    """The surroundings do not allow it; the message is a sentence."""

    exit_code = SURROUNDINGS


@contextlib.contextmanager
def interruptible(told: str = "nothing was judged, nothing was written") -> Iterator[None]:
    """Ctrl-C in here is said, with what came of it, and ends the verb."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"Interrupted: {told}.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
