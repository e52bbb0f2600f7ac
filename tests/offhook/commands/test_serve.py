"""The flags of `offhook serve`, from every place where they may be set."""

import os
import ssl
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from offhook.commands import serving
from offhook.commands.serve import _dialling_nobody, serve
from offhook.config import Config
from offhook.server import PortInUseError
from offhook.settings import DEFAULT

SET: list[tuple[str, str, Any]] = [
    ("--host", "0.0.0.0", "0.0.0.0"),
    ("--port", "9000", 9000),
    ("--ready-file", "ready.json", Path("ready.json")),
    ("--seed", "7", 7),
    ("--clock", "manual", "manual"),
    ("--speed", "50", 50.0),
    ("--dialect", "tutorial", "tutorial"),
    ("--api-definition", "api.json", Path("api.json")),
    ("--state", "mock.sqlite", Path("mock.sqlite")),
    ("--trace", "mock.trace.jsonl", Path("mock.trace.jsonl")),
    ("--control-key", "k", "k"),
    ("--log-level", "debug", "debug"),
]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Config, serving.ServeOptions]]:
    """What `run` was called with, instead of serving."""
    calls: list[tuple[Config, serving.ServeOptions]] = []
    monkeypatch.setattr(serving, "run", lambda config, options: calls.append((config, options)))
    return calls


def field(flag: str) -> str:
    return flag.removeprefix("--").replace("-", "_")


def invoke(*words: str, **env: str) -> Any:
    return CliRunner(env=env).invoke(serve, list(words))


def test_the_defaults_are_those_of_the_documentation(
    ran: list[tuple[Config, serving.ServeOptions]],
) -> None:
    assert invoke().exit_code == 0
    ((config, options),) = ran
    assert config.orgs == (DEFAULT,)
    assert options == serving.ServeOptions(
        host="127.0.0.1",
        port=8089,
        ready_file=None,
        seed=None,
        clock="system",
        speed=1,
        dialect="both",
        api_definition=None,
        state=None,
        trace=None,
        control_key=None,
        log_level="info",
    )


@pytest.mark.parametrize(("flag", "text", "value"), SET)
def test_a_flag_is_taken_and_so_is_its_mirror_in_the_environment(
    ran: list[tuple[Config, serving.ServeOptions]], flag: str, text: str, value: object
) -> None:
    assert invoke(flag, text).exit_code == 0
    assert invoke(**{f"OFFHOOK_{field(flag).upper()}": text}).exit_code == 0
    assert [getattr(options, field(flag)) for _, options in ran] == [value, value]


def test_every_flag_is_in_the_table_above() -> None:
    flags = {
        option.opts[0]
        for option in serve.params
        if isinstance(option, click.Option) and option.opts[0] != "--config"
    }
    assert flags == {flag for flag, _, _ in SET}


def test_flags_win_over_the_environment_which_wins_over_the_file(
    ran: list[tuple[Config, serving.ServeOptions]], tmp_path: Path
) -> None:
    path = tmp_path / "offhook.toml"
    path.write_text('[serve]\nport = 1\nseed = 1\nhost = "localhost"\n[[orgs]]\nname = "Acme"\n')
    invoke("--port", "3", OFFHOOK_PORT="2", OFFHOOK_SEED="2", OFFHOOK_CONFIG=str(path))
    ((config, options),) = ran
    assert (options.port, options.seed, options.host) == (3, 2, "localhost")
    assert config.orgs[0].name == "Acme"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--port", "70000"], "70000 is not in the range 0<=x<=65535"),
        (["--speed", "0.5"], "0.5 is not in the range 1<=x<=100"),
        (["--speed", "nan"], "nan is not in the range 1<=x<=100"),
        (["--clock", "sun"], "'sun' is not one of 'system', 'manual'"),
        (["--config", "none.toml"], "'none.toml' does not exist"),
        (["--clock", "manual", "--speed", "2"], "give one of them"),
        (["--control-key", " "], "an empty key is anybody's; without the flag one is drawn"),
        (["--sped", "2"], "No such option"),
    ],
)
def test_a_wrong_flag_is_a_usage_error(words: list[str], told: str) -> None:
    refused = invoke(*words)
    assert refused.exit_code == 2
    assert told in refused.output


def test_a_wrong_file_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "offhook.toml"
    path.write_text('[[orgs]]\n[orgs.policies]\nretry_after = "never"\n')
    refused = invoke("--config", str(path))
    assert refused.exit_code == 2
    assert refused.output == (
        f"Error: {path}, line 3: orgs[0].policies.retry_after: invalid enum value 'never'; "
        "allowed: window-reset, constant, backlog-aware.\n"
    )


def test_what_the_surroundings_forbid_is_exit_code_3(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise PortInUseError("127.0.0.1:1 is in use.")

    monkeypatch.setattr(serving, "run", busy)
    refused = invoke()
    assert (refused.exit_code, refused.output) == (3, "Error: 127.0.0.1:1 is in use.\n")


@pytest.mark.parametrize("mine", [None, "/mine.pem"])
def test_the_mock_is_imported_without_certificates_and_the_environment_is_as_before(
    monkeypatch: pytest.MonkeyPatch, mine: str | None
) -> None:
    """Only its client has a use for them, and the mock dials nobody."""
    if mine is None:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    else:
        monkeypatch.setenv("SSL_CERT_FILE", mine)
    with _dialling_nobody():
        assert ssl.create_default_context().cert_store_stats()["x509_ca"] == 0
    assert os.environ.get("SSL_CERT_FILE") == mine
