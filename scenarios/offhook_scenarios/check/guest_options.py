"""What `offhook check` is told of a client outside this process. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from offhook.commands.ranges import NumberRange
from offhook_scenarios.check.client_name import is_guest


class GuestOptions(msgspec.Struct, frozen=True, kw_only=True):
    """As typed. Those of a page are None or empty for other clients."""

    mute: str | None = None
    muted_when: str | None = None
    live_when: str | None = None
    instead_of: tuple[str, ...] = ()
    client_id: str | None = None
    dialect: str | None = None
    only: tuple[str, ...] = ()
    speed: float = 1.0
    conformance: bool = False

    @property
    def given(self) -> list[str]:
        """The flags that somebody typed."""
        return [
            f"--{name.replace('_', '-')}"
            for name in self.__struct_fields__
            if getattr(self, name) != getattr(_NONE, name)
        ]

    @property
    def setup(self) -> list[str]:
        """The words of a command line that plays this client once more: all but which session."""
        words = list[str]()
        for name, flag in (
            (flag.removeprefix("--").replace("-", "_"), flag) for flag in self.given
        ):
            value = getattr(self, name)
            if name in {"only", "conformance"}:
                continue
            for each in value if isinstance(value, tuple) else (value,):
                words += [flag, f"{each:g}" if isinstance(each, float) else each]
        return words


_NONE = GuestOptions()

_OPTIONS = (
    click.option("--mute", metavar="SELECTOR", help="Of a page: its mute button."),
    click.option(
        "--muted-when", metavar="SELECTOR", help="Of a page: it says muted when this is seen."
    ),
    click.option(
        "--live-when",
        metavar="SELECTOR",
        help="Of a page: it says live when this is seen.  [default: the button, and not muted]",
    ),
    click.option(
        "--instead-of",
        metavar="ORIGIN",
        multiple=True,
        help="Of a page: an origin that it asks, for which the mock stands in.",
    ),
    click.option(
        "--client-id",
        metavar="ID",
        help="Of a page: the OAuth client it logs in with.  [default: offhook-desktop]",
    ),
    click.option(
        "--dialect",
        type=click.Choice(["platform", "tutorial"]),
        help="Of a page: whose API it speaks.  [default: platform]",
    ),
    click.option(
        "--only",
        metavar="SESSION",
        multiple=True,
        help="Of stdio, ws and browser: play this session only. May be given more than once.",
    ),
    click.option(
        "--speed",
        type=NumberRange(1, 20),
        default=1.0,
        help="Of stdio and ws: how fast the clock runs that client and mock share.",
    ),
    click.option(
        "--conformance",
        is_flag=True,
        help="Of stdio and ws: try whether the client speaks the adapter protocol.",
    ),
)


_SHARED = frozenset(
    {"client", "budget_s", "save", "timeline", "as_json", "known", "strict", "trace"}
)
"""Options of the command that mean the same for a guest."""


Command = Callable[..., None]


def guest_options(check_guest: Command) -> Callable[[Command], Command]:
    """Add the options to `check`, which guests then never reach: `check_guest` is called.

    They play in the wall's time, and named sessions; generated ones only where that is typed.
    """

    def with_options(command: Command) -> Command:
        @wraps(command)
        def parted(**options: Any) -> None:
            given = {name: options.pop(name) for name in GuestOptions.__struct_fields__}
            guest = GuestOptions(**given)
            generated = _typed("seeds") or _typed("time_s")
            if is_guest(options["client"]) and not generated:
                _refuse_others(options)
                check_guest(options=guest, **{name: options[name] for name in _SHARED})
                return
            if guest.given:
                whose = (
                    "not for generated sessions (--seeds, --time)"
                    if is_guest(options["client"])
                    else "only for stdio, ws and browser clients"
                )
                raise click.UsageError(f"{', '.join(guest.given)}: {whose}.")
            command(**options)

        for option in reversed(_OPTIONS):
            parted = option(parted)
        return parted

    return with_options


def _typed(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def _refuse_others(options: dict[str, Any]) -> None:
    for name in filter(_typed, options.keys() - _SHARED):
        params = click.get_current_context().command.params
        flag = next(each for each in params if each.name == name).opts[0]
        raise click.UsageError(
            f"{flag} is for generated sessions (--seeds, --time): without these a client outside "
            "this process plays the named ones."
        )
