"""The command line's root: a table of verbs, each loaded only when it is asked for.

Exit codes of every verb: 0 pass, 1 findings, 2 usage, 3 the surroundings do not allow it, 130
interrupted.
"""

import contextlib
import errno
import io
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from offhook import __version__
from offhook.commands.exits import INTERRUPTED, SURROUNDINGS, Surroundings

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("offhook.commands.serve:serve", "Serve the mock until it is told to stop."),
    "demo": (
        "offhook_scenarios.demo_command:demo",
        "Desks through twelve troubled sessions, and which told the truth.",
    ),
    "sdk-config": (
        "offhook.commands.sdk_config:sdk_config",
        "Print the lines that point an official SDK at a mock.",
    ),
    "herd": ("offhook_scenarios.backoff.command:herd", "What retrying clients do to a server."),
    "score": ("offhook_scenarios.score.command:score", "Grade how a client retries, A to F."),
    "load": ("offhook_scenarios.load.command:load", "Real traffic against a running mock."),
    "check": ("offhook_scenarios.check.command:check", "Put a client through generated trouble."),
    "replay": ("offhook_scenarios.check.replaying:replay", "Play a session that broke again."),
    "play": ("offhook_scenarios.catalogue.command:play", "Play a named session, or all."),
    "search": (
        "offhook_scenarios.search.command:search",
        "Every order of events within a budget of trouble.",
    ),
    "schema": (
        "offhook.commands.schema:schema",
        "Print what the server speaks: OpenAPI, AsyncAPI.",
    ),
    "version": ("offhook.commands.version:version", "Print the version."),
}
"""Verb → (where its command is, its help). The packages named here are not imported yet."""

EPILOG = """\b
Examples:
  offhook demo
  offhook check --seeds 5000
  offhook score --client naive
  offhook serve --port 0 --ready-file ready.json
  offhook serve --config offhook.toml --clock manual
  offhook sdk-config python
  offhook schema openapi --dialect tutorial

\b
Exit codes: 0 pass, 1 findings, 2 usage, 3 the surroundings do not allow it, 130 interrupted.
Unofficial: not affiliated with, endorsed by or supported by Genesys.
"""


class LazyGroup(click.Group):
    """A group that knows its verbs from `COMMANDS` and imports the one that is asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb. A full disk, a reader that is gone, or Ctrl-C is no finding."""
        _spell_what_can_be_spelt()
        try:
            return super().invoke(ctx)
        except SystemExit as ended:
            # Where a table is printed, rich has met the closed pipe, and ends the process with 1.
            if isinstance(ended.__context__, BrokenPipeError):
                raise click.exceptions.Exit(SURROUNDINGS) from ended
            raise
        except KeyboardInterrupt:
            # Verbs tell what they have; until they begin, click would say 1, as for findings.
            click.echo("Interrupted.", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        except OSError as error:
            _write_no_more()
            if error.errno == errno.EPIPE:
                raise click.exceptions.Exit(SURROUNDINGS) from error
            where = f"{error.filename}: " if error.filename is not None else ""
            raise Surroundings(f"{where}{error.strerror or error}.") from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature.
        """The verbs, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature.
        """Import a verb's command; None when there is no such verb."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for an unknown verb."""
        verb = args[0]
        if verb in COMMANDS or verb.startswith("-"):
            return super().resolve_command(ctx, args)
        near = get_close_matches(verb, COMMANDS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(COMMANDS)}."
        raise click.UsageError(f"No such command {verb!r}. {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature.
        """The verbs with their help, from the table: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in COMMANDS.items()])


def _spell_what_can_be_spelt() -> None:
    """A stream that knows few letters gets question marks for the others, and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _write_no_more() -> None:
    """What is still buffered would fail once more when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Is the microphone off? A mock of voice control, and a harness that proves it.

    Every option of `offhook serve` can also be set in the environment: --ready-file is
    OFFHOOK_READY_FILE.
    """
