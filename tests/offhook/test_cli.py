"""The root of the command line."""

import errno
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import offhook
from offhook import cli
from offhook.cli import COMMANDS, main
from offhook.commands.schema import schema

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")


def run(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner(env=env).invoke(main, list(words), prog_name="offhook")


def imported_by(statement: str) -> set[str]:
    """The names of all modules that a fresh interpreter has after this statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words.
    return set(done.stdout.split())


def test_help_names_every_verb_and_the_exit_codes() -> None:
    told = run("--help")
    assert told.exit_code == 0
    for verb, (_, text) in COMMANDS.items():
        assert verb in told.output
        assert text in told.output
    assert "Exit codes: 0 pass, 1 findings, 2 usage, 3" in told.output


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_of_the_table_can_be_loaded_and_shows_examples(verb: str) -> None:
    told = run(verb, "--help")
    assert told.exit_code == 0
    assert f"offhook {verb}" in told.output


@pytest.mark.parametrize(
    "words", [*([verb] for verb in COMMANDS), *(["schema", kind] for kind in schema.commands)]
)
def test_every_verb_tells_what_it_exits_with(words: list[str]) -> None:
    told = " ".join(run(*words, "--help").output.split())
    assert f"offhook {' '.join(words)}" in told.partition("Example")[2]
    codes = told.partition("Exit codes: ")[2].partition(" Options:")[0]
    assert re.fullmatch(r"0 \w.*[,;] 2 usage\b.*\.", codes), codes


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", "? ?"), ("cp437", "· ?"), ("utf-8", "· €")]
)
def test_a_stream_that_knows_few_letters_is_no_traceback(encoding: str, shown: str) -> None:
    lines = (
        "from rich.console import Console; from offhook import cli\n"
        "cli.main(['version'], standalone_mode=False)\n"
        "Console().print('\\xb7 \\u20ac')"
    )
    done = subprocess.run(  # noqa: S603 - our own lines.
        [sys.executable, "-c", lines],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.stdout.decode(encoding).splitlines()[1] == shown


@pytest.mark.parametrize(
    ("verb", "hint"),
    [
        ("serv", "Did you mean 'serve'?"),
        ("shema", "Did you mean 'schema'?"),
        ("xyzzy", f"There are: {', '.join(COMMANDS)}."),
    ],
)
def test_an_unknown_verb_is_a_usage_error_with_a_suggestion(verb: str, hint: str) -> None:
    told = run(verb)
    assert told.exit_code == 2
    assert f"No such command '{verb}'. {hint}" in told.output


def test_help_loads_neither_the_server_nor_the_scenarios() -> None:
    statement = "from offhook.cli import main; main(['--help'], standalone_mode=False)"
    heavy = {"aiohttp", "asyncio", "msgspec", "rich", "websockets", "offhook_scenarios"}
    assert not heavy & imported_by(statement)


def test_the_package_itself_loads_nothing_heavy() -> None:
    assert not {"aiohttp", "asyncio", "msgspec", "click"} & imported_by("import offhook")


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "offhook", "version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{offhook.__version__}\n"


def test_the_version_can_be_asked_for_as_a_flag_too() -> None:
    assert run("--version").output == run("version").output == f"{offhook.__version__}\n"


@pytest.mark.parametrize("words", [["version"], ["schema", "openapi"]])
def test_a_full_disk_is_one_sentence_and_exit_code_3(words: list[str]) -> None:
    if not FULL.is_char_device():
        pytest.skip("this system has no /dev/full")
    with FULL.open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own words.
            [sys.executable, "-m", "offhook", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, "Error: No space left on device.\n")


@pytest.mark.parametrize(
    "words", [["schema", "openapi"], ["herd", "--clients", "10", "--policy", "none"]]
)
def test_a_reader_that_is_gone_is_no_finding_and_no_traceback(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(  # noqa: S603 - our own words.
            [sys.executable, "-m", "offhook", *words],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, "")


def test_the_file_that_could_not_be_had_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "a-file")

    monkeypatch.setattr("offhook.api.openapi.document", refused)
    told = run("schema", "openapi")
    assert (told.exit_code, told.output) == (3, "Error: a-file: Permission denied.\n")


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert offhook.__version__ == project["version"] == metadata.version("offhook")


@pytest.mark.parametrize("name", offhook.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(offhook, name) is not None
    assert name in dir(offhook)


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'offhook' has no attribute 'nothing'"):
        _ = offhook.nothing


def test_ctrl_c_before_a_verb_has_begun_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", interrupt)
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 130
    assert done.stderr == "Interrupted.\n"


def test_to_serve_imports_nothing_that_only_a_flag_or_a_question_needs() -> None:
    rare = {
        "sqlite3",
        "tomllib",
        "importlib.metadata",
        "offhook.adapters.state_file",
        "offhook.adapters.trace_file",
        "offhook.api.asyncapi",
        "offhook.api.openapi",
    }
    assert not rare & imported_by("import offhook.commands.serving")
