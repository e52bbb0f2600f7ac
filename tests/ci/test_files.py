"""The files for CI and containers: valid by their schemas, and true to what the commands take."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from offhook.commands.serve import serve
from offhook.testing.options import SETTINGS

ROOT = Path(__file__).parents[2]
CI = ROOT / "docs" / "how-to" / "ci"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-actions", ROOT / "action.yml"),
        ("github-workflows", ROOT / ".github" / "workflows" / "ci.yml"),
        ("github-workflows", CI / "github.yml"),
        ("gitlab-ci", CI / "gitlab-ci.yml"),
        ("compose-spec", CI / "compose.yaml"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_each_file_is_valid_by_its_schema(schema: str, path: Path) -> None:
    judged = CliRunner().invoke(
        check_jsonschema, ["--builtin-schema", f"vendor.{schema}", str(path)]
    )
    assert judged.exit_code == 0, judged.output


def test_the_dockerfile_passes_its_linter() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which(
        "hadolint"
    )
    if hadolint is None:
        pytest.skip("no hadolint here: its package has wheels for Linux on x86-64 only")
    run = subprocess.run(  # noqa: S603 - the linter's own path.
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


# The image.


def required_to_run(name: str, seen: set[str]) -> set[str]:
    for text in requires(name) or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if requirement.name in seen or (marker is not None and not marker.evaluate({"extra": ""})):
            continue
        seen.add(requirement.name)
        required_to_run(requirement.name, seen)
    return seen


def test_the_image_keeps_all_that_runs_and_copies_only_what_is_there() -> None:
    gone = re.search(r"pip uninstall --yes \\\n\s+(.*)", DOCKERFILE)
    assert gone is not None
    needed = {name.lower().replace("_", "-") for name in required_to_run("offhook", set())}
    assert not needed & set(gone[1].split())
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists()
            assert f"!{name}\n" in allowed


def test_its_environment_is_that_of_serve_and_it_is_nobody_special() -> None:
    mirrors = {option.envvar for option in serve.params if hasattr(option, "envvar")}
    assert {"OFFHOOK_HOST"} <= set(re.findall(r"\b(OFFHOOK_\w+)=", DOCKERFILE)) <= mirrors
    compose = read(CI / "compose.yaml")["services"]["offhook"]["environment"]
    assert set(compose) <= mirrors
    user = re.search(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "offhook", "serve", "--port", "0", "--ready-file", str(ready)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as served:  # noqa: S603 - our own.
        try:
            assert served.stdout is not None
            yield int(json.loads(served.stdout.readline())["orgs"][0]["url"].rpartition(":")[2])
        finally:
            served.terminate()


def test_its_health_check_tells_a_mock_that_serves_from_one_that_does_not(port: int) -> None:
    check = re.search(r"^HEALTHCHECK .*\\\n\s+CMD (.*)$", DOCKERFILE, re.MULTILINE)
    assert check is not None
    name, *arguments = json.loads(check[1])
    assert name == "python"

    def healthy(at: int) -> bool:
        environment = {**os.environ, "OFFHOOK_PORT": str(at)}
        run = subprocess.run(  # noqa: S603 - our own line.
            [sys.executable, *arguments], env=environment, capture_output=True, check=False
        )
        return run.returncode == 0

    assert healthy(port)
    assert not healthy(1)


# What the files ask of the commands.


def test_the_examples_use_settings_that_there_are() -> None:
    used = {
        flag
        for path in CI.iterdir()
        for flag in re.findall(r"--offhook-[\w-]+", path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= {setting.flag for setting in SETTINGS.values()}


def test_the_action_s_lines_do_what_they_say() -> None:
    action = read(ROOT / "action.yml")
    (judge,) = [step for step in action["runs"]["steps"] if step.get("name") == "Judge the client"]
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here: the action's runner brings one")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CLIENT": "reference",
        "ARGUMENTS": "--seeds 3 --jobs 1",
        "OFFHOOK_EXPECTED": "",
    }
    run = subprocess.run(  # noqa: S603 - the action's own lines.
        [bash, "-c", judge["run"]], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "3 held" in run.stdout
