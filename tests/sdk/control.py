"""The control API of a running mock, as a test uses it."""

import time
from types import TracebackType
from typing import Any, Self

import httpx

from offhook.threaded import ThreadedServer

WAIT_S = 30.0
"""How long an expected exchange may take to come."""


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

    def policies(self, **changes: object) -> None:
        """Change policies."""
        self.ask("PATCH", "/state", {"policies": changes})
