"""The wheel as users get it: what is in it, and that it works with nothing but what it declares."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SOURCES = ("mockserver/offhook", "client/offhook_client", "scenarios/offhook_scenarios")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", str(out), str(ROOT))
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a clean environment: the wheel, pytest, and what these two require."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False)
    python = next(home.glob("bin/python")) if os.name != "nt" else home / "Scripts" / "python.exe"
    run(
        *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"),
        *("--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)),
    )
    (site,) = home.glob("**/site-packages")
    for found in required("offhook", "pytest"):
        link(found, site)
    return python


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a command as somebody would who has neither our environment nor a Node."""
    keep = {name: value for name, value in os.environ.items() if name in ("HOME", "SYSTEMROOT")}
    done = subprocess.run(  # noqa: S603 - our own commands.
        command,
        cwd=cwd,
        env={**keep, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def required(*names: str) -> Iterator[Distribution]:
    """The distributions that these require, and they in turn; of extras nothing."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().lower()
        if name in seen:
            continue
        seen.add(name)
        found = distribution(name)
        if name != "offhook":
            yield found
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)


def link(found: Distribution, site: Path) -> None:
    """Let an installed distribution stand in the clean environment too."""
    tops = {PurePosixPath(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    for top in tops:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(found.locate_file(top))))


def test_three_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name for name in names if ".dist-info/" not in name}
    listed = subprocess.run(  # noqa: S603 - the folders are named above.
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCES],  # noqa: S607 - git as it is here.
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert packed == {name.partition("/")[2] for name in listed if (ROOT / name).exists()}
    for package in SOURCES:
        assert f"{package.rpartition('/')[2]}/py.typed" in packed
    about = {PurePosixPath(name).name for name in names - packed}
    assert about == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}


def test_the_entry_points_are_the_command_and_the_plugin(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        text = archive.read(name).decode()
    assert text.split() == [
        *("[console_scripts]", "offhook", "=", "offhook.cli:main"),
        *("[pytest11]", "offhook", "=", "offhook.pytest_plugin"),
    ]


def test_the_demo_runs_from_the_wheel_alone(python: Path, tmp_path: Path) -> None:
    told = run(
        *(str(python), "-m", "offhook", "demo", "--only", "second-tab-unmutes", "--speed", "100"),
        *("--json", "--html", str(tmp_path / "demo.html")),
        cwd=tmp_path,
    )
    assert "reference" in told
    assert json.loads(told)
    assert (tmp_path / "demo.html").stat().st_size > 0


def test_the_fixture_is_there_once_the_wheel_is(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(
        "import urllib.request\n"
        "def test_it(offhook):\n"
        "    urllib.request.urlopen(offhook.control_url + '/health').close()\n"
        "    offhook.believes(None)\n"
        "    offhook.assert_truthful()\n",
        encoding="utf-8",
    )
    told = run(str(python), "-m", "pytest", "-q", "-W", "error", str(tmp_path), cwd=tmp_path)
    assert "1 passed" in told
