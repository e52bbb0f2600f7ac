"""The configuration file: TOML that declares orgs, and how `offhook serve` serves them.

    [serve]            the options of `offhook serve`, in snake case
    [[orgs]]           one for each org: its name, users, OAuth clients, policies

An org that declares no users, or no clients, has those of the default org.
"""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, inspect

from offhook.adapters.loop import FASTEST
from offhook.domain.errors import OffhookError
from offhook.policies import Policies
from offhook.settings import DEFAULT, OrgSettings

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_FIELD = re.compile(r"unknown field `([^`]*)`")
_STEP = re.compile(r"\w+|\[[^]]*\]")
"""A step of a path into the file: a key, or `[0]`."""


class ConfigError(OffhookError):
    """The file cannot be used; the message is one sentence that names file and key."""


class ServeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says about serving. None leaves it to the flag, or to its default."""

    host: str | None = None
    port: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    seed: Annotated[int, Meta(ge=0)] | None = None
    clock: Literal["system", "manual"] | None = None
    speed: Annotated[float, Meta(ge=1, le=FASTEST)] | None = None
    dialect: Literal["both", "platform", "tutorial"] | None = None
    control_key: Annotated[str, Meta(min_length=1)] | None = None
    ready_file: str | None = None
    api_definition: str | None = None
    state: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] | None = None

    def given(self) -> dict[str, object]:
        """Only what the file says."""
        return {
            name: value for name, value in msgspec.structs.asdict(self).items() if value is not None
        }


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole configuration file. Names of orgs are unique."""

    serve: ServeSettings = ServeSettings()
    orgs: tuple[OrgSettings, ...] = (DEFAULT,)


def load_config(path: Path) -> Config:
    """Read a configuration file. Raises `ConfigError`."""
    import tomllib  # noqa: PLC0415 - most start without a file.

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8, which TOML must be.") from error
    try:
        return read_config(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}.") from error
    except ConfigError as error:
        line = line_of(text, str(error))
        where = path if line is None else f"{path}, line {line}"
        raise ConfigError(f"{where}: {error}") from error


def line_of(text: str, problem: str) -> int | None:
    """The line of the key with which a sentence of `read_config` begins.

    The nearest one above it where the key itself stands on no line of its own; None when
    nothing of it does. A guide for the eye: it reads no TOML but headers and keys.
    """
    where, _, rest = problem.partition(": ")
    unknown = _FIELD.search(rest.partition(";")[0])
    if unknown is not None:
        where = unknown[1] if where == "the file" else f"{where}.{unknown[1]}"
    lines = _lines(text)
    while where:
        if where in lines:
            return lines[where]
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return None


def _lines(text: str) -> dict[str, int]:
    """The line of each header and key, by its path: `orgs[0].users[1].email`."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header is not None:
            *parents, last = header[2].split(".")
            table = ""
            for name in parents:
                table = f"{table}.{name}".removeprefix(".")
                lines.setdefault(table, number)
                if table in counts:
                    table = f"{table}[{counts[table] - 1}]"
            table = f"{table}.{last}".removeprefix(".")
            lines.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table] - 1}]"
            lines.setdefault(table, number)
        elif key is not None:
            lines.setdefault(f"{table}.{key[1]}".removeprefix("."), number)
    return lines


def read_config(table: dict[str, object]) -> Config:
    """Make sense of a parsed file. Raises `ConfigError`, which names the key."""
    orgs = table.get("orgs")
    if isinstance(orgs, list):
        table = {**table, "orgs": [_with_defaults(org) for org in orgs]}
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(_sentence(str(error))) from error
    _check(config)
    return config


def _with_defaults(org: object) -> object:
    if not isinstance(org, dict):
        return org
    inherited = {"users": DEFAULT.users, "clients": DEFAULT.clients}
    return {**{key: msgspec.to_builtins(value) for key, value in inherited.items()}, **org}


def _sentence(error: str) -> str:
    """Turn msgspec's "what - at `$.where`" into "where: what", with what would be right."""
    what, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").removeprefix(".")
    if what.endswith("."):
        return f"{key}: {what}"  # A sentence of our own, which says what would be right.
    if key == "orgs" and what.endswith("got `object`"):
        return "orgs: is one table, and must be a list: begin each org with [[orgs]]."
    right = _allowed(inspect.type_info(Config), _STEP.findall(key))
    unknown = _FIELD.search(what)
    hint = "" if unknown is None else _meant(unknown[1], right)
    cure = f"; allowed: {', '.join(right)}" if right else ""
    return f"{key or 'the file'}: {what[0].lower()}{what[1:]}{hint}{cure}."


