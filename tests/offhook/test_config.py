"""The configuration file: what it declares, and one sentence for each mistake."""

import re
from pathlib import Path
from typing import Any

import pytest

from offhook.config import (
    Config,
    ConfigError,
    ServeSettings,
    line_of,
    load_config,
    read_config,
)
from offhook.policies import AdminForce, EventTiming
from offhook.settings import DEFAULT

EXAMPLE = Path(__file__).parents[2] / "docs" / "how-to" / "offhook.toml"

ORG_KEYS = "allowed: name, users, clients, queues, wrapup_codes, policies, stubs, default_user"
USER = {"username": "ada", "password": "x"}


def test_the_example_of_the_documentation_is_read_as_it_says() -> None:
    config = load_config(EXAMPLE)
    acme, staging = config.orgs
    assert [user.username for user in acme.users] == ["ada", "viewer", "deskless"]
    assert acme.users[2].licences == frozenset()
    assert acme.clients[1].secret == "acme-secret"
    assert [stub.request for stub in acme.stubs] == ["GET /api/v2/teams/{teamId}"]
    assert acme.policies.admin_force is AdminForce.LOCKED
    assert acme.policies.rate_per_operation == {"postWebrtcClientMute": 60}
    assert staging.policies.event_timing is EventTiming.EVENT_FIRST
    assert (staging.users, staging.clients) == (DEFAULT.users, DEFAULT.clients)
    assert config.serve.given() == {
        "port": 8089,
        "seed": 7,
        "clock": "system",
        "dialect": "both",
        "log_level": "info",
    }


