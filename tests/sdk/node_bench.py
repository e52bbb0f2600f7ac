"""The JavaScript SDK for the tests: a Node process of its own that does SDK calls as it is told."""

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from offhook_scenarios.adapters.node import Node

HERE = Path(__file__).resolve().parent / "node"
PACKAGE = "purecloud-platform-client-v2"
WAIT_S = 60.0
"""How long a driver may be silent before it counts as hung."""


def seen(node: Node) -> str:
    """What a failed assertion says the observation was made on."""
    return (
        f"observed behaviour of {PACKAGE} {node.package_version(PACKAGE)} on Node {node.version} "
        "against a mock"
    )


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
