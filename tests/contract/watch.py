"""Holds every answer and every event of the whole suite against the two published documents.

The judge is jsonschema-rs, which shares nothing with the types that encode. What is wrong is
collected, because an exception inside the mock would become a 500 that some test expects; the
fixture `contract` of `tests/conftest.py` then fails the test.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import msgspec
from aiohttp import web

from offhook.adapters import delivery, http
from offhook.adapters.http import HttpShell
from offhook.api import apply as applying
from offhook.api import asyncapi, notifications, openapi
from offhook.api.exchange import Advance, Answer, Response
from offhook.api.operation import Dialect
from offhook.api.resolve import Resolved
from offhook.domain.events import Event, Pushed
from offhook.server import OPERATIONS
from offhook.tenancy import Tenancy

FIRST_ERROR = 400
BROKEN = 500
"""Never declared: it is the mock's own failure, and other tests say when that may be."""
JSON = "application/json"
PLAIN_JSON = msgspec.json.Encoder()


class Watch:
    """The documents, compiled as they are needed, and what did not agree with them."""

    def __init__(self) -> None:
        self.rows = {row.id: row for row in OPERATIONS}
        self.http: dict[str, Any] = json.loads(
            json.dumps(openapi.document(OPERATIONS, title="Offhook", version="0"))
        )
        self.sockets: dict[str, Any] = json.loads(
            json.dumps(asyncapi.document(Dialect, title="Offhook", version="0"))
        )
        self.installed = False
        self.complaints: list[str] = []
        self.seen: set[str] = set()
        """The operations with their statuses, and the event types, that have been judged."""

    def taken(self) -> list[str]:
        """What did not agree since it was asked for last."""
        complaints, self.complaints = self.complaints, []
        return complaints

    def answered(self, resolved: Resolved, answer: Answer) -> None:
        """An operation of the table has answered, or the mock has refused what is none."""
        if not isinstance(answer, Response):
            return
        operation = resolved.operation
        if operation is None or answer.status == BROKEN:
            if answer.status >= FIRST_ERROR and resolved.request.method != "HEAD":
                self.refused(answer.status, answer.body)
            return
        if self.rows.get(operation.id) is not operation:
            return  # A stub, a shape or a test's own row: the document does not speak of it.
        name = f"{operation.id} {answer.status}"
        self.seen.add(name)
        if resolved.request.method == "HEAD":
            return
        declared = self.http["paths"][operation.path][operation.method.lower()]["responses"]
        response = declared.get(str(answer.status))
        if response is None:
            self.complaints.append(f"{name} is not declared")
            return
        self._body(name, response.get("content", {}), answer)

    def _body(self, name: str, content: dict[str, Any], answer: Response) -> None:
        if not content:
            if answer.body:
                self.complaints.append(f"{name} has a body, and none is declared")
            return
        kinds = {key.lower(): value for key, value in answer.headers}
        kind = kinds.get("content-type", "").partition(";")[0]
        if kind not in content:
            self.complaints.append(f"{name} is {kind!r}, declared are {sorted(content)}")
        elif kind == JSON:
            self._judge(name, _validator(_pack(content[kind]["schema"]), self._parts), answer.body)

    def refused(self, status: int, body: bytes) -> None:
        """What was no operation, or no HTTP at all, was refused."""
        self.seen.add(f"refusal {status}")
        error = _pack({"$ref": "#/components/schemas/ErrorBody"})
        self._judge(f"a refusal {status}", _validator(error, self._parts), body)

    def told(self, event: Event, frame: bytes) -> None:
        """An event has become a frame."""
        if isinstance(event, Pushed):
            return  # Control's own object, as it is.
        name = notifications.event_type(event)
        self.seen.add(name)
        message = self.sockets["components"]["messages"].get(name)
        if message is None:
            self.complaints.append(f"the event {name} is not declared")
            return
        self._judge(name, _validator(_pack(message["payload"]), self._frames), frame)

    def _judge(self, name: str, validator: jsonschema_rs.Validator, body: bytes) -> None:
        try:
            value = json.loads(body)
        except ValueError as error:
            self.complaints.append(f"{name} is not JSON: {error}")
            return
        self.complaints += [
            f"{name} at {error.instance_path}: {error.message[:300]}"
            for error in validator.iter_errors(value)
        ]

    @functools.cached_property
    def _parts(self) -> bytes:
        return _pack(self.http["components"])

    @functools.cached_property
    def _frames(self) -> bytes:
        return _pack(self.sockets["components"])


def _pack(value: object) -> bytes:
    return PLAIN_JSON.encode(value)


@functools.cache
def _validator(schema: bytes, components: bytes) -> jsonschema_rs.Validator:
    """Compiled once for each schema: 10 µs a body afterwards."""
    whole = {**json.loads(schema), "components": json.loads(components)}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


WATCH = Watch()


def install() -> None:
    """Put the watch where answers and frames are made. Before any test imports these names."""
    if WATCH.installed:
        return
    apply, encode, not_http = applying.apply, notifications.encode, HttpShell.not_http

    @functools.wraps(apply)
    def watched_apply(tenancy: Tenancy, resolved: Resolved, *, now: float) -> Answer:
        answer = apply(tenancy, resolved, now=now)
        if isinstance(answer, Advance):
            return _watched_advance(resolved, answer)
        WATCH.answered(resolved, answer)
        return answer

    @functools.wraps(encode)
    def watched_encode(event: Event) -> bytes:
        frame = encode(event)
        WATCH.told(event, frame)
        return frame

    @functools.wraps(not_http)
    def watched_not_http(self: HttpShell, status: int, problem: str) -> web.Response:
        answer = not_http(self, status, problem)
        assert isinstance(answer.body, bytes)
        WATCH.refused(status, answer.body)
        return answer

    for module in (applying, http):
        setattr(module, "apply", watched_apply)  # noqa: B010 - mypy knows no assignment to a module.
    for module in (notifications, delivery):
        setattr(module, "encode", watched_encode)  # noqa: B010 - as above.
    setattr(HttpShell, "not_http", watched_not_http)  # noqa: B010 - as above, of a method.
    WATCH.installed = True


def _watched_advance(resolved: Resolved, advance: Advance) -> Advance:
    then: Callable[[], Response] = advance.then

    def watched() -> Response:
        answer = then()
        WATCH.answered(resolved, answer)
        return answer

    return Advance(seconds=advance.seconds, then=watched)
