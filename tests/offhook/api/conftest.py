"""A desk: one org behind its operations, without a shell, its time turned by hand."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from offhook.api import oauth, tutorial
from offhook.api.apply import apply
from offhook.api.exchange import Answer, Request, Response
from offhook.api.operation import Dialect, Operation
from offhook.api.platform import users
from offhook.api.resolve import Resolved, resolve
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.domain.inputs import PatchPolicies
from offhook.oauth.inputs import MintToken
from offhook.settings import DEFAULT
from offhook.tenancy import Tenancy

ALL = (*tutorial.OPERATIONS, *users.OPERATIONS, *oauth.OPERATIONS, *CONTROL)
BOTH = frozenset({Dialect.TUTORIAL, Dialect.PLATFORM})


class HandClock:
    """A clock that a test turns."""

    mode = "manual"
    speed = 1.0

    def __init__(self) -> None:
        self.time = 1_000.0
        self.paused = False

    def now(self) -> float:
        return self.time

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


class Desk:
    """A tenancy, and the shortest ways to ask it."""

    def __init__(
        self,
        operations: tuple[Operation, ...] = ALL,
        *,
        dialects: frozenset[Dialect] = BOTH,
        control_key: str | None = None,
        **policies: Any,
    ) -> None:
        self.clock = HandClock()
        self.settings = msgspec.structs.replace(
            DEFAULT, policies=DEFAULT.policies.changed(policies)
        )
        self.tenancy = Tenancy(
            self.settings,
            seed=1,
            now=self.now,
            operations=operations,
            dialects=dialects,
            clock=self.clock,
            control_key=control_key,
        )

    @property
    def now(self) -> float:
        return self.clock.time

    def wait(self, seconds: float) -> None:
        self.clock.time += seconds

    def set(self, **policies: object) -> None:
        self.tenancy.org.receive(PatchPolicies(changes=policies), now=self.now)

    def token(
        self, user: str | None = "agent", *scopes: str, ttl_s: float | None = None
    ) -> tuple[str, str]:
        """The public id and the secret of a new token; every scope when none is named."""
        minted = self.tenancy.org.receive(
            MintToken(user=user, scopes=frozenset(scopes) or None, ttl_s=ttl_s), now=self.now
        )
        return minted.token.id, minted.secret

    def bearer(self, user: str | None = "agent", *scopes: str) -> str:
        return f"Bearer {self.token(user, *scopes)[1]}"

    def resolve(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        query: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Resolved:
        request = Request(
            method=method,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=body,
            origin="http://mock.example",
        )
        return resolve(self.tenancy, request, now=self.now)

    def answer(self, method: str, path: str, **request: Any) -> Answer:
        return apply(self.tenancy, self.resolve(method, path, **request), now=self.now)

    def ask(self, method: str, path: str, **request: Any) -> Response:
        answer = self.answer(method, path, **request)
        assert isinstance(answer, Response), answer
        return answer

    def client(self, user: str = "agent", device: str = "default") -> str:
        """The id of a connected device."""
        headers = {"Authorization": self.bearer(user)}
        answer = self.ask(
            "GET", "/api/v2/webrtc/clients/me", query=f"deviceId={device}", headers=headers
        )
        self.wait(self.tenancy.org.policies.connect_delay_s)
        self.tenancy.org.handle_timer(now=self.now)
        client_id = json.loads(answer.body)["id"]
        assert isinstance(client_id, str)
        return client_id

    def mute(
        self, client_id: str, authorization: str, *, muted: bool = True, **headers: Any
    ) -> Response:
        """POST a mute; underscores in header names become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(
            "POST",
            f"/api/v2/webrtc/clients/{client_id}/mute",
            body=json.dumps({"muted": muted}).encode(),
            headers={
                "Authorization": authorization,
                "Content-Type": "application/json",
                **named,
            },
        )

    def errors(self) -> list[dict[str, object]]:
        """What broke inside the mock."""
        return [entry.facts for entry in self.tenancy.org.journal.entries(kind="error")]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def make_desk() -> type[Desk]:
    return Desk