def _meant(unknown: str, right: list[str]) -> str:
    """The table in which it is right, or what is nearly called so here; nothing for neither."""
    tables = {"[serve]": ServeSettings, "[[orgs]]": OrgSettings, "[orgs.policies]": Policies}
    found = next((name for name, kind in tables.items() if unknown in kind.__struct_fields__), None)
    if found is None:
        close = get_close_matches(unknown, right, n=1)
        return f" (did you mean {close[0]}?)" if close else ""
    if found == "[[orgs]]" and isinstance(_of_org(unknown), inspect.CollectionType):
        return f" (did you mean [[orgs.{unknown}]], below [[orgs]]?)"
    if found == "[[orgs]]" and isinstance(_of_org(unknown), inspect.StructType):
        return f" (did you mean [orgs.{unknown}], below [[orgs]]?)"
    return f" (it belongs to {found})"


def _of_org(field: str) -> inspect.Type:
    org = inspect.type_info(OrgSettings)
    assert isinstance(org, inspect.StructType), "settings are a struct"
    return next(each.type for each in org.fields if each.name == field)


def _allowed(kind: inspect.Type, steps: list[str]) -> list[str]:
    """The keys of a table or the values of a choice, down these steps; [] for anything else."""
    if isinstance(kind, inspect.UnionType):
        found = (_allowed(member, steps) for member in kind.types)
        return next((names for names in found if names), [])
    if not steps:
        if isinstance(kind, inspect.EnumType):
            return [str(member.value) for member in kind.cls]
        if isinstance(kind, inspect.LiteralType):
            return [str(value) for value in kind.values]
        return [field.name for field in kind.fields] if isinstance(kind, inspect.StructType) else []
    if isinstance(kind, inspect.StructType):
        members = {field.name: field.type for field in kind.fields}
        return _allowed(members[steps[0]], steps[1:]) if steps[0] in members else []
    return _allowed(kind.item_type, steps[1:]) if isinstance(kind, inspect.CollectionType) else []


def _check(config: Config) -> None:
    if not config.orgs:
        raise ConfigError("orgs: is empty; leave it out for the default org.")
    _unique("orgs", "name", [org.name for org in config.orgs])
    for at, org in enumerate(config.orgs):
        where = f"orgs[{at}]"
        if not org.users:
            raise ConfigError(f"{where}.users: is empty; leave it out for the default users.")
        _unique(f"{where}.users", "username", [user.username for user in org.users])
        _unique(f"{where}.users", "id", [user.id for user in org.users if user.id is not None])
        _unique(f"{where}.users", "email", [user.email for user in org.users if user.email])
        _unique(f"{where}.clients", "id", [client.id for client in org.clients])
        _unique(f"{where}.queues", "name", [queue.name for queue in org.queues])
        _unique(f"{where}.wrapup_codes", "name", [code.name for code in org.wrapup_codes])
        _check_queues(where, org)
        names = [user.username for user in org.users]
        if org.default_user is not None and org.default_user not in names:
            raise ConfigError(
                f"{where}.default_user: no user is called {org.default_user!r}; "
                f"there are {', '.join(names)}."
            )


def _check_queues(where: str, org: OrgSettings) -> None:
    users = {name for user in org.users for name in (user.id, user.username, user.email) if name}
    codes = {code.name for code in org.wrapup_codes}
    for at, queue in enumerate(org.queues):
        for field, given, known in (
            ("members", queue.members, users),
            ("wrapup_codes", queue.wrapup_codes, codes),
        ):
            for name in given or ():
                if name not in known:
                    raise ConfigError(
                        f"{where}.queues[{at}].{field}: names {name!r}; "
                        f"there are {', '.join(sorted(known))}."
                    )


def _unique(where: str, field: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ConfigError(f"{where}: two have the {field} {value!r}; it must be unique.")