def test_an_empty_file_is_the_default_org() -> None:
    assert read_config({}) == Config()
    assert Config().orgs == (DEFAULT,)
    assert ServeSettings().given() == {}


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            {"orgs": [{"policies": {"retry_after": "never"}}]},
            (
                "orgs[0].policies.retry_after: invalid enum value 'never'; "
                "allowed: window-reset, constant, backlog-aware."
            ),
        ),
        (
            {"orgs": [{}, {"polices": {}}]},
            (
                "orgs[1]: object contains unknown field `polices` (did you mean policies?); "
                f"{ORG_KEYS}."
            ),
        ),
        (
            {"orgs": [{"users": [{"username": "ada"}]}]},
            (
                "orgs[0].users[0]: object missing required field `password`; "
                "allowed: username, password, name, email, id, licences, permissions."
            ),
        ),
        (
            {"serve": {"control_key": ""}},
            "serve.control_key: expected `str` of length >= 1.",
        ),
        ({"serve": {"port": 70_000}}, "serve.port: expected `int` <= 65535."),
        (
            {"serve": {"clock": "sun"}},
            "serve.clock: invalid enum value 'sun'; allowed: manual, system.",
        ),
        ({"orgs": {}}, "orgs: is one table, and must be a list: begin each org with [[orgs]]."),
        (
            {"orgs": ["acme"]},
            f"orgs[0]: expected `object`, got `str`; {ORG_KEYS}.",
        ),
        (
            {"org": []},
            (
                "the file: object contains unknown field `org` (did you mean orgs?); "
                "allowed: serve, orgs."
            ),
        ),
        (
            {"policies": {}},
            (
                "the file: object contains unknown field `policies` (did you mean "
                "[orgs.policies], below [[orgs]]?); allowed: serve, orgs."
            ),
        ),
        (
            {"users": []},
            (
                "the file: object contains unknown field `users` (did you mean [[orgs.users]], "
                "below [[orgs]]?); allowed: serve, orgs."
            ),
        ),
        (
            {"default_user": "ada"},
            (
                "the file: object contains unknown field `default_user` (it belongs to [[orgs]]); "
                "allowed: serve, orgs."
            ),
        ),
        (
            {"orgs": [{"retry_after": "constant"}]},
            (
                "orgs[0]: object contains unknown field `retry_after` (it belongs to "
                f"[orgs.policies]); {ORG_KEYS}."
            ),
        ),
        (
            {"nonsense": 1},
            "the file: object contains unknown field `nonsense`; allowed: serve, orgs.",
        ),
        (
            {"orgs": [{"stubs": [{"request": "/api/v2/x"}]}]},
            (
                "orgs[0].stubs[0]: '/api/v2/x' is no request: write method, space, path, as in "
                "'GET /api/v2/routing/skills'."
            ),
        ),
        (
            {"orgs": [{"policies": {"heartbeat_s": 0}}]},
            "orgs[0].policies.heartbeat_s: expected `float` >= 0.01.",
        ),
        ({"orgs": []}, "orgs: is empty; leave it out for the default org."),
        (
            {"orgs": [{"users": []}]},
            "orgs[0].users: is empty; leave it out for the default users.",
        ),
        ({"orgs": [{}, {}]}, "orgs: two have the name 'Offhook'; it must be unique."),
        (
            {"orgs": [{"users": [USER, USER]}]},
            "orgs[0].users: two have the username 'ada'; it must be unique.",
        ),
        (
            {"orgs": [{"clients": [{"id": "a"}, {"id": "a"}]}]},
            "orgs[0].clients: two have the id 'a'; it must be unique.",
        ),
        (
            {"orgs": [{"users": [USER], "default_user": "bob"}]},
            "orgs[0].default_user: no user is called 'bob'; there are ada.",
        ),
        (
            {"orgs": [{"queues": [{"name": "q"}, {"name": "q"}]}]},
            "orgs[0].queues: two have the name 'q'; it must be unique.",
        ),
        (
            {"orgs": [{"users": [USER], "queues": [{"name": "q", "members": ["ada", "bob"]}]}]},
            "orgs[0].queues[0].members: names 'bob'; there are ada.",
        ),
        (
            {
                "orgs": [
                    {
                        "wrapup_codes": [{"name": "Done"}],
                        "queues": [{"name": "q", "wrapup_codes": ["Won"]}],
                    }
                ]
            },
            "orgs[0].queues[0].wrapup_codes: names 'Won'; there are Done.",
        ),
    ],
)
def test_each_mistake_is_one_sentence_that_names_the_key_and_what_would_be_right(
    table: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(table)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"orgs = [", "is not TOML: "),
        (b"\xff", "is not UTF-8, which TOML must be."),
        (b"port = 1", "the file: object contains unknown field `port` (it belongs to [serve]); "),
    ],
)
def test_a_mistake_names_the_file_too(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "offhook.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert re.fullmatch(rf"{path}(, line \d+)?: {re.escape(told)}.*", str(refused.value), re.DOTALL)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: No such file"):
        load_config(tmp_path / "none.toml")


TOML = """[serve]
port = 70000

[[orgs]]
name = "A"

[[orgs]]
name = "B"
polices = {}
[[orgs.users]]
username = "ada"
[[orgs.users]]
username = "bob"
licences = "webrtc"
[orgs.policies]
heartbeat_s = 0
"""


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ("serve.port: expected `int` <= 65535.", 2),
        ("orgs[1]: object contains unknown field `polices`; allowed: name.", 9),
        ("orgs[1].users[0]: object missing required field `password`.", 10),
        ("orgs[1].users[1].licences[0]: expected `str`.", 14),
        ("orgs[1].policies.heartbeat_s: expected `float` >= 0.01.", 16),
        ("orgs: two have the name 'A'; it must be unique.", 4),
        ("the file: object contains unknown field `org`; allowed: orgs.", None),
    ],
)
def test_the_line_of_a_mistake_is_found(problem: str, line: int | None) -> None:
    assert line_of(TOML, problem) == line


def test_a_header_below_what_is_no_list_yet_is_found(tmp_path: Path) -> None:
    path = tmp_path / "offhook.toml"
    path.write_text('[serve]\n[orgs.policies]\nretry_after = "constant"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"toml, line 2: orgs: is one table, and must be a list"):
        load_config(path)


def test_a_mistake_in_a_file_is_told_with_file_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "offhook.toml"
    path.write_text("[serve]\n\nport = 70000\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value) == f"{path}, line 3: serve.port: expected `int` <= 65535."
