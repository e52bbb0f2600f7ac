"""The control API of a running mock, as a test uses it."""

import time
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from offhook.threaded import ThreadedServer

WAIT_S = 30.0
"""How long an expected exchange may take to come."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A user's leg in a call."""

    conversation_id: str
    participant_id: str
    user_id: str

    @property
    def topic(self) -> str:
        """Where its flat events come."""
        return f"v2.users.{self.user_id}.conversations.calls"


class Control:
    """Commands to the mock, by its own HTTP API, and what its journal says."""

    def __init__(self, server: ThreadedServer) -> None:
        self.server = server
        self._http = httpx.Client(base_url=server.control_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send a command and return the JSON of its answer."""
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def call(self, user: str = "agent", *, state: str = "connected") -> Line:
        """Give a user a voice call, on the device that a tutorial's client would open."""
        device = httpx.get(
            f"{self.server.url}/api/v2/webrtc/clients/me",
            headers={"Authorization": f"Bearer {self.server.token(user)}"},
        ).json()
        made = self.ask("POST", "/calls", {"clientId": device["id"], "state": state})
        return Line(
            conversation_id=made["id"],
            participant_id=made["participantId"],
            user_id=device["userId"],
        )

    def fault(
        self, operation: str, *, skip: int = 0, times: int | None = 1, **fault: object
    ) -> str:
        """Put a fault on an operation (or on a topic, for the kinds of the push seam)."""
        rule = {"match": {"operation": operation}, "fault": fault, "skip": skip, "times": times}
        return str(self.ask("POST", "/faults", rule)["id"])

    def bites(self, rule_id: str) -> int:
        """How often the fault was carried out."""
        return int(self.ask("GET", f"/faults/{rule_id}")["bites"])

    def statuses(self, operation: str) -> list[int]:
        """The status of each exchange of an operation that the mock saw, oldest first."""
        found = self.server.journal(kind="exchange", operation=operation)
        return [int(str(entry.facts["status"])) for entry in found]

    def wait_for(self, operation: str, statuses: list[int]) -> None:
        """Wait until the mock has seen just these exchanges: some come after the SDK answered."""
        until = time.monotonic() + WAIT_S
        while len(self.statuses(operation)) < len(statuses) and time.monotonic() < until:
            time.sleep(0.01)
        assert self.statuses(operation) == statuses

    def expire_tokens(self) -> None:
        """Let every access token expire now; refresh tokens live on."""
        for token in self.ask("GET", "/state")["tokens"]:
            if token["status"] == "active":
                self.ask("POST", f"/tokens/{token['id']}/expire")

    def wait_until_used(self, rule_id: str) -> None:
        """Wait until a fault has decided for the last time; a `delay` may still be waiting."""
        until = time.monotonic() + WAIT_S
        while self._remaining(rule_id) and time.monotonic() < until:
            time.sleep(0.01)
        assert self._remaining(rule_id) == 0

    def _remaining(self, rule_id: str) -> int | None:
        return next(rule.remaining for rule in self.server.faults() if rule.id == rule_id)

    def policies(self, **changes: object) -> None:
        """Change policies."""
        self.ask("PATCH", "/state", {"policies": changes})
