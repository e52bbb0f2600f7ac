"""The guide to stubs does what it says."""

import json
import re
from pathlib import Path

import httpx
import pytest

import offhook
from offhook.config import load_config
from offhook.stubs import Stub

GUIDE = (Path(__file__).parents[2] / "docs" / "how-to" / "stub-an-operation.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_python_lines_run() -> None:
    (lines,) = blocks("python")
    exec(lines, {})  # noqa: S102 - the guide's own code.


def test_the_configuration_is_read(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    path = tmp_path / "offhook.toml"
    path.write_text(text, encoding="utf-8")
    (org,) = load_config(path).orgs
    assert [stub.request for stub in org.stubs] == [
        "GET /api/v2/teams",
        "DELETE /api/v2/teams/{teamId}",
    ]
    with offhook.serve(org) as server:
        answer = httpx.delete(
            f"{server.url}/api/v2/teams/7", headers={"Authorization": f"Bearer {server.token()}"}
        )
        assert answer.status_code == 204


def test_the_body_for_the_control_api_is_a_stub() -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'\n", GUIDE)
    assert Stub(**json.loads(body)).request == "GET /api/v2/teams"


@pytest.mark.parametrize("name", ["code", "message"])
def test_the_refusal_is_shown_as_it_comes(name: str) -> None:
    shown = json.loads(blocks("json")[0])
    with offhook.serve() as server:
        told = httpx.get(f"{server.url}/api/v2/teams").json()
    assert told[name] == shown[name]
    assert set(told["messageParams"]) == set(shown["messageParams"])
