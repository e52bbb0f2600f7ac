"""The plugin's settings: one table, and the one order in which their sources count.

    fixture override > marker > command line > environment > ini file > default

Imports nothing but the standard library: pytest reads this at every start.
"""

from collections.abc import Mapping
from typing import NamedTuple


class OptionError(Exception):
    """A setting that cannot be; the message is one sentence that names where it was given."""


class Setting(NamedTuple):
    """One setting, under the same stem wherever it is given."""

    name: str
    help: str
    default: str
    """What is so when nobody says anything, in words."""
    choices: tuple[str, ...] = ()
    """The words it may be; empty: any number or path."""
    metavar: str | None = None
    number: bool = False
    of_test: bool = True
    """Whether a test may have its own, by the marker; else it is of the whole run."""

    @property
    def flag(self) -> str:
        """On the command line."""
        return "--" + self.ini.replace("_", "-")

    @property
    def variable(self) -> str:
        """In the environment."""
        return self.ini.upper()

    @property
    def ini(self) -> str:
        """In the ini file."""
        return f"offhook_{self.name}"


class Given(NamedTuple):
    """A value and where it came from."""

    value: object
    source: str


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting(
            name="seed",
            help="what ids and secrets are drawn from",
            default="drawn from the test's name",
            metavar="N",
            number=True,
        ),
        Setting(
            name="clock",
            help="`system` runs by itself, `manual` stands until the test advances it",
            default="system",
            choices=("system", "manual"),
        ),
        Setting(
            name="config",
            help="a configuration file of `offhook serve`, whose first org is served",
            default="the default org",
            metavar="FILE",
        ),
        Setting(
            name="unmodelled",
            help="what was asked for and is not modelled: a `list` at the end, or an `error`",
            default="list",
            choices=("list", "error"),
        ),
        Setting(
            name="never_bit",
            help="a fault that was planned and never bit: an `error`, or `allow`ed",
            default="error",
            choices=("error", "allow"),
        ),
        Setting(
            name="report",
            help="a folder for traces, timelines, a job summary and SARIF",
            default="none",
            metavar="DIR",
            of_test=False,
        ),
        Setting(
            name="expected_failures",
            help="a file of findings that are known: new ones fail, and so do those that are gone",
            default="none",
            metavar="FILE",
            of_test=False,
        ),
    )
}

MARKER = (*(name for name, setting in SETTINGS.items() if setting.of_test), "policies")
"""What the marker takes: settings, and policies that differ from those of the configuration."""


def chosen(
    setting: Setting,
    *,
    marker: Mapping[str, object],
    command_line: object,
    environment: Mapping[str, str],
    ini: object,
) -> Given | None:
    """The value that counts, None when nobody gave one. Raises `OptionError`.

    An empty text counts as not given.
    """
    sources = (
        (
            f"@pytest.mark.offhook({setting.name}=…)",
            marker.get(setting.name) if setting.of_test else None,
        ),
        (setting.flag, command_line),
        (setting.variable, environment.get(setting.variable)),
        (f"the ini key {setting.ini}", ini),
    )
    for source, value in sources:
        if value is not None and value != "":
            return Given(value=_checked(setting, value, source), source=source)
    return None


def check_marker(given: Mapping[str, object]) -> None:
    """Refuse what the marker does not know. Raises `OptionError`."""
    for name in given:
        if name not in MARKER:
            raise OptionError(
                f"@pytest.mark.offhook knows no {name!r}; there are {', '.join(MARKER)}."
            )


def _checked(setting: Setting, value: object, source: str) -> object:
    if setting.number:
        try:
            number = int(str(value))
        except ValueError:
            number = -1
        if number < 0:
            raise OptionError(f"{source} is {value!r}; it must be a whole number, 0 or more.")
        return number
    if setting.name == "clock" and isinstance(value, int | float):
        return float(value)  # From the marker: a manual clock that stands there.
    if setting.choices and value not in setting.choices:
        raise OptionError(f"{source} is {value!r}; it must be {' or '.join(setting.choices)}.")
    return value
